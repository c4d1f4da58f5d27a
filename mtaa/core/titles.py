"""What a person reads where the data has a name."""

TITLES: dict[str, str] = {
    "fgsm": "FGSM",
    "pgd": "PGD",
    "cw": "C&W",
    "clean": "clean",
    "none": "none",
    "inception_v3": "InceptionV3",
    "resnet18": "ResNet18",
    "resnet50": "ResNet50",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "tiny_a": "Tiny A",
    "tiny_b": "Tiny B",
}


def title(name: str) -> str:
    """The title of an attack or a victim; the name itself where it has none."""
    return TITLES.get(name, name)

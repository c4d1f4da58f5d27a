"""How stored names are written for people. Registries know only what this process imports; a card may name more."""

TITLES: dict[str, str] = {
    "fgsm": "FGSM",
    "pgd": "PGD",
    "cw": "C&W",
    "bim": "BIM",
    "mi_fgsm": "MI-FGSM",
    "apgd": "APGD",
    "square": "Square",
    "pgd_l2": "PGD-L2",
    "deepfool": "DeepFool",
    "noise": "sensor noise",
    "jpeg": "JPEG",
    "webp": "lossy WebP",
    "depth": "fewer bits",
    "blur": "blur",
    "resize": "resize",
    "brightness": "brightness",
    "clean": "clean",
    "none": "none",
    "inception_v3": "InceptionV3",
    "resnet18": "ResNet18",
    "resnet50": "ResNet50",
    "resnet101": "ResNet101",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "tiny_a": "Tiny A",
    "tiny_b": "Tiny B",
    "cnn11": "CNN of 11 layers",
    "forensic": "Forensic",
    "mtaa_float32": "mtaa, float32",
    "mtaa_bfloat16": "mtaa, bfloat16",
    "cleverhans": "CleverHans",
    "torchattacks": "torchattacks",
    "foolbox": "foolbox",
    "foolbox_all_steps": "foolbox, all steps",
    "art": "ART",
}


def title(name: str) -> str:
    """The title of an attack, victim, backbone or toolbox; a name that has none is its own."""
    return TITLES.get(name, name)

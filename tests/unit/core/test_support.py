"""An attack or a source model is named as narrowly as its probabilities bear, and no further."""

import pytest

from mtaa.core.hierarchy import OF_ATTACKS, OF_VICTIMS, family
from mtaa.core.support import supported


@pytest.mark.parametrize(
    ("probabilities", "level", "title", "probability", "members"),
    [
        ({"vgg16": 0.9, "vgg19": 0.1}, "model", "VGG16", 0.9, ["vgg16"]),
        ({"vgg16": 0.5, "vgg19": 0.45, "resnet18": 0.05}, "family", "VGG family", 0.95, ["vgg16", "vgg19"]),
        ({"vgg16": 0.02, "vgg19": 0.88, "resnet18": 0.1}, "family", "VGG family", 0.9, ["vgg19"]),
        ({"resnet18": 0.45, "vgg16": 0.3, "vgg19": 0.25}, "none", "ResNet18", 0.45, ["resnet18", "vgg16"]),
        ({"mine": 0.6, "vgg16": 0.4}, "none", "mine", 0.6, ["mine", "vgg16"]),
        ({"mine": 1.0}, "model", "mine", 1.0, ["mine"]),
    ],
)
def test_the_narrowest_name_that_is_sure(
    probabilities: dict[str, float], level: str, title: str, probability: float, members: list[str]
) -> None:
    said = supported(probabilities, OF_VICTIMS)
    assert (said.level, said.title, said.members) == (level, title, members)
    assert said.probability == pytest.approx(probability)


def test_a_family_may_be_surer_than_its_likeliest_member() -> None:
    """The likeliest model of all is a ResNet, and the likeliest family is VGG."""
    said = supported({"resnet18": 0.08, "vgg16": 0.47, "vgg19": 0.45}, OF_VICTIMS)
    assert (said.level, said.title) == ("family", "VGG family")


@pytest.mark.parametrize(
    ("probabilities", "level", "title", "members"),
    [
        ({"pgd": 0.95, "bim": 0.05}, "attack", "PGD", ["pgd"]),
        ({"pgd": 0.55, "bim": 0.41, "cw": 0.04}, "kind", "iterated L∞ attack", ["pgd", "bim"]),
        ({"pgd": 0.5, "fgsm": 0.45, "clean": 0.05}, "norm", "L∞ attack", ["pgd", "fgsm"]),
        ({"cw": 0.5, "pgd_l2": 0.45, "fgsm": 0.05}, "norm", "L2 attack", ["cw", "pgd_l2"]),
        ({"cw": 0.5, "fgsm": 0.3, "clean": 0.2}, "none", "C&W", ["cw", "fgsm"]),
        ({"art:Zoo": 0.6, "pgd": 0.4}, "none", "art:Zoo", ["art:Zoo", "pgd"]),
    ],
)
def test_an_attack_backs_off_to_its_kind_and_then_to_its_norm(
    probabilities: dict[str, float], level: str, title: str, members: list[str]
) -> None:
    said = supported(probabilities, OF_ATTACKS)
    assert (said.level, said.title, said.members) == (level, title, members)


def test_what_belongs_to_no_family_is_its_own() -> None:
    assert (family("resnet50"), family("tiny_a"), family("my-net")) == ("ResNet family", "Tiny A", "my-net")

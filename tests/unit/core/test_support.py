"""A source model is named as narrowly as its probabilities bear, and no further."""

import pytest

from mtaa.core.support import family, supported


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
    said = supported(probabilities)
    assert (said.level, said.title, said.members) == (level, title, members)
    assert said.probability == pytest.approx(probability)


def test_a_family_may_be_surer_than_its_likeliest_member() -> None:
    """The likeliest model of all is a ResNet, and the likeliest family is VGG."""
    said = supported({"resnet18": 0.08, "vgg16": 0.47, "vgg19": 0.45})
    assert (said.level, said.title) == ("family", "VGG family")


def test_what_belongs_to_no_family_is_its_own() -> None:
    assert (family("resnet50"), family("tiny_a"), family("my-net")) == ("ResNet", "Tiny A", "my-net")

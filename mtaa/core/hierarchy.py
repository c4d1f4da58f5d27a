"""What kind of attack an attack is, and of which family an architecture: the levels a verdict may back off to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mtaa.core.titles import title

Way = Literal["one-step", "iterated", "optimised"]
Norm = Literal["L∞", "L2"]
LevelName = Literal["attack", "kind", "norm", "model", "family", "none"]

# How each attack searches, and in which norm it keeps or counts the change. `optimised` looks for the smallest change
# that does what is asked; the others go as far as a given ε lets them. Clean images are of no kind but their own.
KINDS: dict[str, tuple[Way, Norm]] = {
    "fgsm": ("one-step", "L∞"),
    "bim": ("iterated", "L∞"),
    "pgd": ("iterated", "L∞"),
    "mi_fgsm": ("iterated", "L∞"),
    "apgd": ("iterated", "L∞"),
    "square": ("iterated", "L∞"),  # by the victim's scores alone, without its gradient
    "pgd_l2": ("iterated", "L2"),
    "cw": ("optimised", "L2"),
    "deepfool": ("optimised", "L2"),
}
FAMILIES: dict[str, tuple[str, ...]] = {
    "ResNet": ("resnet18", "resnet50", "resnet101"),
    "VGG": ("vgg16", "vgg19"),
    "Inception": ("inception_v3",),
}


@dataclass(frozen=True)
class Level:
    """One level of a hierarchy: `group` says to which group of it a name belongs, and how that group is called."""

    name: LevelName
    group: Callable[[str], str]


def kind(attack: str) -> str:
    """`iterated L∞ attack`; an attack that is not in the table is its own kind."""
    return " ".join((*KINDS[attack], "attack")) if attack in KINDS else title(attack)


def norm(attack: str) -> str:
    """`L∞ attack`; an attack that is not in the table is its own."""
    return f"{KINDS[attack][1]} attack" if attack in KINDS else title(attack)


def family(victim: str) -> str:
    """`VGG family`; an architecture that belongs to none is its own."""
    return next((f"{name} family" for name, members in FAMILIES.items() if victim in members), title(victim))


# Narrowest first.
OF_ATTACKS = (Level("attack", title), Level("kind", kind), Level("norm", norm))
OF_VICTIMS = (Level("model", title), Level("family", family))

"""Which name of a source model its probabilities support: the model itself, its family of architectures, or none."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from mtaa.core.titles import title

NAMED = 0.9  # what is named has at least this probability
FAMILIES: dict[str, tuple[str, ...]] = {
    "ResNet": ("resnet18", "resnet50", "resnet101"),
    "VGG": ("vgg16", "vgg19"),
    "Inception": ("inception_v3",),
}


class Support(BaseModel):
    """`title` and `probability` of what is named at `level`; where it is none, of the likeliest model all the same.

    `members`: stored names of the models that it may be, likeliest first, together as probable as what is named.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["model", "family", "none"]
    title: str
    probability: float
    members: list[str]


def family(victim: str) -> str:
    """The family of an architecture; one that belongs to none is its own."""
    return next((name for name, members in FAMILIES.items() if victim in members), title(victim))


def supported(probabilities: dict[str, float]) -> Support:
    """The narrowest name that reaches `NAMED`, from the probabilities of each victim, which sum to 1."""
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    best = ranked[0]
    if probabilities[best] >= NAMED:
        return Support(level="model", title=title(best), probability=probabilities[best], members=[best])
    kin: dict[str, list[str]] = {}
    for name in ranked:
        kin.setdefault(family(name), []).append(name)
    shares = {name: sum(probabilities[one] for one in members) for name, members in kin.items()}
    likeliest = max(shares, key=lambda name: shares[name])
    if shares[likeliest] >= NAMED:
        members = [name for name in kin[likeliest] if probabilities[name] >= (1 - NAMED) / 2]
        return Support(level="family", title=f"{likeliest} family", probability=shares[likeliest], members=members)
    return Support(level="none", title=title(best), probability=probabilities[best], members=ranked[:2])

"""Attacks with their truth recorded: each example knows how strong it really is."""

from mtaa.attacks import (  # noqa: F401  (registers the attacks)
    apgd,
    bim,
    cw,
    deepfool,
    fgsm,
    from_art,
    from_foolbox,
    mi_fgsm,
    pgd,
    pgd_l2,
    square,
)
from mtaa.attacks.base import ATTACKS, Attack, Crafted, build
from mtaa.attacks.oracle import Oracle
from mtaa.attacks.outcome import Outcome, round_to_bytes

__all__ = ["ATTACKS", "Attack", "Crafted", "Oracle", "Outcome", "build", "round_to_bytes"]

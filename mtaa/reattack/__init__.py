"""Counter-check of a verdict: run what it claims, and see whether the same perturbation comes out."""

from mtaa.reattack.check import Reattacker

__all__ = ["Reattacker"]

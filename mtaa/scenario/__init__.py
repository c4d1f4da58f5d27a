"""The attribution scenario of Table 1 as one validated record. Free of torch."""

from mtaa.scenario.presets import load, names, of_checkpoint
from mtaa.scenario.record import AttackSpec, CellCounts, Grid, ImagesSpec, Scenario

__all__ = ["AttackSpec", "CellCounts", "Grid", "ImagesSpec", "Scenario", "load", "names", "of_checkpoint"]

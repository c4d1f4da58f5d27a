"""From a checkpoint and image bytes to verdicts."""

from mtaa.attribution.attributor import Attributor

__all__ = ["Attributor"]

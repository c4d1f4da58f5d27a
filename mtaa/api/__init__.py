"""The only door for the app. Light at import: torch is loaded when the first verdict is asked for."""

from mtaa.api.catalogue import Card, Sample, card, checkpoint_names, read_sample, samples
from mtaa.api.pictures import pixels
from mtaa.api.signatures import (
    Atlas,
    Figures,
    Head,
    Method,
    Neighbours,
    Placed,
    atlas,
    known_pixels,
    map_name,
    open_placer,
    position,
)
from mtaa.api.verdicts import Derived, Inferred, Intensity, Observed, Ranking, Refusal, Verdict, open_attributor
from mtaa.core.errors import MtaaError
from mtaa.core.titles import title
from mtaa.core.wording import SUFFIXES, interval, percent, size

__all__ = [
    "SUFFIXES",
    "Atlas",
    "Card",
    "Derived",
    "Figures",
    "Head",
    "Inferred",
    "Intensity",
    "Method",
    "MtaaError",
    "Neighbours",
    "Observed",
    "Placed",
    "Ranking",
    "Refusal",
    "Sample",
    "Verdict",
    "atlas",
    "card",
    "checkpoint_names",
    "interval",
    "known_pixels",
    "map_name",
    "open_attributor",
    "open_placer",
    "percent",
    "pixels",
    "position",
    "read_sample",
    "samples",
    "size",
    "title",
]

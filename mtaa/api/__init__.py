"""The only door for the app. Light at import: torch is loaded when the first verdict is asked for."""

from mtaa.api.catalogue import Card, Sample, card, checkpoint_names, read_sample, samples
from mtaa.api.pictures import pixels
from mtaa.api.verdicts import Derived, Inferred, Intensity, Observed, Ranking, Refusal, Verdict, open_attributor
from mtaa.core.errors import MtaaError
from mtaa.core.titles import title
from mtaa.core.wording import SUFFIXES, interval, percent, size

__all__ = [
    "SUFFIXES",
    "Card",
    "Derived",
    "Inferred",
    "Intensity",
    "MtaaError",
    "Observed",
    "Ranking",
    "Refusal",
    "Sample",
    "Verdict",
    "card",
    "checkpoint_names",
    "interval",
    "open_attributor",
    "percent",
    "pixels",
    "read_sample",
    "samples",
    "size",
    "title",
]

"""The only door for the app. Light at import: torch is loaded when the first verdict is asked for."""

from mtaa.api.catalogue import Card, Sample, card, checkpoint_names, read_sample, samples
from mtaa.api.verdicts import Refusal, Verdict, open_attributor
from mtaa.core.errors import MtaaError
from mtaa.core.titles import title

__all__ = [
    "Card",
    "MtaaError",
    "Refusal",
    "Sample",
    "Verdict",
    "card",
    "checkpoint_names",
    "open_attributor",
    "read_sample",
    "samples",
    "title",
]

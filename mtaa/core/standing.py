"""Whether who made an image is known: the four answers that an open set leaves, and when none of them is given."""

from mtaa.core.strange import doubts
from mtaa.core.verdict import Inferred, Standing, Strangeness

WORDS: dict[Standing, str] = {
    "known": "a known tool-chain",
    "family": "a known kind of tool-chain",
    "unknown": "an unknown tool-chain",
    "nothing": "nothing adversarial",
}


def standing(inferred: Inferred, strange: Strangeness | None) -> Standing | None:
    """What is said of an image that can be attributed; None where it is undecided.

    What lies far from everything known is unknown, whatever the network takes it for; `strange` is None where that is
    not known, or where a change that was found in the image may be the reason. `known` needs attack and source
    model by name; `family` that one of them is narrowed down to its kind at least.
    """
    if strange is not None and doubts(strange):
        return "unknown"
    if inferred.conclusion == "clean":
        return "nothing"
    if inferred.conclusion == "inconclusive" or inferred.kind is None or inferred.source is None:
        return None
    levels = (inferred.kind.level, inferred.source.level)
    if levels == ("attack", "model"):
        return "known"
    return None if levels == ("none", "none") else "family"

"""What is said of an image that lies far from everything a checkpoint knows. Free of numpy."""

from mtaa.core.verdict import Strangeness
from mtaa.core.wording import percent

UNUSUAL = 0.98  # so many known examples lie nearer: of a hundred known images two are called unusual too


def doubts(found: Strangeness, is_changed: bool = False) -> list[str]:
    """Sentences, one for each task that the image is unusual to; none where it lies among the known.

    is_changed: it was found to be saved with losses, or the like, which may be all that is strange in it.
    """
    said, end = [], ", or the change found in it is what is strange." if is_changed else "."
    if found.attack >= UNUSUAL:
        said.append(
            f"{_farther(found.attack)} by what the attack leaves: it may be of an attack, or a kind of picture, that "
            f"this checkpoint does not know{end}"
        )
    if found.victim is not None and found.victim >= UNUSUAL:
        said.append(
            f"{_farther(found.victim)} by what the source model leaves: it may be a model that this checkpoint does "
            f"not know{end}"
        )
    return said


def _farther(share: float) -> str:
    return f"It lies farther from the known examples than {percent(share)} of those named alike,"

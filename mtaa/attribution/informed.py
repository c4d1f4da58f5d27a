"""What a clean original adds to a verdict, and whether it can be the original at all."""

from mtaa.attribution.conclude import said
from mtaa.core.card import Card
from mtaa.core.verdict import Inferred, Reference
from mtaa.core.wording import size

SLACK = 4  # half-widths of the intensity's interval by which the true difference may exceed it
ALIKE = 0.6  # an image and its original correlate at least so well where no bound on the difference is known


def informed(card: Card, inferred: Inferred, reference: Reference) -> Inferred | None:
    """The verdict with ε = max |x' − x| instead of an estimate, for attacks that keep to a largest difference.

    None where the original adds nothing that is certain, or can't be the original. After rounding to 8 bits the true ε
    is less than one grey level above this value, and only more where no pixel had room for it.
    """
    strength = inferred.hyperparameter
    if strength is None or strength.unit != "1/255" or doubts(card, inferred, reference):
        return None
    exact = strength.model_copy(
        update={"value": float(reference.linf), "low": float(reference.linf), "high": float(reference.linf), "level": 1}
    )
    ends = {"low": exact.low, "high": exact.high}
    coverage = [one.model_copy(update=ends) for one in inferred.coverage]
    sharper = inferred.model_copy(update={"hyperparameter": exact, "coverage": coverage})
    return sharper.model_copy(update={"sentence": said(sharper)})


def doubts(card: Card, inferred: Inferred, reference: Reference) -> list[str]:
    """Why the reference can hardly be the clean original, in sentences; none where nothing speaks against it.

    A large ε drowns the original, so that it tells nothing where the two fit best; the largest difference does.
    """
    strength = inferred.hyperparameter
    if strength is None:
        if reference.linf == 0:
            return []
        return [
            f"The reference differs from the image by up to {reference.linf}/255, though no attack was found: it is "
            "another picture, or the image was changed in a way this checkpoint does not know."
        ]
    if strength.unit == "1/255":
        if reference.linf > strength.value + SLACK * (strength.high - strength.value):
            return [
                f"The reference differs from the image by up to {reference.linf}/255, far more than the attack found "
                f"({size(strength)}) can have added: it is another picture, or its original was changed otherwise."
            ]
        return []
    if reference.shift is not None and reference.shift != (0, 0):
        down, right = reference.shift
        return [
            f"The reference fits the image best when it is moved by {_pixels(down, 'down', 'up')} and "
            f"{_pixels(right, 'to the right', 'to the left')}: it is not its original as it was."
        ]
    if reference.correlation is not None and reference.correlation < ALIKE:
        return [
            f"The reference is hardly like the image (correlation {reference.correlation:.2f}), and the attack found "
            "changes little: it is another picture."
        ]
    return []


def _pixels(count: int, forward: str, back: str) -> str:
    return f"{abs(count)} pixel{'' if abs(count) == 1 else 's'} {forward if count >= 0 else back}"

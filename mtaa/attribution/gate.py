"""Before any name: can this image still show who made it? Answered by what the checkpoint was measured to survive."""

from typing import Literal

from mtaa.core.survival import Survival, Survived
from mtaa.core.verdict import Attributability, Ground, Observed
from mtaa.core.wording import percent
from mtaa.images import history
from mtaa.images.intake import Container, Intake

Answer = Literal["attributable", "weakened", "destroyed"]
ORDER: tuple[Answer, ...] = ("attributable", "weakened", "destroyed")
RELIABLE = 0.9  # a name may be given where the attack is right at least so often after such a change
FOUND = 0.2  # the mildest change that leaves this share of images without fine detail speaks for all that do


def judge(survival: Survival, taken: Intake, ghost: tuple[int, float]) -> Attributability:
    """The grounds found in the file and in its pixels, whose JPEG `ghost` is a quality and its ratio.

    What noise or a mild blur did is not noticed: `mtaa experiment survival` measures how often each mark is found.
    """
    grounds = [_of_file(survival, taken.observed, taken.container)]
    (quality, ratio), fine = ghost, history.fine_share(taken.pixels)
    levels, enough = history.narrow_levels(taken.pixels), survival.marks.narrow_levels
    if not taken.container.is_lossy and ratio < survival.marks.jpeg_ghost:
        said = f"The pixels were compressed as JPEG before, at a quality of about {quality}"
        grounds.append(_ground("DERIVED", said, survival, survival.after("jpeg", quality)))
    if not taken.container.is_lossy and enough is not None and levels > enough:
        said = f"The pixels take {levels} grey levels, none of them one of the 33 that lossy WebP and video leave out"
        grounds.append(_ground("DERIVED", said, survival, survival.after("webp")))
    bits = history.bit_depth(taken.pixels)
    if bits < 8:
        said = f"The pixels take only grey levels that {bits} bits a value leave"
        grounds.append(_ground("DERIVED", said, survival, survival.after("depth", bits)))
    if fine < survival.marks.fine_share:
        said = f"Only {percent(fine)} of the image's variance is in fine detail, as after a blur or a change of size"
        grounds.append(_ground("DERIVED", said, survival, _mildest_smooth(survival)))
    measures = {"jpeg_ghost": round(ratio, 4), "fine_share": round(fine, 4), "narrow_levels": levels, "bit_depth": bits}
    worst = max(grounds, key=lambda ground: ORDER.index(ground.answer))
    return Attributability(answer=worst.answer, grounds=grounds, measures=measures)


def warnings(found: Attributability) -> list[str]:
    """What there is to warn of, in sentences."""
    return [ground.says for ground in found.grounds if ground.answer != "attributable"]


def _of_file(survival: Survival, observed: Observed, container: Container) -> Ground:
    if not container.is_lossy:
        return Ground(
            kind="OBSERVED", says=f"{observed.format} keeps every pixel as it was saved.", answer="attributable"
        )
    if container.quality is not None:
        said = f"The file is {observed.format} of quality {container.quality}"
        return _ground("OBSERVED", said, survival, survival.after("jpeg", container.quality))
    known = survival.after("webp" if observed.format == "WEBP" else "jpeg")
    return _ground("OBSERVED", f"The file is {observed.format}, compressed with losses", survival, known)


def _ground(kind: Literal["OBSERVED", "DERIVED"], said: str, survival: Survival, after: Survived | None) -> Ground:
    if after is None:
        return Ground(kind=kind, says=f"{said}; what that leaves was never measured.", answer="destroyed")
    answer = _answer(survival.unchanged, after)
    figures = (
        f"{said}; after such a change the attack is named right in {after.attack:.1%} of test images "
        f"(unchanged {survival.unchanged.attack:.1%}), the source model in {after.victim:.1%} "
        f"({survival.unchanged.victim:.1%}){_alarms(survival.unchanged, after)}."
    )
    return Ground(kind=kind, says=figures, answer=answer)


def _alarms(unchanged: Survived, after: Survived) -> str:
    """Where a change brings false alarms, how many."""
    if after.false_alarms is None or after.false_alarms <= 2 * (unchanged.false_alarms or 0) + 0.01:
        return ""
    return f", and {after.false_alarms:.1%} of clean images are called attacked ({unchanged.false_alarms or 0:.1%})"


def _answer(unchanged: Survived, after: Survived) -> Answer:
    if after.attack_high >= unchanged.attack_low and after.victim_high >= unchanged.victim_low:
        return "attributable"
    return "weakened" if after.attack_low >= RELIABLE else "destroyed"


def _mildest_smooth(survival: Survival) -> Survived | None:
    found = [row for row in survival.changed if row.smooth >= FOUND]
    return max(found, key=lambda row: row.attack, default=None)

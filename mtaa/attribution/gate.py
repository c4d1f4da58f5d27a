"""Before any name: can this image still show who made it? Answered by what the checkpoint was measured to survive."""

from collections.abc import Iterator
from typing import Literal

from mtaa.core.survival import Survival, Survived
from mtaa.core.verdict import Attributability, Ground, Observed
from mtaa.core.wording import percent
from mtaa.images import history, jpegs
from mtaa.images.intake import Container, Intake
from mtaa.images.jpegs import Ghosts

Answer = Literal["attributable", "weakened", "destroyed"]
ORDER: tuple[Answer, ...] = ("attributable", "weakened", "destroyed")
RELIABLE = 0.9  # a name may be given where the attack is right at least so often after such a change


def judge(survival: Survival, taken: Intake) -> Attributability:
    """The grounds found in the file and in its pixels.

    What noise or a mild blur did is not noticed: `mtaa experiment survival` measures how often each mark is found.
    """
    found, fine = jpegs.ghosts(taken.pixels), history.fine_share(taken.pixels)
    levels, bits = history.narrow_levels(taken.pixels), history.bit_depth(taken.pixels)
    grounds = [_of_file(survival, taken.observed, taken.container), *_of_jpeg(survival, taken.container, found)]
    enough = survival.marks.narrow_levels
    if not taken.container.is_lossy and enough is not None and levels > enough:
        said = f"The pixels take {levels} grey levels, none of them one of the 33 that lossy WebP and video leave out"
        grounds.append(_ground("DERIVED", said, survival, survival.after("webp")))
    if bits < 8:
        said = f"The pixels take only grey levels that {bits} bits a value leave"
        grounds.append(_ground("DERIVED", said, survival, survival.after("depth", bits)))
    if fine < survival.marks.fine_share:
        said = f"Only {percent(fine)} of the image's variance is in fine detail, as after a blur or a change of size"
        grounds.append(_ground("DERIVED", said, survival, survival.smooth(fine)))
    measures = {"jpeg_ghost": round(found.clearest.ratio, 4)}
    if found.displaced is not None:
        measures["jpeg_displaced"] = round(found.displaced.ratio, 4)
    measures |= {"fine_share": round(fine, 4), "narrow_levels": levels, "bit_depth": bits}
    worst = max(grounds, key=lambda ground: ORDER.index(ground.answer))
    return Attributability(answer=worst.answer, grounds=grounds, measures=measures)


def _of_jpeg(survival: Survival, container: Container, found: Ghosts) -> Iterator[Ground]:
    """What ghosts tell: that the pixels were JPEG, before that another time, and as part of a larger image."""
    ghost, marks, last = found.clearest, survival.marks, container.quality
    if not container.is_lossy and ghost.ratio < marks.jpeg_ghost:
        last = ghost.quality
        said = f"The pixels were compressed as JPEG before, at a quality of about {ghost.quality}"
        yield _ground("DERIVED", said, survival, survival.after("jpeg", ghost.quality))
    earlier = None if last is None else found.earlier(last)
    if earlier is not None and earlier.ratio < marks.jpeg_ghost:
        said = f"The pixels were compressed as JPEG before that, at a quality of about {earlier.quality}"
        yield _ground("DERIVED", said, survival, _jpeg(survival, "jpeg_twice", earlier.quality))
    crop = found.displaced
    if crop is not None and marks.jpeg_displaced is not None and crop.ratio < marks.jpeg_displaced:
        said = (
            f"The pixels were compressed as JPEG in a larger image, at a quality of about {crop.quality}, before this "
            f"part was cut out: blocks begin {crop.row} pixels down and {crop.column} across"
        )
        yield _ground("DERIVED", said, survival, _jpeg(survival, "jpeg_cropped", crop.quality))


def _jpeg(survival: Survival, change: str, quality: int) -> Survived | None:
    """The figures after JPEG in such a way; where that was not measured at a quality so low, after JPEG at all."""
    return survival.after(change, quality) or survival.after("jpeg", quality)


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

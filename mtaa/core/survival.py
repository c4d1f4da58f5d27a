"""What a checkpoint still reads of a signature after an image was changed, and by which marks such a change shows."""

from math import log

from pydantic import BaseModel, ConfigDict

SEEN = 0.2  # a change that leaves so many images without fine detail speaks for those that have none
LEAST = 1e-9


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Survived(_Record):
    """Accuracy on test examples after `change` at `strength`: of the attack, clean images included, and of the victim
    on adversarial ones; with their 95 % intervals. `smooth`: the share of those images that lack fine detail, and
    `fine_share` their median of it; `false_alarms`: that of clean images which are called attacked. None where it was
    not kept or there are none."""

    change: str
    strength: float
    attack: float
    attack_low: float
    attack_high: float
    victim: float
    victim_low: float
    victim_high: float
    smooth: float
    fine_share: float | None = None
    false_alarms: float | None = None


class Marks(_Record):
    """Below these values, but above `narrow_levels`, an image is said to carry the mark (`mtaa.images.history` and
    `mtaa.images.jpegs`), and how often that is a false alarm on unchanged test examples that had no part in choosing
    the values. A mark that is None was not known yet when they were chosen."""

    jpeg_ghost: float
    fine_share: float
    jpeg_ghost_false_alarms: float
    fine_share_false_alarms: float
    narrow_levels: int | None = None
    narrow_levels_false_alarms: float | None = None
    bit_depth_false_alarms: float | None = None
    jpeg_displaced: float | None = None
    jpeg_displaced_false_alarms: float | None = None


class Survival(_Record):
    """`unchanged` is the accuracy to compare with. `weights_sha256`: of the network that was measured."""

    weights_sha256: str
    test_sha256: str
    unchanged: Survived
    changed: list[Survived]
    marks: Marks

    def after(self, change: str, strength: float | None = None) -> Survived | None:
        """The figures after a change: at the measured strength next below; where the strength is not known, the worst.

        Strengths of JPEG and WebP are qualities and those of depth bits, so that below is worse, which is the careful
        side. None where the change was not measured, or at no strength so low.
        """
        known = sorted((row for row in self.changed if row.change == change), key=lambda row: row.strength)
        if strength is None:
            return min(known, key=lambda row: row.attack, default=None)
        return next((row for row in reversed(known) if row.strength <= strength), None)

    def smooth(self, fine_share: float) -> Survived | None:
        """The figures after that change whose images have about such a share of fine detail, of those that are seen by
        it. None where that was not kept."""
        seen = [row for row in self.changed if row.smooth >= SEEN and row.fine_share]
        return min(seen, key=lambda row: abs(log(max(fine_share, LEAST) / (row.fine_share or LEAST))), default=None)

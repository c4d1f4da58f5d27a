"""What a checkpoint still reads of a signature after an image was changed, and by which marks such a change shows."""

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Survived(_Record):
    """Accuracy on test examples after `change` at `strength`: of the attack, clean images included, and of the victim
    on adversarial ones; with their 95 % intervals. `smooth`: the share of those images that lack fine detail;
    `false_alarms`: that of clean images which are called attacked, None where there are none or it was not kept."""

    change: str
    strength: float
    attack: float
    attack_low: float
    attack_high: float
    victim: float
    victim_low: float
    victim_high: float
    smooth: float
    false_alarms: float | None = None


class Marks(_Record):
    """Below these values, but above `narrow_levels`, an image is said to carry the mark (`mtaa.images.history`), and
    how often that is a false alarm on unchanged test examples that had no part in choosing the values. A mark that is
    None was not known yet when they were chosen."""

    jpeg_ghost: float
    fine_share: float
    jpeg_ghost_false_alarms: float
    fine_share_false_alarms: float
    narrow_levels: int | None = None
    narrow_levels_false_alarms: float | None = None
    bit_depth_false_alarms: float | None = None


class Survival(_Record):
    """`unchanged` is the accuracy to compare with. `weights_sha256`: of the network that was measured."""

    weights_sha256: str
    test_sha256: str
    unchanged: Survived
    changed: list[Survived]
    marks: Marks

    def after(self, change: str, strength: float | None = None) -> Survived | None:
        """The figures after a change: at the measured strength next below, at the mildest where that is not known.

        Strengths of JPEG and WebP are qualities, so that below is worse, which is the careful side; where none is
        below, the lowest. None where the change was not measured.
        """
        known = sorted((row for row in self.changed if row.change == change), key=lambda row: row.strength)
        if not known:
            return None
        if strength is None:
            return max(known, key=lambda row: row.attack)
        return next((row for row in reversed(known) if row.strength <= strength), known[0])

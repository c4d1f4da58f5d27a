"""Which measured change speaks for one that was not measured."""

from tests.unit.attribution.test_gate import SURVIVAL


def test_the_next_worse_strength_counts_and_the_worst_where_it_is_unknown() -> None:
    def attack(change: str, strength: float | None = None) -> float | None:
        row = SURVIVAL.after(change, strength)
        return None if row is None else row.attack

    assert attack("jpeg", 95) == 0.3
    assert attack("jpeg", 99) == 0.3
    assert attack("jpeg", 60) == 0.2
    assert attack("jpeg", 20) is None
    assert attack("jpeg") == 0.2
    assert attack("sharpening") is None


def test_a_smooth_image_counts_as_what_leaves_images_about_as_smooth() -> None:
    def change(share: float) -> tuple[str, float] | None:
        row = SURVIVAL.smooth(share)
        return None if row is None else (row.change, row.strength)

    assert change(0.03) == change(0.007) == ("resize", 50)
    assert change(0.0005) == change(0) == ("blur", 1)  # never the milder one, which is seldom seen by this
    older = [row.model_copy(update={"fine_share": None}) for row in SURVIVAL.changed]
    assert SURVIVAL.model_copy(update={"changed": older}).smooth(0.01) is None

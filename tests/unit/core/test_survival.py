"""Which measured change speaks for one that was not measured."""

from tests.unit.attribution.test_gate import SURVIVAL


def test_the_next_worse_strength_counts_and_the_mildest_where_it_is_unknown() -> None:
    def attack(change: str, strength: float | None = None) -> float | None:
        row = SURVIVAL.after(change, strength)
        return None if row is None else row.attack

    assert attack("jpeg", 95) == 0.3
    assert attack("jpeg", 99) == 0.3
    assert attack("jpeg", 60) == 0.2
    assert attack("jpeg", 20) == 0.2
    assert attack("jpeg") == 0.96
    assert attack("sharpening") is None

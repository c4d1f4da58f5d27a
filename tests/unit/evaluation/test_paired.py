from math import sqrt

import numpy as np
import pytest

from mtaa.evaluation import paired


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_shares_against_the_formula_by_hand() -> None:
    # 50 examples: 36 right both times, 9 only the first, 2 only the second, 3 never.
    first = np.array([True] * 45 + [False] * 5)
    second = np.array([True] * 36 + [False] * 9 + [True] * 2 + [False] * 3)
    found = paired.of_shares(first, second)
    assert found.value == pytest.approx(-7 / 50)
    lost, gained, total = 9.5, 2.5, 52
    centre = (gained - lost) / total
    spread = 1.959964 * sqrt((gained + lost) - (gained - lost) ** 2 / total) / total
    assert found[1:] == pytest.approx((centre - spread, centre + spread))


def test_shares_that_never_differ_leave_a_doubt_that_shrinks() -> None:
    same = np.ones(200, bool)
    few, many = paired.of_shares(same[:20], same[:20]), paired.of_shares(same, same)
    assert few.value == many.value == 0
    assert few.low < many.low < 0 < many.high < few.high
    assert many.high == pytest.approx(1.959964 / 202, rel=1e-3)


def test_the_interval_of_shares_covers_as_it_says(random: np.random.Generator) -> None:
    inside = 0
    for _ in range(1000):
        draw = random.choice(4, 80, p=[0.85, 0.08, 0.03, 0.04])  # both, first only, second only, none
        found = paired.of_shares(np.isin(draw, (0, 1)), np.isin(draw, (0, 2)))
        inside += found.low <= -0.05 <= found.high
    assert 0.93 <= inside / 1000 <= 0.985


def test_rmses_against_a_bootstrap_written_out(random: np.random.Generator) -> None:
    source = np.array([f"image-{place // 2}" for place in range(120)])
    first = random.normal(0, 2, 120)
    second = first + random.normal(0.5, 1, 120)
    found = paired.of_rmses(first, second, source)
    assert found.value == pytest.approx(sqrt(np.mean(second**2)) - sqrt(np.mean(first**2)))
    drawn = []
    for _ in range(3000):
        sources = random.integers(0, 60, 60)
        chosen = np.concatenate([2 * sources, 2 * sources + 1])
        drawn.append(sqrt(np.mean(second[chosen] ** 2)) - sqrt(np.mean(first[chosen] ** 2)))
    assert found[1:] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.06)


def test_rmses_of_equal_errors_do_not_differ(random: np.random.Generator) -> None:
    errors, source = random.normal(0, 9, 40), np.arange(40).astype(str)
    assert paired.of_rmses(errors, errors.copy(), source) == (0, 0, 0)

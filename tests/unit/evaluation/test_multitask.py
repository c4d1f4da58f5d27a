import pytest

from mtaa.evaluation.multitask import LOWER_IS_BETTER, delta_mtl

LOWER = list(LOWER_IS_BETTER.values())


@pytest.mark.parametrize(
    ("multi", "single", "printed"),
    [
        ((99.68, 96.95, 7.32), (97.43, 93.25, 7.93), 4.66),  # Table 8, ResNet50
        ((99.78, 97.84, 6.79), (98.68, 94.72, 7.33), 3.93),  # Table 8, ResNet101
        ((100, 99.98, 6.51), (100, 99.89, 7.01), 2.41),  # Table 11
        ((100, 99.88, 6.04), (100, 99.81, 6.46), 2.19),  # Table 7, which prints 1.17 and can't mean it
    ],
)
def test_the_papers_own_figures(multi: tuple[float, ...], single: tuple[float, ...], printed: float) -> None:
    assert 100 * delta_mtl(multi, single, LOWER) == pytest.approx(printed, abs=0.01)


def test_equal_figures_gain_nothing_and_a_worse_error_loses() -> None:
    assert delta_mtl([0.9, 5], [0.9, 5], [False, True]) == 0
    assert delta_mtl([0.9, 10], [0.9, 5], [False, True]) == pytest.approx(-0.5)

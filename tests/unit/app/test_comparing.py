"""Two cards side by side: what both have is compared, what one lacks is left open."""

from typing import Any

from app import comparing
from tests.ui.conftest import CARD


def by_label(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row[""]: row for row in rows}


def test_differences_are_in_points_or_in_the_attacks_own_unit() -> None:
    metrics: dict[str, Any] = CARD.model_dump()["metrics"]
    metrics["overall"]["attack_accuracy"]["value"] -= 0.02
    metrics["by_attack"]["cw"]["intensity_rmse"]["value"] += 0.5
    rows = by_label(comparing.rows(CARD, CARD.model_copy(update={"name": "two", "metrics": metrics})))
    assert rows["attack or clean"]["difference"] == "-2.0 points"
    assert rows["attack or clean"]["two"].startswith("96.6%")
    assert rows["C\\&W, RMSE of strength"]["difference"] == "+0.50"
    assert rows["C\\&W, RMSE of strength"]["mnist"].startswith("1.30 logits")
    assert rows["FGSM, RMSE of strength"]["mnist"].startswith("7.20/255")
    assert "attacks missed" not in rows  # neither has it


def test_an_attack_that_only_one_knows_has_no_difference() -> None:
    one = {name: value for name, value in CARD.symbols.items() if name != "pgd"}
    units = {name: value for name, value in CARD.units.items() if name != "pgd"}
    metrics: dict[str, Any] = CARD.model_dump()["metrics"]
    del metrics["by_attack"]["pgd"]
    other = CARD.model_copy(update={"name": "two", "symbols": one, "units": units, "metrics": metrics})
    row = by_label(comparing.rows(CARD, other))["PGD"]
    assert (row["two"], row["difference"]) == ("–", "–")


def test_errors_in_other_units_are_not_compared() -> None:
    other = CARD.model_copy(update={"name": "two", "units": {**CARD.units, "fgsm": "L2"}})
    assert "FGSM, RMSE of strength" not in by_label(comparing.rows(CARD, other))

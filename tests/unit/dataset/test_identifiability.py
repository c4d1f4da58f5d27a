from pathlib import Path

import pytest
from PIL import Image

from mtaa.core.errors import InputError
from mtaa.dataset.identifiability import Identifiability, identify, text
from mtaa.dataset.picture import draw
from mtaa.scenario import AttackSpec, Grid, Scenario


@pytest.fixture(scope="module")
def scenario(trained: Scenario) -> Scenario:
    """PGD of one step of ε is FGSM, and nothing reaches κ = 900."""
    one = Grid(start=30, stop=30, step=1)
    attacks = [
        AttackSpec(name="fgsm", intensities=Grid(start=30, stop=90, step=60)),
        AttackSpec(name="pgd", intensities=one, parameters={"step_size": 30, "steps": 1}),
        AttackSpec(name="cw", intensities=Grid(start=1, stop=900, step=899), parameters={"steps": 60}),
    ]
    return trained.model_copy(update={"attacks": attacks, "victims": ["tiny_a"]})


@pytest.fixture(scope="module")
def report(scenario: Scenario) -> Identifiability:
    return identify(scenario, images=6)


def test_names_attacks_that_coincide(report: Identifiability) -> None:
    assert [(pair.attacks, pair.intensity) for pair in report.coinciding] == [(("fgsm", "pgd"), 30)]
    assert report.coinciding[0].same == 1


def test_names_what_is_out_of_reach(report: Identifiability) -> None:
    assert ("cw", 900) in [(cell.attack, cell.intensity) for cell in report.out_of_reach]
    assert all(cell.attack == "cw" for cell in report.out_of_reach)


def test_has_every_cell_once(report: Identifiability) -> None:
    cells = [(cell.attack, cell.intensity) for cell in report.cells]
    assert cells == [("fgsm", 30), ("fgsm", 90), ("pgd", 30), ("cw", 1), ("cw", 900)]
    strong = next(cell for cell in report.cells if cell.intensity == 90)
    assert strong.fooled >= next(cell for cell in report.cells if cell.intensity == 30).fooled


def test_says_it_in_words(report: Identifiability) -> None:
    said = text(report)
    assert "fgsm and pgd on tiny_a at 30: 100.0% of pixels are equal" in said
    assert "cw on tiny_a, κ = 900: 0% of images reach it" in said


def test_says_that_nothing_is_wrong(scenario: Scenario) -> None:
    fine = scenario.model_copy(update={"attacks": scenario.attacks[:1]})
    assert "Every cell is within reach, and no two coincide." in text(identify(fine, images=2))


def test_draws_it(report: Identifiability, tmp_path: Path) -> None:
    draw(report, tmp_path / "report.png")
    with Image.open(tmp_path / "report.png") as picture:
        assert picture.width > 500
    with pytest.raises(InputError, match=r"must end in \.png"):
        draw(report, tmp_path / "report.exe")

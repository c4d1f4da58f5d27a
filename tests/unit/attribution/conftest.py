import pytest

from mtaa.core.card import Calibration, Card, IntensityCalibration
from tests.made_up_card import made_up_card


@pytest.fixture
def card() -> Card:
    """A card of 28 × 28 grey images with two attacks, two victims and a clean class."""
    widths = {"fgsm": 4.0, "cw": 3.0}
    return made_up_card(
        name="trial",
        attacks=["fgsm", "cw", "clean"],
        victims=["vgg16", "vgg19", "none"],
        symbols={"fgsm": "ε", "cw": "κ"},
        intensity_grids={"fgsm": (10, 200), "cw": (2, 16)},
        reachable_margins={"vgg16": 12.0, "vgg19": 20.0},
        calibration=Calibration(
            attack_temperature=2.0,
            victim_temperature=1.0,
            intensity=IntensityCalibration(level=0.9, low=widths, high=widths),
        ),
    )

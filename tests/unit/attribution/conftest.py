import pytest

from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration


@pytest.fixture
def card() -> Card:
    """A card of 28 × 28 grey images with two attacks, two victims and a clean class."""
    widths = {"fgsm": 4.0, "cw": 3.0}
    return Card(
        name="trial",
        description="",
        images=Geometry(source="mnist", channels=1, side=28),
        attacks=["fgsm", "cw", "clean"],
        victims=["vgg16", "vgg19", "none"],
        symbols={"fgsm": "ε", "cw": "κ"},
        intensity_grids={"fgsm": (10, 200), "cw": (2, 16)},
        reachable_margins={"vgg16": 12.0, "vgg19": 20.0},
        network={},
        training={},
        parameters=1,
        flops=1,
        scenario_sha256="5c",
        data_sha256="",
        victims_sha256={},
        metrics={},
        calibration=Calibration(
            attack_temperature=2.0,
            victim_temperature=1.0,
            intensity=IntensityCalibration(level=0.9, low=widths, high=widths),
        ),
        weights_sha256="ab",
        test_sha256="",
        licence="",
        code_version="1",
    )

"""A card for tests that need no checkpoint behind it."""

from typing import Any

from mtaa.core.card import Calibration, Card, Geometry, IntensityCalibration


def made_up_card(side: int = 28, channels: int = 1, **changes: Any) -> Card:
    """FGSM and clean images on VGG16, `channels` × `side` × `side`, unless `changes` say otherwise."""
    known: dict[str, Any] = {
        "name": "made-up",
        "description": "",
        "images": Geometry(source="mnist", channels=channels, side=side),
        "attacks": ["fgsm", "clean"],
        "victims": ["vgg16", "none"],
        "symbols": {"fgsm": "ε"},
        "intensity_grids": {"fgsm": (10, 200)},
        "reachable_margins": {},
        "network": {},
        "training": {},
        "parameters": 1,
        "flops": 1,
        "scenario_sha256": "5c",
        "data_sha256": "cd",
        "victims_sha256": {},
        "metrics": {},
        "calibration": Calibration(
            attack_temperature=1, victim_temperature=1, intensity=IntensityCalibration(level=0.9, low={}, high={})
        ),
        "weights_sha256": "ab",
        "test_sha256": "7e",
        "licence": "MIT",
        "code_version": "0.1.0",
    }
    return Card(**known | changes)

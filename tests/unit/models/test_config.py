import subprocess
import sys

import pytest
from pydantic import ValidationError

from mtaa.models.config import NetworkConfig, preset, presets


def test_settings_are_free_of_torch() -> None:
    program = "import sys, mtaa.models.config, mtaa.training.config; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("name", presets())
def test_presets_survive_json(name: str) -> None:
    assert NetworkConfig.model_validate_json(preset(name).model_dump_json()) == preset(name)


@pytest.mark.parametrize("name", [name for name in presets() if name.startswith("mtaa-paper-")])
def test_the_papers_networks_have_every_part_of_the_paper_and_no_other(name: str) -> None:
    config = preset(name)
    assert (config.branches, config.fusion, config.extractor, config.regression) == (True, True, True, "mixed")
    assert not config.statistics
    assert config.dropout == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"fussion": True},
        {"widths": (8, 8, 8)},
        {"regression": "both"},
        {"dropout": 1},
        {"early_stride": 4},  # of forensic alone, and this is ResNet50
        {"planes": False},
    ],
)
def test_what_is_no_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        NetworkConfig(**wrong)  # type: ignore[arg-type]


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        preset("forensic").tap = "layer2"

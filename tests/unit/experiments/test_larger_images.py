"""Tables 3 to 14 on a folder of photographs, as on ImageNet: colour, classes by folder, victims of random weights."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.cli.tables import COMMANDS, IMAGENET, LARGER
from mtaa.dataset.generate import generate
from mtaa.experiments import read
from mtaa.experiments.learning import LearningRecord
from mtaa.images import open_source
from mtaa.scenario import Scenario, load
from mtaa.victims.train import train

SCENARIO = """
name: photographs
images: {source: folder, folder: FOLDER, channels: 3, side: 32}
victims: [resnet18, tiny_a]
attacks:
  - name: fgsm
    intensities: {start: 20, stop: 60, step: 40}
  - name: pgd
    intensities: {start: 20, stop: 60, step: 40}
    parameters: {step_size: 10, steps: 3, random_start: false}
examples: {train: 8, validation: 2, test: 5}
clean: {train: 10, validation: 4, test: 6}
"""
MORE = {
    "table3": ["--backbone", "cnn11"],
    "table5": ["--backbone", "resnet18"],
    "table8": ["--model", "multi-forensic", "--backbone", "resnet18"],
    "table10": ["--backbone", "resnet18", "--part", "fgsm,pgd:resnet18,tiny_a"],
    "table12": ["--model", "multi-resnet18", "--backbone", "resnet18"],
    "table14": ["--variant", "resnet50_sum"],
}


@pytest.fixture(scope="module")
def photographs(workshop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of a scenario on 120 images of three colours of noise, its victims and examples made."""
    folder, dice = tmp_path_factory.mktemp("photographs"), np.random.default_rng(0)
    for name, colour in (("amber", (200, 140, 20)), ("azure", (20, 120, 220)), ("green", (40, 180, 60))):
        (folder / name).mkdir()
        for number in range(40):
            noise = dice.normal(0, 25, (48, 40, 3)) + colour
            Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(folder / name / f"{number}.png")
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.replace("FOLDER", str(folder)))
    scenario = load(str(path))
    for victim in scenario.victims:
        train(open_source(scenario.images), victim, device="cpu")  # two steps
    generate(scenario, device="cpu")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGER)
def test_each_table_is_made_of_a_folder_of_images(photographs: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "record.json"
    arguments = ["experiment", name, "--scenario", str(photographs), "--epochs", "1", "--device", "cpu"]
    shown = CliRunner().invoke(app, [*arguments, *MORE[name], "--target", str(target)], catch_exceptions=False).stdout
    record, scenario = read(name, target), load(str(photographs))
    assert isinstance(record, LearningRecord)
    assert record.experiment == name
    assert record.scenario_sha256 == scenario.hash
    assert f"arXiv 2302.14059, Table {name.removeprefix('table')}" in shown
    clean = scenario.clean.test if scenario.clean and name in ("table12", "table14") else 0
    assert record.test_examples == 2 * 2 * 2 * 5 + clean


def test_their_usual_scenario_is_the_papers_with_clean_images() -> None:
    scenario = load(IMAGENET)
    assert isinstance(scenario, Scenario)
    assert scenario.total("train") == 48_000 + 3_200
    assert set(MORE) == set(LARGER) < set(COMMANDS)

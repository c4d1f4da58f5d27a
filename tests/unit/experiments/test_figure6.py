"""Feature-map differences are those of each pair, meant by attack and block."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.card import Card
from mtaa.dataset.examples import Examples
from mtaa.experiments import read
from mtaa.experiments.figure6.record import Figure6Record
from mtaa.experiments.figure6.run import distances
from mtaa.models.store import load_network
from tests.unit.experiments.conftest import NAME


def test_distances_of_known_maps() -> None:
    original = torch.full((1, 2, 2, 2), 2.0)
    changed = original.clone()
    changed[0, 0] += 3  # half of all values
    assert distances(changed, original).tolist() == [[4.5, 1.5, 4.5 / 4]]
    assert distances(torch.zeros(1, 1, 1, 1), torch.zeros(1, 1, 1, 1)).tolist() == [[0, 0, 0]]


def test_the_record_has_every_attack_and_block(checkpoint: Card, examples: Examples, tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    arguments = ["experiment", "figure6", "--checkpoint", NAME, "--device", "cpu", "--target", str(target)]
    shown = CliRunner().invoke(app, arguments, catch_exceptions=False).stdout
    assert "| victim branch |" in shown
    record = read("figure6", target)
    assert isinstance(record, Figure6Record)
    blocks = ["stem", "layer1", "layer2", "layer3", "attack_branch", "victim_branch"]
    assert [(row.attack, row.block) for row in record.rows] == [
        (attack, block) for attack in ("fgsm", "pgd", "cw") for block in blocks
    ]
    mine, network = examples.attack == 1, load_network(checkpoint)
    changed, clean = (
        network.shared(torch.from_numpy(np.array(pixels[mine])).float() / 255)["layer2"]
        for pixels in (examples.images, examples.clean)
    )
    row = next(row for row in record.rows if (row.attack, row.block) == ("pgd", "layer2"))
    assert row.mse.count == mine.sum()
    assert row.mse.value == pytest.approx(float(F.mse_loss(changed, clean)), abs=1e-4)
    assert row.mae.value == pytest.approx(float(F.l1_loss(changed, clean)), abs=1e-4)
    assert row.share.low <= row.share.value <= row.share.high

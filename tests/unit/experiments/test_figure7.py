from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core import card as cards
from mtaa.core.errors import InputError
from mtaa.experiments import read
from mtaa.experiments.figure7.record import Figure7Record
from mtaa.experiments.figure7.run import behind


@pytest.mark.parametrize(
    ("values", "share", "epoch"),
    [
        ([0, 0.4, 0.6, 1], 0.5, 3),
        ([0, 0.6, 0.4, 1, 0.9], 0.5, 4),  # it fell back once
        ([0, 1, 0.2], 0.5, None),  # it never stayed
        ([-9, -2, -1], 0.9, 3),
        ([0.5, 0.5], 0.5, None),
    ],
)
def test_what_is_behind_for_good(values: list[float], share: float, epoch: int | None) -> None:
    assert behind(values, share) == epoch


@pytest.mark.usefixtures("bundled")
def test_the_bundled_checkpoint_learns_the_attack_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "record.json"
    arguments = ["experiment", "figure7", "--target", str(target), "--device", "cpu"]
    assert "| source model, share right |" in CliRunner().invoke(app, arguments, catch_exceptions=False).stdout
    record = read("figure7", target)
    assert isinstance(record, Figure7Record)
    attack, victim, _ = record.rows
    assert attack.nine_tenths is not None
    assert victim.nine_tenths is not None
    assert attack.nine_tenths < victim.nine_tenths
    assert len(attack.values) == len(cards.read("mnist").curves)
    bare = cards.read("mnist").model_copy(update={"training": {}})
    monkeypatch.setattr(cards, "read", lambda name: bare)
    with pytest.raises(InputError, match="must have the curves of its training"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)

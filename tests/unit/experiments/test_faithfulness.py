import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from mtaa.bench import contestants
from mtaa.cli.commands import app
from mtaa.cli.commands import experiment as group
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.evaluation.predict import predict
from mtaa.experiments import EXPERIMENTS, read, record
from mtaa.experiments.faithfulness import choose, compare, parts
from mtaa.experiments.faithfulness.record import Compared, FaithfulnessRecord, FaithfulnessSettings, Row
from mtaa.experiments.faithfulness.run import run
from mtaa.models.store import load_network
from mtaa.scenario.record import AttackSpec, Grid
from tests.unit.experiments.conftest import NAME, AddMaker


def one(found: FaithfulnessRecord, maker: str, attack: str = "all", population: str = "all") -> Row:
    (row,) = (
        row
        for row in found.rows
        if (row.maker, row.attack, row.victim, row.population) == (maker, attack, "all", population)
    )
    return row


def stored() -> dict[str, float]:
    folder = paths.home() / "experiments" / "faithfulness" / NAME
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.parquet")}


def test_a_faithful_maker_and_an_idle_one(
    settings: FaithfulnessSettings, add_maker: AddMaker, examples: Examples, checkpoint: Card
) -> None:
    add_maker("faithful")
    add_maker("idle", idle=True)
    found = run(settings, Silent())
    mine = (examples.attack == 0) & (examples.victim == 0)
    said = predict(load_network(checkpoint), examples.images[mine], contestants.torch.device("cpu"))
    faithful, idle = one(found, "faithful"), one(found, "idle")
    assert faithful.count == mine.sum() == 18
    assert faithful.equal_pixels == 1
    assert faithful.figures["epsilon_rmse"].difference == 0
    error = np.sqrt(np.mean((said.intensity - examples.intensity[mine]) ** 2))
    assert faithful.figures["epsilon_rmse"].value == pytest.approx(error, abs=1e-3)
    right = float((said.victim == 0).mean())
    assert faithful.figures["victim_accuracy"].value == pytest.approx(right, abs=1e-4)
    assert faithful.figures["victim_accuracy"].own == pytest.approx(right, abs=1e-4)
    assert faithful.figures["reached"].value == faithful.figures["reached"].own == 1
    assert (idle.figures["reached"].value, idle.figures["fooled"].value, idle.unchanged) == (0, 0, 1)
    assert idle.figures["reached"].difference == -1
    assert idle.equal_pixels < 1
    assert not [row for row in found.rows if row.population == "reached"]
    assert one(found, "mtaa_bfloat16").equal_pixels > 0.9


def test_kappa_is_measured_where_it_is_reached(
    settings: FaithfulnessSettings, add_maker: AddMaker, examples: Examples
) -> None:
    add_maker("faithful")
    found = run(settings.model_copy(update={"attacks": ["cw", "fgsm"]}), Silent())
    row = one(found, "faithful", "cw")
    assert {"kappa_rmse", "margin_rmse"} <= row.figures.keys()
    assert "epsilon_rmse" not in row.figures
    assert row.verdicts.keys() == {"attack_accuracy", "victim_accuracy"}
    assert row.figures["reached"].value == pytest.approx(row.figures["reached"].own, abs=0.06)
    assert row.figures["margin_rmse"].difference == pytest.approx(0, abs=0.05)
    assert one(found, "faithful").count == 36
    assert found.notes == {"faithful": {"cw": "faithful has its own κ."}}


def test_a_lost_part_is_made_again_and_no_other(
    settings: FaithfulnessSettings, add_maker: AddMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = add_maker("faithful")
    settings = settings.model_copy(update={"seed": 11, "scale": 0.5, "victims": None})
    make, before = parts.make, stored()

    def killed(*arguments: object) -> None:
        if len(stored().keys() - before.keys()) == 3:
            raise KeyboardInterrupt
        make(*arguments)

    monkeypatch.setattr(parts, "make", killed)
    with pytest.raises(KeyboardInterrupt):
        run(settings, Silent())
    monkeypatch.setattr(parts, "make", make)
    kept, spent = stored(), len(calls)
    first = run(settings, Silent())
    after = stored()
    assert len(after.keys() - before.keys()) == 6
    assert all(after[name] == when for name, when in kept.items())
    assert spent == 3
    assert len(calls) == 6  # three intensities on each of two victims
    lost = next(paths.home().glob(f"experiments/faithfulness/{NAME}/faithful-fgsm-tiny_b-*.parquet"))
    lost.unlink()
    again = run(settings, Silent())
    assert again.rows == first.rows
    assert len(calls) >= 9
    assert [part.depends_sha256 for part in again.parts] == [part.depends_sha256 for part in first.parts]


def test_a_part_of_other_work_is_refused(settings: FaithfulnessSettings, add_maker: AddMaker) -> None:
    add_maker("faithful")
    depends = [part.depends_sha256[:12] for part in run(settings, Silent()).parts]
    folder = paths.home() / "experiments" / "faithfulness" / NAME
    part, other = (next(folder.glob(f"*-{digest}.parquet")) for digest in depends[:2])
    whole = part.read_bytes()
    try:
        part.write_bytes(other.read_bytes())
        with pytest.raises(IntegrityError, match="holds other work than its name says"):
            run(settings, Silent())
    finally:
        part.write_bytes(whole)


def test_what_a_part_depends_on(add_maker: AddMaker) -> None:
    add_maker("faithful")
    grid, facts = Grid(start=40, stop=160, step=60), {"victim": "ab"}
    spec, places = AttackSpec(name="pgd", intensities=grid, parameters={"steps": 5}), np.arange(3)
    known = {
        parts.depends("faithful", spec, places, facts),
        parts.depends("mtaa_float32", spec, places, facts),
        parts.depends("faithful", spec.model_copy(update={"parameters": {"steps": 6}}), places, facts),
        parts.depends("faithful", spec, places[:2], facts),
        parts.depends("faithful", spec, places, {"victim": "cd"}),
    }
    assert len(known) == 5
    assert parts.depends("faithful", spec, places, facts) in known
    with pytest.raises(InputError, match=r"attacks\.pgd\.parameters\.random_start must be false"):
        parts.asked(spec.model_copy(update={"parameters": {"random_start": True}}), 40)


def test_a_share_goes_round_the_intensities_and_grows_by_adding() -> None:
    intensities = np.repeat([10.0, 20.0, 30.0, 40.0], 5)
    third, all_of_them = choose.share(intensities, 0.4, seed=3), choose.share(intensities, 1.0, seed=3)
    assert np.bincount(third // 5).tolist() == [2, 2, 2, 2]
    assert set(choose.share(intensities, 0.1, seed=3)) < set(choose.share(intensities, 0.25, seed=3)) < set(third)
    assert all_of_them.tolist() == list(range(20))
    assert len(choose.share(intensities, 0.001, seed=3)) == 1
    assert choose.share(intensities, 0.4, seed=4).tolist() != third.tolist()


def test_a_maker_may_be_given_a_share(settings: FaithfulnessSettings, add_maker: AddMaker) -> None:
    calls = add_maker("faithful")
    found = run(settings.model_copy(update={"shares": {"faithful:fgsm": 0.5}, "seed": 5}), Silent())
    assert sum(images for _, _, images in calls) == one(found, "faithful").count == 9
    assert one(found, "mtaa_float32").count == 18
    with pytest.raises(UnknownNameError, match="did you mean faithful:fgsm"):
        run(settings.model_copy(update={"shares": {"faithful:fgms": 0.5}}), Silent())


def test_victims_must_be_the_checkpoints(
    settings: FaithfulnessSettings, checkpoint: Card, add_maker: AddMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = checkpoint.model_copy(update={"victims_sha256": {**checkpoint.victims_sha256, "tiny_a": "ab"}})
    monkeypatch.setattr(cards, "read", lambda name: other)
    with pytest.raises(IntegrityError, match="victim tiny_a must have the weights"):
        run(settings, Silent())


@pytest.mark.parametrize(
    ("difference", "name", "said"),
    [
        ((-0.02, -0.03, -0.011), "attack_accuracy", "missed"),
        ((0.0, -0.009, 0.009), "attack_accuracy", "met"),
        ((0.05, 0.02, 0.08), "victim_accuracy", "met"),
        ((0.0, -0.02, 0.02), "victim_accuracy", "undecided"),
        ((0.2, 0.1, 0.4), "epsilon_rmse", "met"),
        ((0.9, 0.6, 1.2), "epsilon_rmse", "missed"),
        ((-0.3, -1.2, 0.6), "epsilon_rmse", "undecided"),
    ],
)
def test_verdicts(difference: tuple[float, float, float], name: str, said: str) -> None:
    value, low, high = difference
    figure = {"value": 0.9, "low": 0.8, "high": 1, "count": 9, "floor": None, "own": 0.9}
    compared = Compared(**figure, difference=value, difference_low=low, difference_high=high)
    assert compare.verdict(name, compared) == said


def test_the_command_writes_what_it_prints(add_maker: AddMaker, checkpoint: Card, tmp_path: Path) -> None:
    add_maker("faithful")
    add_maker("absent", installed=False)
    arguments = ["experiment", "faithfulness", "--checkpoint", NAME, "--attack", "fgsm", "--victim", "tiny_a"]
    target = ["--target", str(tmp_path / "record.json")]
    options = [*target, "--device", "cpu", "--share", "faithful:fgsm=0.5"]
    result = CliRunner().invoke(app, [*arguments, *options, "--json"], catch_exceptions=False)
    assert json.loads(result.stdout) == json.loads((tmp_path / "record.json").read_text())
    assert "absent is left out because it is not installed; get it with: pip install no_such" in result.stderr
    found = read("faithfulness", tmp_path / "record.json")
    assert isinstance(found, FaithfulnessRecord)
    assert found.environment.left_out.keys() == {"absent"}
    assert found.weights_sha256 == checkpoint.weights_sha256
    shown = CliRunner().invoke(app, ["experiment", "show", "faithfulness", *target], catch_exceptions=False).stdout
    assert "FGSM, all source models:" in shown
    assert "faithful:fgsm 50% of them" in shown
    assert "| faithful | 9 |" in shown
    table = [line for line in shown.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table[:5]}) == 1
    with pytest.raises(InputError, match="peer absent must be installed; run: pip install no_such_package"):
        CliRunner().invoke(app, [*arguments, *options, "--peer", "absent"], catch_exceptions=False)
    with pytest.raises(InputError, match="share must be toolbox:attack=F"):
        CliRunner().invoke(app, [*arguments, "--share", "faithful=2"], catch_exceptions=False)


def test_records_are_written_and_read(settings: FaithfulnessSettings, add_maker: AddMaker) -> None:
    add_maker("faithful")
    path = record.path("faithfulness")
    path.unlink(missing_ok=True)
    with pytest.raises(InputError, match="experiment faithfulness must be run first"):
        read("faithfulness")
    found = run(settings, Silent())
    assert record.write(found) == path
    assert read("faithfulness") == found
    with pytest.raises(ValidationError, match="surprise"):
        FaithfulnessRecord.model_validate({**files.read_json(path), "surprise": 1})


def test_every_experiment_has_its_command() -> None:
    commands = {command.name for command in group.registered_commands}
    assert {entry.name for entry in EXPERIMENTS} == commands - {"show"}

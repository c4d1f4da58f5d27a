import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from mtaa.bench import record, tables
from mtaa.bench.attacks import Plan, bench
from mtaa.bench.contestants import CONTESTANTS, available, runs_on
from mtaa.bench.record import BenchRecord, Row, Settings
from mtaa.bench.timing import ranked
from mtaa.cli.commands import app
from mtaa.core import paths
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.scenario import Scenario

AddPeer = Callable[..., None]
FGSM = Settings(attack="fgsm", intensity=60)
CW = Settings(attack="cw", intensity=1, steps=40, c=50, learning_rate=0.05)
OURS = [e.name for e in CONTESTANTS if e.value.ours and runs_on(e.value, torch.device("cpu"))]


def run(scenario: Scenario, settings: tuple[Settings, ...] = (FGSM,), **given: object) -> BenchRecord:
    plan = {"images": scenario.images, "victims": ["tiny_a"], "count": 8, "repeats": 1, "device": "cpu", **given}
    return bench(Plan(settings=settings, **plan))


def row(name: str, speed: float, **given: object) -> Row:
    known = {"victim": "v", "attack": "cw", "images": 8, "finished": 8, "batch": 8, "seconds": [1.0]}
    outcome = {"fooling_rate": 1.0, "reached_rate": 1.0, "margin": 1.0, "l2": 2.0, "linf": 9.0, "peak_memory": None}
    return Row(contestant=name, ours=name == "ours", images_per_second=speed, **known, **outcome | given)


def test_a_run_is_recorded_whole(trained: Scenario, add_peer: AddPeer, tmp_path: Path) -> None:
    add_peer("idle")
    found = run(trained, (FGSM, CW), repeats=2)
    assert [(r.attack, r.contestant) for r in found.rows] == [
        (attack, name) for attack in ("fgsm", "cw") for name in (*OURS, "idle")
    ]
    ours, idle = found.rows[len(OURS) + 1], found.rows[-1]
    assert ours.ours
    assert len(ours.seconds) >= 2
    assert ours.finished == ours.images == 8
    assert ours.batch == 8
    assert ours.fooling_rate == 1
    assert ours.reached_rate == 1
    assert ours.margin >= 1
    assert ours.ratio == pytest.approx(ours.images_per_second / idle.images_per_second)
    assert ours.ratio_equal is None  # a peer that changes nothing has no equal outcome
    assert (idle.fooling_rate, idle.l2, idle.linf, idle.batch, idle.ratio) == (0, None, None, 4, 1)
    assert found.rows[0].reached_rate is None
    assert found.rows[0].linf == pytest.approx(60, abs=1)
    assert found.environment.peers.keys() == {"idle"}
    assert found.environment.threads >= 1
    assert found.notes == {"idle": {"cw": "idle does nothing."}}
    assert record.read(record.write(found, tmp_path / "attacks.json")) == found


def test_bfloat16_is_timed_only_where_it_is_not_emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, entry = torch.device("cpu"), CONTESTANTS["mtaa_bfloat16"]
    for native in (True, False):
        monkeypatch.setattr("mtaa.core.device.has_bfloat16", lambda device, native=native: native)
        assert runs_on(entry, cpu) is native
        assert runs_on(CONTESTANTS["mtaa_float32"], cpu)


def test_ratios_are_to_the_fastest_peer_and_to_the_fastest_with_an_equal_outcome() -> None:
    rows = ranked(
        [
            row("ours", 12),
            row("slow", 2),
            row("even", 4),
            row("larger", 5, l2=2.1),
            row("weaker", 6, fooling_rate=0.9),
            row("below_kappa", 8, reached_rate=0.5),
        ]
    )
    assert [r.ratio for r in rows] == [1.5, 0.25, 0.5, 0.625, 0.75, 1]
    assert rows[0].ratio_equal == 3
    assert rows[5].ratio_equal == 1
    assert ranked([row("ours", 12)])[0].ratio is None


def test_a_peer_that_is_not_installed_is_said_and_left_out(trained: Scenario, add_peer: AddPeer) -> None:
    add_peer("idle")
    add_peer("absent", installed=False)
    found = run(trained)
    assert {r.contestant for r in found.rows} == {*OURS, "idle"}
    assert found.environment.left_out == {"absent": "pip install no_such_package==1.0"}
    assert "absent is left out because it is not installed" in tables.text(found)
    assert available(["idle"]) == (["idle"], {})
    with pytest.raises(InputError, match=r"^peer absent must be installed; run: pip install no_such_package==1\.0$"):
        available(["absent"])
    with pytest.raises(UnknownNameError, match="idle"):
        available(["idel"])


def test_a_contestant_out_of_patience_stops_at_the_next_batch(trained: Scenario, add_peer: AddPeer) -> None:
    add_peer("slow", delay=0.05)
    found = run(trained, repeats=3, patience=0.04).rows[-1]
    assert (found.images, found.finished, len(found.seconds)) == (8, 4, 1)
    assert found.images_per_second == pytest.approx(4 / found.seconds[0])


def test_a_benchmark_run_in_parts_keeps_the_other_cells(trained: Scenario, add_peer: AddPeer) -> None:
    add_peer("idle")
    first, second = run(trained), run(trained, (CW,))
    both = record.merged(first, second)
    assert both.rows == first.rows + second.rows
    assert both.settings == [FGSM, CW]
    again = run(trained)
    assert record.merged(both, again).rows == second.rows + again.rows
    elsewhere = first.environment.model_copy(update={"threads": 99})
    with pytest.raises(InputError, match="threads must be that of the record, 99"):
        record.merged(first.model_copy(update={"environment": elsewhere}), second)


def test_too_many_images_are_refused(trained: Scenario, add_peer: AddPeer) -> None:
    with pytest.raises(InputError, match="images must be at most"):
        run(trained, count=100_000)


def test_the_table_has_a_line_a_row(trained: Scenario, add_peer: AddPeer) -> None:
    add_peer("idle")
    found = run(trained, (FGSM, CW))
    table = tables.table(found, CW).splitlines()
    assert len(table) == 2 + 2 + len(OURS) + 1
    assert table[0].startswith("C&W, κ = 1, c = 50, one search step, 40 steps")
    assert all(line.count("|") == table[2].count("|") for line in table[3:])
    assert "idle, C&W: idle does nothing." in tables.notes(found)


def test_the_command_prints_and_writes_one_json_document(trained: Scenario, add_peer: AddPeer, tmp_path: Path) -> None:
    add_peer("idle")
    add_peer("absent", installed=False)
    arguments = ["bench", "attacks", "--source", "digits", "--victim", "tiny_a", "--images", "8", "--repeats", "1"]
    target = ["--target", str(tmp_path / "attacks.json"), "--device", "cpu", "--attack", "fgsm", "--json"]
    result = CliRunner().invoke(app, [*arguments, *target], catch_exceptions=False)
    assert json.loads(result.stdout) == json.loads((tmp_path / "attacks.json").read_text())
    assert "absent is left out because it is not installed; get it with: pip install" in result.stderr
    shown = CliRunner().invoke(app, ["bench", "show", target[1]], catch_exceptions=False).stdout
    assert "FGSM, ε = 40/255:" in shown
    with pytest.raises(UnknownNameError, match="did you mean fgsm"):
        CliRunner().invoke(app, [*arguments, *target, "--attack", "fgms"], catch_exceptions=False)


def test_pins_are_those_of_the_extra() -> None:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    pinned = {requirement.split(";")[0] for requirement in project["optional-dependencies"]["peers"]}
    told = {entry.value.pip for entry in CONTESTANTS if not entry.value.ours}
    assert {pip for pip in told if not pip.startswith("--no-deps")} == pinned
    # Its own pins contradict ours, so the extra can't have it.
    assert told - pinned == {"--no-deps torchattacks==3.5.1"}

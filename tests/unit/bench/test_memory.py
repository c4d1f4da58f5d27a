import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.bench import curve, machine
from mtaa.bench.curve import Point, Stage
from mtaa.bench.memory import scenario
from mtaa.cli.commands import app
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.dataset import plan
from mtaa.scenario.record import SPLITS

MIB = 2**20


def points(stage: Stage, *peaks: int) -> list[Point]:
    sizes = (1_000, 10_000, 100_000)
    return [
        Point(stage=stage, examples=size, before=100 * MIB, peak=peak * MIB, seconds=1)
        for size, peak in zip(sizes, peaks, strict=False)
    ]


@pytest.mark.parametrize("examples", [500, 1_000, 100_000])
def test_a_scenario_has_exactly_so_many_examples(examples: int) -> None:
    chosen = scenario(examples)
    plan.check(chosen)
    assert sum(chosen.total(split) for split in SPLITS) == examples


@pytest.mark.parametrize("examples", [0, 499, 1_001])
def test_other_numbers_are_refused(examples: int) -> None:
    with pytest.raises(InputError, match=f"examples must be a multiple of 500, got {examples:,}"):
        scenario(examples)


def test_a_million_is_reckoned_where_all_is_flat() -> None:
    found = curve.conclude([*points("generate", 400, 410, 404), *points("epoch", 300, 300, 299)])
    assert found.startswith("Flat: from 1,000 to 100,000 examples")
    assert "by more than 42 bytes an example" in found  # 4 MiB over 99,000 examples
    assert "at most 440 MiB; this is reckoned, not measured" in found


def test_nothing_is_reckoned_where_a_stage_grows() -> None:
    found = curve.conclude([*points("generate", 400, 410, 404), *points("epoch", 300, 310, 380)])
    assert found == "Not flat: from 1,000 to 100,000 examples, the peak of epoch grows by more than 5%."


def test_one_size_shows_no_growth() -> None:
    assert curve.conclude(points("epoch", 300)) == "One size alone shows no growth."


@pytest.mark.slow
@pytest.mark.skipif(machine.peak_memory() is None, reason="needs /proc")
def test_every_stage_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    target = tmp_path / "memory.json"
    run = CliRunner().invoke(app, ["bench", "memory", "--size", "500", "--target", str(target), "--json"])
    assert run.exit_code == 0, run.output
    found = curve.read(target)
    assert json.loads(run.stdout) == files.read_json(target)
    assert [point.stage for point in found.points] == list(curve.STAGES)
    assert all(point.examples == 500 and point.peak >= point.before > 50 * MIB for point in found.points)
    shown = CliRunner().invoke(app, ["bench", "show", str(target)]).stdout
    assert shown.strip() == curve.text(found)
    assert all(f"| {stage}: " in shown for stage in curve.STAGES)

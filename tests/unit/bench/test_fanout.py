from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtaa.bench import fanout, record
from mtaa.bench.fanout import FanoutRecord, Run
from mtaa.cli.commands import app
from mtaa.core.errors import InputError
from mtaa.dataset import plan
from mtaa.jobs import database, timing


def run(kind: fanout.Kind, workers: int, seconds: float) -> Run:
    return Run(
        database=kind,
        workers=workers,
        seconds=seconds,
        steps_per_second=1000 / seconds,
        listed=50,
        polls=9,
        poll_median=3.25,
        poll_most=41.6,
        load=1.25,
    )


def test_a_record_is_read_as_written_and_shown_beside_one_worker(tmp_path: Path, bundled: None) -> None:
    made = FanoutRecord(
        setting="A setting.",
        shards=18,
        steps=61_500,
        environment=record.read().environment,
        runs=[run("sqlite", 1, 40), run("sqlite", 2, 22), run("postgresql", 2, 30)],
    )
    path = record.write(made, tmp_path / "workers.json")
    assert fanout.read(path) == made
    shown = CliRunner().invoke(app, ["bench", "show", str(path)], catch_exceptions=False).stdout
    assert "| SQLite | 2 | 1.2 | 22.0 | 55% | 45 | 3.2 | 42 |" in shown
    assert "| PostgreSQL | 2 | 1.2 | 30.0 |  | 33 | 3.2 | 42 |" in shown


def test_the_shards_are_full_but_for_one_each_to_validate_and_test() -> None:
    made = list(plan.shards(timing.scenario(0)))
    assert [len(shard.intensities) for shard in made] == [plan.ROWS] * timing.SHARDS + [1, 1]
    assert not {shard.seed for shard in made} & {shard.seed for shard in plan.shards(timing.scenario(1))}


def test_a_database_with_jobs_is_not_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    database.prepare()
    with pytest.raises(InputError, match="the database must be an empty one, got one with jobs"):
        timing._refuse_a_full_one()
    database.engine.cache_clear()

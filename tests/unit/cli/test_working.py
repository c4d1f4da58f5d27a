"""`mtaa job` and `mtaa worker` as typed; what a worker does is tested in tests/jobs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mtaa.cli.commands import app
from mtaa.cli.working import line
from mtaa.core.errors import InputError
from mtaa.jobs import database
from mtaa.jobs.record import Progress
from mtaa.jobs.worker import parse_gpus


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty home."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    yield
    database._client.cache_clear()
    database.engine.cache_clear()


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=answer, catch_exceptions=False)


def test_a_job_from_start_to_delete() -> None:
    assert json.loads(run("list", "jobs", "--json").stdout) == []
    command = ("job", "start", "--scenario", "smoke", "--name", "trial", "--epochs", "2", "--key", "once")
    first, second = json.loads(run(*command, "--json").stdout), run(*command)
    job = first["id"]
    assert first["request"]["checkpoint"] == "trial"
    assert second.stdout.startswith(f"{job}: queued, scenario smoke, checkpoint trial")
    assert "No worker is running" in second.stdout
    assert [row["id"] for row in json.loads(run("list", "jobs", "--json").stdout)] == [job]
    assert json.loads(run("job", "pause", job, "--json").stdout)["state"] == "paused"
    assert json.loads(run("job", "resume", job, "--json").stdout)["state"] == "queued"
    assert json.loads(run("job", "clone", job, "--name", "other", "--json").stdout)["id"] != job
    assert run("job", "cancel", job).stdout.startswith(f"{job}: cancelled")
    waited = run("job", "wait", job)
    assert (waited.exit_code, "cancelled" in waited.stdout) == (2, True)
    assert run("job", "delete", job, answer="n\n").exit_code == 1
    assert json.loads(run("job", "show", job, "--json").stdout)["state"] == "cancelled"
    assert run("job", "delete", job, "--yes").exit_code == 0
    with pytest.raises(InputError, match=f"job '{job}' is unknown"):
        run("job", "show", job)


@pytest.mark.parametrize("gpus", ["", "a", "0,,1", "-1", "1,1"])
def test_gpus_are_numbers(gpus: str) -> None:
    assert parse_gpus("0, 2") == [0, 2]
    with pytest.raises(InputError, match="--gpus must be numbers such as 0,1"):
        parse_gpus(gpus)


def test_progress_says_how_far_how_fast_and_how_long_still() -> None:
    known = {"task": "training", "unit": "batches", "done": 1500, "total": 3000, "rate": 12.5}
    assert line(Progress(**known, seconds_left=120)) == "training: 1,500 of 3,000 batches, 12.5 batches/s, 2 min left"
    assert line(Progress(**known, seconds_left=60, message="epoch 2 of 4")).endswith("60 s left epoch 2 of 4")
    assert line(Progress(task="registering", unit="", done=0, total=0)) == "registering"

"""Jobs are started and steered without a worker; what a worker then does is tested in tests/jobs."""

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import text

from mtaa.core.errors import InputError, UnknownNameError
from mtaa.jobs import client, database, presence, view
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest, State


def test_asked_twice_with_one_key_it_is_one_job(asked: JobRequest) -> None:
    first, second = client.start(asked, key="monday"), client.start(asked, key="monday")
    assert first == second
    assert [job.id for job in client.jobs()] == [first.id]
    assert first.request == asked
    assert (first.state, first.stage) == ("queued", "validate")


def test_without_a_key_every_start_is_a_job_and_needs_a_name_of_its_own(asked: JobRequest) -> None:
    first = client.start(asked)
    with pytest.raises(InputError, match=f"got trial, which {first.id} is making"):
        client.start(asked)
    client.cancel(first.id)
    assert client.start(asked).id != first.id


def test_a_taken_name_is_refused_unless_it_may_be_replaced(asked: JobRequest, home: Path) -> None:
    (home / "checkpoints" / "trial").mkdir(parents=True)
    with pytest.raises(InputError, match="must be new, got trial"):
        client.start(asked)
    assert client.start(asked.model_copy(update={"replace": True})).state == "queued"


@pytest.mark.parametrize(
    "change", [{"checkpoint": "../up"}, {"checkpoint": "victims"}, {"network": "forensik"}, {"start": "nobody"}]
)
def test_a_bad_request_never_becomes_a_job(asked: JobRequest, change: dict[str, str]) -> None:
    with pytest.raises(InputError):
        client.start(asked.model_copy(update=change))
    assert client.jobs() == []


@pytest.mark.parametrize("split", ["validation", "test"])
def test_a_scenario_that_can_not_be_calibrated_or_measured_is_refused(asked: JobRequest, split: str) -> None:
    counts = asked.scenario.examples.model_copy(update={split: 0})
    scenario = asked.scenario.model_copy(update={"examples": counts})
    with pytest.raises(InputError, match=f"examples.{split} must be at least 1"):
        client.start(asked.model_copy(update={"scenario": scenario}))


def test_pause_resume_cancel(asked: JobRequest) -> None:
    job = client.start(asked).id
    assert client.pause(job).state == "paused"
    assert client.resume(job).state == "queued"
    assert client.cancel(job).state == "cancelled"
    with pytest.raises(InputError, match="must be queued or running, got cancelled"):
        client.cancel(job)
    with pytest.raises(InputError, match="must be failed, got cancelled"):
        client.retry(job)
    assert client.resume(job).state == "queued"


def test_a_clone_is_a_job_of_its_own(asked: JobRequest) -> None:
    first = client.start(asked)
    second = client.clone(first.id, "other", asked_by="somebody else")
    assert second.id != first.id
    assert second.request == asked.model_copy(update={"checkpoint": "other", "asked_by": "somebody else"})


def test_only_a_job_at_rest_is_deleted(asked: JobRequest) -> None:
    job = client.start(asked).id
    JobFolder(job).append_log(b"a line\n")
    with pytest.raises(InputError, match="cancel it first"):
        client.delete(job)
    client.cancel(job)
    client.delete(job)
    assert client.jobs() == []
    assert not JobFolder(job).path.exists()
    with pytest.raises(UnknownNameError):
        client.show(job)


def test_where_there_never_was_a_job_nothing_is_made(home: Path) -> None:
    assert client.jobs() == []
    assert not (home / "home").exists()


def test_states_are_told_without_the_engine_and_as_it_tells_them(asked: JobRequest) -> None:
    assert view.states() == []
    names = [client.start(asked.model_copy(update={"checkpoint": f"trial-{place}"})).id for place in range(8)]
    client.pause(names[0])
    client.cancel(names[1])
    presence.beat("alive", "cpu")
    became = [("PENDING", "alive"), ("PENDING", "dead"), ("SUCCESS", "alive"), ("ERROR", "alive"), ("DELAYED", None)]
    with database.engine(database.url()).begin() as connection:
        for name, (status, worker) in zip(names[2:], became, strict=False):
            query = "UPDATE workflow_status SET status = :status, executor_id = :worker WHERE workflow_uuid = :name"
            connection.execute(text(query), {"status": status, "worker": worker, "name": name})
    states = [job.state for job in client.jobs()]
    assert set(states) == set(get_args(State))
    assert sorted(view.states()) == sorted(states)
    code = "import sys; from mtaa import api; found = api.job_states(); api.workers(); print(len(found))"
    code += "; sys.exit('dbos' in sys.modules or 'torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "8\n"


def test_the_door_needs_neither_torch_nor_the_engine_until_asked() -> None:
    code = "import sys, mtaa.api; sys.exit('dbos' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    code = "import sys; from mtaa import api; api.list_jobs(); api.workers(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

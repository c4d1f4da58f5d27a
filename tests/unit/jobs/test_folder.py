import pytest

from mtaa.core.errors import InputError
from mtaa.jobs import folder as folders
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest

JOB = "job-0123456789ab"


@pytest.mark.parametrize("job", ["", "..", "job-1", "job-0123456789ab/..", "job-0123456789AB"])
def test_an_id_is_never_a_path(job: str) -> None:
    with pytest.raises(InputError, match="job must be an id"):
        JobFolder(job)


def test_the_log_is_bounded_and_its_end_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LOG_BYTES", 1000)
    folder = JobFolder(JOB)
    assert folder.log_tail(5) == []
    for number in range(500):
        folder.append_log(f"line {number}\n".encode())
        assert folder.log.stat().st_size <= 1000
    assert folder.log_tail(3) == ["line 497", "line 498", "line 499"]
    assert all(line.startswith("line ") for line in folder.log_tail(1000))


def test_the_request_is_read_as_written(asked: JobRequest) -> None:
    folder = JobFolder(JOB)
    folder.write_request(asked)
    assert folder.request() == asked
    assert folder.request().scenario.hash == asked.scenario.hash


def test_a_folder_in_which_somebody_works_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "WAIT_SECONDS", 0.1)
    folder = JobFolder(JOB)
    with folder.lock("train.0"), pytest.raises(InputError, match="still ending"):
        folder.delete()
    assert folder.path.is_dir()
    folder.delete()
    assert not folder.path.exists()

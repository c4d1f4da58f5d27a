"""Background jobs: started, watched and steered here, done by `mtaa worker`. Light until the first call."""

from typing import TYPE_CHECKING

from mtaa.jobs.record import Curves, Job, JobRequest, Progress, StageView, State, Worker

if TYPE_CHECKING:
    from types import ModuleType

__all__ = [
    "Job",
    "JobRequest",
    "Progress",
    "StageView",
    "Worker",
    "cancel_job",
    "clone_job",
    "delete_job",
    "job",
    "job_curves",
    "job_log",
    "job_states",
    "list_jobs",
    "pause_job",
    "resume_job",
    "retry_job",
    "start_job",
    "workers",
]


def start_job(request: JobRequest, key: str = "") -> Job:
    """Queue a retraining; asked twice with the same `key`, it is the one job. Raises `InputError`."""
    return _client().start(request, key)


def list_jobs(limit: int = 200) -> list[Job]:
    """Jobs, the newest first. Raises `MtaaError` where their database can't be read, as do all of these."""
    return _client().jobs(limit)


def job(name: str) -> Job:
    """One job by its id. Raises `UnknownNameError`."""
    return _client().show(name)


def cancel_job(name: str) -> Job:
    """Stop a job: its processes end within three seconds."""
    return _client().cancel(name)


def pause_job(name: str) -> Job:
    """Stop a job that is to go on later."""
    return _client().pause(name)


def resume_job(name: str) -> Job:
    """Let a paused or cancelled job go on."""
    return _client().resume(name)


def retry_job(name: str) -> Job:
    """Let a failed job go on with the step that failed."""
    return _client().retry(name)


def clone_job(name: str, checkpoint: str, asked_by: str = "") -> Job:
    """Start a job like this one that makes another checkpoint."""
    return _client().clone(name, checkpoint, asked_by)


def delete_job(name: str) -> None:
    """Forget a job at rest; what it made stays."""
    _client().delete(name)


def job_curves(name: str) -> Curves:
    """A row an epoch: `epoch`, `train_attack`, `train_victim`, `train_intensity`, `validation_attack_accuracy`, …"""
    from mtaa.jobs.folder import JobFolder

    return JobFolder(name).curves()


def job_log(name: str, lines: int = 200) -> list[str]:
    """The last lines of a job's log."""
    from mtaa.jobs.folder import JobFolder

    return JobFolder(name).log_tail(lines)


def job_states() -> list[State]:
    """The state of every job, which takes far less than reading the jobs."""
    from mtaa.jobs import view

    return view.states()


def workers() -> list[Worker]:
    """Workers and when they were last heard of; where none is `alive`, jobs wait."""
    from mtaa.jobs import presence

    return presence.workers()


def _client() -> "ModuleType":
    from mtaa.jobs import client

    return client

"""Starting and steering jobs. Whoever calls this needs no worker, and never becomes one."""

import secrets
from typing import TYPE_CHECKING

from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.core.files import sha256_bytes
from mtaa.jobs import database, trainable, view
from mtaa.jobs.database import JOBS, PIECE, PIECES, RETRAIN
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import ACTIVE, Job, JobRequest, State
from mtaa.models.config import preset

if TYPE_CHECKING:
    from dbos import DBOSClient

_STOPPED: tuple[State, ...] = ("failed", "paused", "cancelled")


def start(request: JobRequest, key: str = "") -> Job:
    """Queue a job. With the same `key` as before it is the job of that time, whatever has become of it.

    Raises `InputError` where the checkpoint's name is taken, by a checkpoint or by another job under way, or where the
    scenario can't be trained on.
    """
    client = database.client(writing=True)
    job = f"job-{sha256_bytes(key.encode())[:12]}" if key else f"job-{secrets.token_hex(6)}"
    if known := view.read(client, [job]):
        return known[0]
    from mtaa.victims import pinned  # here, since only who starts a job need wait for torch

    preset(request.network)
    if reason := trainable.why_not(request.scenario):
        raise InputError(reason)
    request = request.model_copy(update={"scenario": pinned(request.scenario)})
    if request.labelled and not request.shots:
        raise InputError("an analyst's images must come with examples of the attack, got none; say how many: shots")
    if request.start:
        network = "" if request.shots else request.network
        if reason := trainable.why_not_from(request.start, request.scenario, network):
            raise InputError(reason)
    cards.check_name(request.checkpoint)
    if (paths.checkpoints() / request.checkpoint).exists() and not request.replace:
        raise InputError(f"checkpoint name must be new, got {request.checkpoint}; choose another, or say replace")
    for other in view.read(client):
        if other.request.checkpoint == request.checkpoint and other.state in ACTIVE:
            raise InputError(
                f"checkpoint name must be new, got {request.checkpoint}, which {other.id} is making; choose another"
            )
    options = {"workflow_name": RETRAIN, "queue_name": JOBS, "workflow_id": job, "app_version": database.VERSION}
    client.enqueue(options, request.model_dump(mode="json"))  # type: ignore[arg-type]
    return show(job)


def jobs(limit: int = 200) -> list[Job]:
    """Jobs, the newest first."""
    return view.read(database.client(), limit=limit) if database.exists() else []


def show(job: str) -> Job:
    """One job. Raises `UnknownNameError`."""
    found = view.read(database.client(), [job]) if database.exists() else []
    if not found:
        raise UnknownNameError("job", job, [one.id for one in jobs()])
    return found[0]


def cancel(job: str) -> Job:
    """Stop a job; its processes end within three seconds, whole epochs and shards stay."""
    _must_be(show(job), ACTIVE, "queued or running")
    database.client(writing=True).cancel_workflow(job, cancel_children=True)
    return show(job)


def pause(job: str) -> Job:
    """Stop a job that is to go on later."""
    _must_be(show(job), ACTIVE, "queued or running")
    database.client(writing=True).update_workflow_attributes(job, {view.PAUSED: True}, merge=True)
    return cancel(job)


def resume(job: str) -> Job:
    """Let a paused or cancelled job go on from its last whole epoch or shard."""
    _must_be(show(job), ("paused", "cancelled"), "paused or cancelled")
    return _go_on(job)


def retry(job: str) -> Job:
    """Let a failed job go on with the step that failed."""
    _must_be(show(job), ("failed",), "failed")
    return _go_on(job)


def clone(job: str, checkpoint: str, asked_by: str = "") -> Job:
    """Start a job like `job` that makes the checkpoint `checkpoint`."""
    request = show(job).request
    return start(request.model_copy(update={"checkpoint": checkpoint, "asked_by": asked_by or request.asked_by}))


def delete(job: str) -> None:
    """Forget a job that is at rest, with its log and half-trained network. Its checkpoint and its shards stay."""
    from mtaa.training.labelled import drop

    found = show(job)
    _must_be(found, ("done", *_STOPPED), "at rest; cancel it first")
    JobFolder(job).delete()
    drop(found.request.labelled)
    database.client(writing=True).delete_workflow(job, delete_children=True)


def _must_be(job: Job, states: tuple[State, ...], words: str) -> None:
    if job.state not in states:
        raise InputError(f"{job.id} must be {words}, got {job.state}; see: mtaa job show {job.id}")


def _go_on(job: str) -> Job:
    client = database.client(writing=True)
    client.update_workflow_attributes(job, {view.PAUSED: False}, merge=True)
    ended = ["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
    for piece in client.list_workflows(name=PIECE, parent_workflow_id=job, status=ended, load_input=False):
        _again(client, piece.workflow_id, PIECES)
    _again(client, job, JOBS)
    return show(job)


def _again(client: "DBOSClient", workflow: str, queue: str) -> None:
    """Queue it once more: what it did stays done, up to the first thing that failed."""
    failed = [step["function_id"] for step in client.list_workflow_steps(workflow) if step["error"] is not None]
    if failed:
        client.rewind_workflow(workflow, start_step=min(failed), queue_name=queue)
    else:
        client.resume_workflow(workflow, queue_name=queue)

"""A job as it stands, read from the engine's rows of the job and its pieces, and from what its processes tell."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from mtaa.jobs import database, presence
from mtaa.jobs.database import PIECE, RETRAIN
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import STAGES, Job, JobRequest, Progress, Stage, StageState, StageView, State

if TYPE_CHECKING:
    from dbos import DBOSClient, WorkflowStatus

PAUSED = "paused"  # an attribute of the job's row: cancelled, but meant to go on
_WAITING = ("ENQUEUED", "DELAYED")
_OVER: dict[str, StageState] = {
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "stopped",
}
_SHOWN: tuple[StageState, ...] = ("failed", "running", "stopped", "queued", "done")  # the first that a piece is in


def read(client: "DBOSClient", ids: list[str] | None = None, limit: int | None = None) -> list[Job]:
    """Jobs, the newest first: all, or those of `ids` that exist."""
    rows = client.list_workflows(name=RETRAIN, workflow_ids=ids, sort_desc=True, limit=limit, load_output=True)
    if not rows:
        return []
    names = [row.workflow_id for row in rows]
    pieces = client.list_workflows(name=PIECE, parent_workflow_id=names, load_input=False, load_output=False)
    living = presence.alive()
    grouped: dict[str, list[WorkflowStatus]] = {name: [] for name in names}
    for piece in pieces:
        grouped[str(piece.parent_workflow_id)].append(piece)
    return [_job(row, grouped[row.workflow_id], living) for row in rows]


def states() -> list[State]:
    """The state of every job, off the engine's documented table and without loading the engine. Raises `MtaaError`."""
    if not database.ready():
        return []
    table = "workflow_status" if database.url().startswith("sqlite") else "dbos.workflow_status"
    query = text(f"SELECT status, executor_id, attributes FROM {table} WHERE name = :name")
    with database.reachable(), database.engine(database.url()).connect() as connection:
        rows = connection.execute(query, {"name": RETRAIN}).all()
    living = presence.alive()
    return [
        _state(status, worker, json.loads(attributes) if isinstance(attributes, str) else attributes, living)
        for status, worker, attributes in rows
    ]


def _job(row: "WorkflowStatus", pieces: list["WorkflowStatus"], living: set[str]) -> Job:
    assert row.input is not None
    request = JobRequest.model_validate(row.input["args"][0])
    state = _state(row.status, row.executor_id, row.attributes, living)
    stages = [_stage(name, [piece for piece in pieces if _stage_of(piece) == name], living) for name in STAGES]
    reached = [place for place, stage in enumerate(stages) if stage.total]
    last = reached[-1] if reached else 0
    # A stage that had nothing to do, such as victims that all exist, is done once a later one has begun.
    stages = [
        stage.model_copy(update={"state": "done"}) if place < last and not stage.total else stage
        for place, stage in enumerate(stages)
    ]
    running = [piece for piece in pieces if piece.status == "PENDING" and piece.executor_id in living]
    return Job(
        id=row.workflow_id,
        request=request,
        state=state,
        stage=STAGES[last],
        stages=stages,
        progress=_progress(row.workflow_id, running) if state == "running" else None,
        error=_error(row),
        workers=sorted({str(piece.executor_id) for piece in running}),
        created=_moment(row.created_at) or datetime.now(UTC),
        ended=_moment(row.completed_at),
    )


def _state(status: str, worker: str | None, attributes: Mapping[str, Any] | None, living: set[str]) -> State:
    if status == "PENDING":
        return "running" if worker in living else "queued"
    if status in _WAITING:
        return "queued"
    if status == "CANCELLED":
        return "paused" if (attributes or {}).get(PAUSED) else "cancelled"
    return "done" if status == "SUCCESS" else "failed"


def _error(row: "WorkflowStatus") -> str:
    if row.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return "the job's workers must live while they are at it, got one that died again and again; see its log"
    return " ".join(str(row.error).split()) if row.error else ""


def _stage(name: Stage, pieces: list["WorkflowStatus"], living: set[str]) -> StageView:
    states = {_piece_state(piece, living) for piece in pieces}
    began = [piece.dequeued_at for piece in pieces if piece.dequeued_at]
    ended = [piece.completed_at for piece in pieces if piece.completed_at]
    over = bool(pieces) and len(ended) == len(pieces)
    return StageView(
        name=name,
        state=next((state for state in _SHOWN if state in states), "waiting"),
        done=sum(piece.status == "SUCCESS" for piece in pieces),
        total=len(pieces),
        began=_moment(min(began)) if began else None,
        ended=_moment(max(ended)) if over else None,
    )


def _piece_state(piece: "WorkflowStatus", living: set[str]) -> StageState:
    if piece.status == "PENDING":
        return "running" if piece.executor_id in living else "queued"
    return _OVER.get(piece.status, "queued")


def _stage_of(piece: "WorkflowStatus") -> str:
    return piece.workflow_id.split(".")[1]


def _progress(job: str, running: list["WorkflowStatus"]) -> Progress | None:
    """What all processes at work tell, taken together: each counts what it did itself."""
    told = [one for piece in running for one in JobFolder(job).progress(piece.workflow_id.split(".", 1)[1])]
    if not told:
        return None
    first = told[0]
    rate = sum(one.rate for one in told)
    done = min(first.total, min(one.first for one in told) + sum(one.done - one.first for one in told))
    left = (first.total - done) / rate if rate > 0 else None
    return first.model_copy(update={"rate": rate, "done": done, "seconds_left": left})


def _moment(milliseconds: Any) -> datetime | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None

"""The durable part: which pieces a job has and in which order. Each is a row in the database, done once.

A job only waits; all that computes is a piece, and a worker does one piece at a time. So one worker is one GPU's load,
however many jobs there are, and several workers share a job's pieces.
"""

import asyncio
from typing import Any

from dbos import DBOS, SetWorkflowID

from mtaa.core.errors import MtaaError
from mtaa.jobs import launch, presence
from mtaa.jobs.database import PIECE, PIECES, RETRAIN
from mtaa.jobs.failing import sentence
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest

_POLL_SECONDS = 0.5


@DBOS.workflow(name=RETRAIN)
async def retrain(request: dict[str, Any]) -> Any:
    """validate → victims that are missing → shards, by as many workers as there are → train → … → register."""
    (found,) = await _do("validate", request, [""])
    await _do("victims", request, found["victims"])
    await _do("generate", request, [str(lane) for lane in range(await lanes())])
    for stage in ("train", "evaluate", "map"):
        await _do(stage, request, [""])
    (registered,) = await _do("register", request, [""])
    return registered


@DBOS.workflow(name=PIECE)
async def piece(job: str, request: dict[str, Any], stage: str, argument: str) -> Any:
    """One piece, by one worker."""
    return await process(job, request, stage, argument)


@DBOS.step(name="mtaa.process", preemptible=True)
async def process(job: str, request: dict[str, Any], stage: str, argument: str) -> Any:
    """The piece's processes; a cancelled job cuts them off."""
    try:
        await asyncio.to_thread(JobFolder(job).write_request, JobRequest.model_validate(request))
        return await launch.run(job, stage, argument)
    except (MtaaError, OSError) as error:
        raise MtaaError(sentence(error, stage)) from error


@DBOS.step(name="mtaa.lanes")
async def lanes() -> int:
    """How many workers can make shards; each is given one piece that lasts until none is left."""
    return max(1, await asyncio.to_thread(presence.alive_count))


async def _do(stage: str, request: dict[str, Any], arguments: list[str]) -> list[Any]:
    """All pieces of a stage, over all workers; the first that fails ends the others."""
    job = str(DBOS.workflow_id)
    names = [piece_id(job, stage, argument) for argument in arguments]
    handles = []
    for name, argument in zip(names, arguments, strict=True):
        with SetWorkflowID(name):
            handles.append(await DBOS.enqueue_workflow_async(PIECES, piece, job, request, stage, argument))
    try:
        return [await handle.get_result(polling_interval_sec=_POLL_SECONDS) for handle in handles]
    except Exception:
        await DBOS.cancel_workflows_async(names)
        raise


def piece_id(job: str, stage: str, argument: str) -> str:
    """The deterministic name of a piece: asked for twice, it is the same one."""
    return f"{job}.{stage}.{argument}" if argument else f"{job}.{stage}"

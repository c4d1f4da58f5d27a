"""How long a job will take here: judged by finished jobs alone. Where none did the like, nothing is guessed."""

from pydantic import BaseModel, ConfigDict

from mtaa.core.titles import title
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import Job, JobRequest, Progress, Stage

STEPS, BATCHES = "gradient steps", "batches"
LAST: tuple[Stage, ...] = ("evaluate", "map", "register")


class Term(BaseModel):
    """One part of the work: `seconds`, or None where it was never measured here. `basis` says from what, in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    seconds: float | None
    basis: str = ""


def forecast(request: JobRequest, missing: list[str], work: int, batches: int, known: list[Job]) -> list[Term]:
    """The parts of the time that `request` takes, by what was told of the finished jobs among `known`.

    missing: victims to train first. work: gradient steps that are left to make. batches: of all epochs.
    """
    done = [job for job in known if job.state == "done"]
    terms = [_victims(request, missing, done)] if missing else []
    terms += [_generate(request, work, done)] if work else []
    return [*terms, _train(request, batches, done), _rest(request, done)]


def _victims(request: JobRequest, missing: list[str], done: list[Job]) -> Term:
    what = f"training {len(missing)} victim{'s' if len(missing) > 1 else ''}"
    for job in _nearest(request, done):
        stage = next(stage for stage in job.stages if stage.name == "victims")
        seconds = _seconds(job, "victims")
        if job.request.scenario.images == request.scenario.images and stage.total and seconds is not None:
            each = seconds / stage.total
            return Term(
                what=what, seconds=each * len(missing), basis=f"{each:,.0f} s each in {job.id}; others may take longer"
            )
    return Term(what=what, seconds=None)


def _generate(request: JobRequest, work: int, done: list[Job]) -> Term:
    for job in _nearest(request, done):
        told = [one for one in _told(job, "generate") if one.unit == STEPS and one.done > one.first and one.rate > 0]
        if job.request.scenario.images == request.scenario.images and told:
            rate = sum(one.rate for one in told)
            names = ", ".join(title(name) for name in job.request.scenario.victims)
            basis = f"{rate:,.0f} gradient steps a second in {job.id}, on {names}"
            return Term(what="making examples", seconds=work / rate, basis=basis)
    return Term(what="making examples", seconds=None)


def _train(request: JobRequest, batches: int, done: list[Job]) -> Term:
    for job in _nearest(request, done):
        told = [one for one in _told(job, "train") if one.unit == BATCHES and one.done > one.first and one.rate > 0]
        alike = job.request.network == request.network and job.request.scenario.images == request.scenario.images
        if alike and told:
            rate = told[0].rate
            basis = f"{rate:,.1f} batches a second in {job.id}"
            return Term(what="training", seconds=batches / rate, basis=basis)
    return Term(what="training", seconds=None)


def _rest(request: JobRequest, done: list[Job]) -> Term:
    for job in _nearest(request, done):
        each = [_seconds(job, stage) for stage in LAST]
        known = [seconds for seconds in each if seconds is not None]
        if job.request.network == request.network and len(known) == len(LAST):
            # Each grows with the test split, from a start that is always there.
            share = max(1.0, request.scenario.total("test") / max(1, job.request.scenario.total("test")))
            return Term(what="evaluation and map", seconds=sum(known) * share, basis=f"{sum(known):,.0f} s in {job.id}")
    return Term(what="evaluation and map", seconds=None)


def _nearest(request: JobRequest, done: list[Job]) -> list[Job]:
    """Finished jobs, those that share most victims first, of these the ones that made most."""

    def likeness(job: Job) -> tuple[int, int]:
        scenario = job.request.scenario
        return len(set(scenario.victims) & set(request.scenario.victims)), scenario.total("train")

    return sorted(done, key=likeness, reverse=True)


def _told(job: Job, stage: str) -> list[Progress]:
    """What the stage's processes said last, all its pieces."""
    return JobFolder(job.id).progress(f"{stage}*")


def _seconds(job: Job, name: Stage) -> float | None:
    stage = next(stage for stage in job.stages if stage.name == name)
    return (stage.ended - stage.began).total_seconds() if stage.began and stage.ended else None

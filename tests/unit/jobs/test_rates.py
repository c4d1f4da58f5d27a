"""Time is judged by finished jobs of the like, and by nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mtaa.core import files
from mtaa.jobs import rates
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.rates import Term
from mtaa.jobs.record import STAGES, Job, JobRequest, Progress, StageView

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def finished(request: JobRequest, number: int = 1, seconds: float = 60, **changes: Any) -> Job:
    """A done job whose stages took `seconds` each, with what two processes and a training told."""
    job = f"job-{number:012x}"
    for part, rate in enumerate((300.0, 200.0)):
        told = Progress(task="adversarial examples", unit="gradient steps", done=900, total=1000, rate=rate)
        files.write_json(JobFolder(job).progress_file(f"generate.0.{part}"), told.model_dump())
    told = Progress(task="training", unit="batches", done=50, total=50, rate=10)
    files.write_json(JobFolder(job).progress_file("train.0"), told.model_dump())
    stages = [
        StageView(name=name, state="done", done=1, total=1, began=BEGAN, ended=BEGAN + timedelta(seconds=seconds))
        for name in STAGES
    ]
    job_record = Job(id=job, request=request, state="done", stage="register", stages=stages, created=BEGAN, ended=BEGAN)
    return job_record.model_copy(update=changes)


def seconds(terms: list[Term]) -> dict[str, float | None]:
    return {term.what: term.seconds for term in terms}


def test_where_nothing_was_finished_nothing_is_guessed(asked: JobRequest) -> None:
    running = finished(asked, state="running")
    expected = {"training 1 victim": None, "making examples": None, "training": None, "evaluation and map": None}
    assert seconds(rates.forecast(asked, ["tiny_a"], 1000, 80, [])) == expected
    assert seconds(rates.forecast(asked, ["tiny_a"], 1000, 80, [running])) == expected


def test_rates_of_processes_add_up_and_say_whose_they_are(asked: JobRequest) -> None:
    terms = rates.forecast(asked, ["tiny_a", "tiny_b"], 1000, 80, [finished(asked)])
    assert seconds(terms) == {
        "training 2 victims": 120,
        "making examples": 2,
        "training": 8,
        "evaluation and map": 180,
    }
    assert all("job-000000000001" in term.basis for term in terms)
    assert "500 gradient steps a second" in terms[1].basis
    assert "Tiny A, Tiny B" in terms[1].basis


def test_what_is_made_or_trained_already_takes_no_time(asked: JobRequest) -> None:
    assert set(seconds(rates.forecast(asked, [], 0, 80, []))) == {"training", "evaluation and map"}


def test_other_networks_and_other_images_are_no_basis(asked: JobRequest) -> None:
    other = asked.model_copy(update={"network": "mtaa-paper-resnet18"})
    found = seconds(rates.forecast(other, [], 1000, 80, [finished(asked)]))
    assert found == {"making examples": 2, "training": None, "evaluation and map": None}
    images = asked.scenario.images.model_copy(update={"side": 56})
    wider = asked.model_copy(update={"scenario": asked.scenario.model_copy(update={"images": images})})
    found = seconds(rates.forecast(wider, [], 1000, 80, [finished(asked)]))
    assert (found["making examples"], found["training"]) == (None, None)


def test_the_job_that_shares_most_victims_is_asked_first(asked: JobRequest) -> None:
    alone = asked.model_copy(update={"scenario": asked.scenario.model_copy(update={"victims": ["tiny_b"]})})
    terms = rates.forecast(asked, [], 1000, 80, [finished(alone, 2), finished(asked, 3)])
    assert all("job-000000000003" in term.basis for term in terms)

"""An own model stays as long as a checkpoint, a job that may go on, or generated examples need it."""

from pathlib import Path

import pytest

from mtaa.core import files, paths
from mtaa.core.errors import InputError
from mtaa.dataset import manifest
from mtaa.jobs import client, needing
from mtaa.jobs.record import JobRequest
from mtaa.scenario.presets import dump
from mtaa.victims import own_names, pinned, removing
from mtaa.victims.store import VictimCard
from tests.made_up_card import made_up_card
from tests.unit.victims.brought import card


@pytest.fixture
def own(asked: JobRequest) -> JobRequest:
    """A job on a scenario with an own model."""
    return asked.model_copy(update={"scenario": asked.scenario.model_copy(update={"victims": ["tiny_a", "mine"]})})


@pytest.fixture
def mine(own: JobRequest) -> VictimCard:
    return card("mine", own.scenario.images)


def test_what_nothing_needs_goes(mine: VictimCard) -> None:
    assert needing.needed_by(mine) == []
    assert needing.remove_victim("mine", who="ann").who == "ann"
    assert own_names(mine.images) == []


def test_a_job_needs_it_until_it_is_deleted(mine: VictimCard, own: JobRequest, asked: JobRequest) -> None:
    client.start(asked.model_copy(update={"checkpoint": "without"}))
    job = client.start(own)
    assert job.request.scenario.weights == {"mine": mine.weights_sha256}
    assert needing.needed_by(mine) == [job.id]
    client.cancel(job.id)
    with pytest.raises(InputError, match=f"mine must be needed by nothing, got {job.id}; delete that first"):
        needing.remove_victim("mine")
    client.delete(job.id)
    assert needing.remove_victim("mine")


def test_examples_made_with_it_need_it_and_those_of_another_one_do_not(mine: VictimCard, own: JobRequest) -> None:
    folder = manifest.folder(own.scenario)
    files.write_text(folder / "scenario.yaml", dump(pinned(own.scenario)))
    other = own.scenario.model_copy(update={"weights": {"mine": "0" * 64}})
    files.write_text(paths.datasets() / "other" / "scenario.yaml", dump(other))
    files.write_text(paths.datasets() / "broken" / "scenario.yaml", "name: [")
    assert needing.needed_by(mine) == [f"the examples in {folder}"]


def test_a_checkpoint_needs_the_weights_that_it_knows(mine: VictimCard, own: JobRequest) -> None:
    for name, digest in (("knows", mine.weights_sha256), ("another", "0" * 64)):
        folder: Path = paths.checkpoints() / name
        made = made_up_card(name=name, victims_sha256={"mine": digest})
        files.write_json(folder / "card.json", made.model_dump(mode="json"))
        files.write_text(folder / "scenario.yaml", dump(own.scenario))
    assert needing.needed_by(mine) == ["checkpoint knows"]
    assert removing.removals() == []

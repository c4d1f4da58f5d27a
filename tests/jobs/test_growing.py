"""A job that adds to a checkpoint goes through the same stages, and on after its worker is killed."""

from pathlib import Path

import numpy as np
import pytest

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.jobs import client
from mtaa.jobs.folder import JobFolder
from mtaa.jobs.record import JobRequest
from mtaa.scenario import AttackSpec, Grid, growth
from mtaa.training import labelled
from tests.jobs.yard import SCENARIO, epochs, kill, request, until, until_over, worker
from tests.jobs.yard import an_epoch_is_whole as an_epoch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def test_a_checkpoint_grows_in_a_job_whose_worker_is_killed(yard: Path) -> None:
    with worker():
        assert until_over(client.start(request("start", epochs=1)).id).state == "done"
    before = cards.read("start")
    spec = AttackSpec(name="bim", intensities=Grid(start=60, stop=120, step=60))
    wanted = growth.few_shot(SCENARIO, [spec], [], 20, "grown")
    images = np.random.default_rng(0).integers(0, 256, (24, 1, 8, 8), np.uint8)
    hashes = [files.sha256_bytes(one.tobytes()) for one in images]
    shown = labelled.split(images, hashes, "bim", "case 1")
    labelled.keep(shown, images, hashes)
    asked = JobRequest(scenario=wanted, checkpoint="grown", start="start", shots=20, epochs=2, device="cpu")
    asked = asked.model_copy(update={"labelled": shown})
    job = client.start(asked).id
    with worker() as first:
        until(lambda: an_epoch(job), "an epoch")
        kill(first)
    with worker():
        done = until_over(job)
    assert (done.state, done.error) == ("done", "")
    assert epochs(job) == [1, 2]
    assert cards.read("start") == before
    card = cards.read("grown")
    assert card.attacks == ["fgsm", "pgd", "bim", "clean"]
    assert card.growth is not None
    assert card.growth.attacks["bim"].trained_on == 20 + 18
    told = card.growth.labelled
    assert told is not None
    assert (told.learnt, told.held_out) == (shown.learnt, shown.held_out)
    assert told.right is not None
    assert not list((paths.home() / "labelled").iterdir())
    assert card.growth.replayed == SCENARIO.total("train")
    assert (card.training["start"], card.training["job"]) == ("start", job)
    assert JobFolder(job).replay.is_file()

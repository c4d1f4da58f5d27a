"""The experiment from end to end: make what is strange, look at it and at known examples, score, compare."""

import time
from collections import Counter

import numpy as np

from mtaa.attribution import Attributor
from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.progress import Progress
from mtaa.core.verdict import Verdict
from mtaa.dataset.read import read_export
from mtaa.evaluation import metrics
from mtaa.experiments.openset.record import OpensetRecord, OpensetSettings, Task
from mtaa.experiments.openset.strange import absent, cases
from mtaa.experiments.openset.yardstick import Yardstick, look
from mtaa.images.containers import as_png
from mtaa.models.store import load_network
from mtaa.scenario.presets import of_checkpoint

TASKS: tuple[Task, ...] = ("attack", "victim")


def run(settings: OpensetSettings, progress: Progress) -> OpensetRecord:
    """Measure. Examples and other source models are made once and kept under `MTAA_HOME`."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    known = of_checkpoint(settings.checkpoint)
    test = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    network = load_network(card).to(place)
    labels, seen = (card.attacks, card.victims), look(network, card.victims, test.images, place)
    yardsticks = {task: Yardstick(labels, task, test, seen) for task in TASKS}
    rows, attributor = [], Attributor.open(card.name, settings.device)
    for case in cases(known, settings, progress):
        progress.raise_if_cancelled()
        row = yardsticks[case.task].row(case, look(network, card.victims, case.images, place))
        rows.append(row.model_copy(update={"standing": _standing(attributor, case.images)}))
    return OpensetRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        known={task: len(one.right) for task, one in yardsticks.items()},
        accuracy={task: metrics.accuracy(one.right) for task, one in yardsticks.items()},
        oscr={task: one.oscr() for task, one in yardsticks.items()},
        rows=rows,
        absent=absent(known, settings),
    )


def _standing(attributor: Attributor, images: np.ndarray) -> dict[str, int]:
    """What verdicts say of `images` (n, C, H, W) uint8 as PNGs: how many are known, of a family, and so on."""
    said: Counter[str] = Counter()
    for verdict in attributor.attribute((str(place), as_png(image)) for place, image in enumerate(images)):
        assert isinstance(verdict, Verdict)
        said["destroyed" if verdict.names_nobody else verdict.standing or "undecided"] += 1
    return dict(said.most_common())

"""The experiment from end to end: make what is strange, look at it and at known examples, score, compare."""

import time
import zlib
from collections import Counter

import numpy as np
import torch

from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.progress import Progress
from mtaa.core.strange import UNUSUAL
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation import metrics
from mtaa.experiments.openset.record import OpensetRecord, OpensetSettings, Row, Task
from mtaa.experiments.openset.scores import SCORES, Reference, Seen, open_set_rate
from mtaa.experiments.openset.strange import CLEAN, Case, absent, cases
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.scenario.presets import of_checkpoint
from mtaa.signatures.strangeness import FEWEST

TASKS: tuple[Task, ...] = ("attack", "victim")
NOBODY = "none"
BATCH = 256


def run(settings: OpensetSettings, progress: Progress) -> OpensetRecord:
    """Measure. Examples and other source models are made once and kept under `MTAA_HOME`."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    known = of_checkpoint(settings.checkpoint)
    test = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    network = load_network(card).to(place)
    yardsticks = {task: _Yardstick(card, task, test, _look(card, network, test.images, place)) for task in TASKS}
    rows = []
    for case in cases(known, settings, progress):
        progress.raise_if_cancelled()
        rows.append(yardsticks[case.task].row(case, _look(card, network, case.images, place)))
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


class _Yardstick:
    """Known examples as one task sees them: half a reference, half what the strange must be told from."""

    def __init__(self, card: Card, task: Task, test: Examples, seen: dict[Task, Seen]):
        self._card, self.task = card, task
        self._names = card.attacks if task == "attack" else [name for name in card.victims if name != NOBODY]
        true = test.attack if task == "attack" else test.victim
        counts = true < len(self._names) if task == "victim" else np.ones(len(true), bool)  # clean ones have no victim
        half = np.array([zlib.crc32(source.encode()) % 2 == 0 for source in test.source])
        apart, mine = np.flatnonzero(~half & counts), np.flatnonzero(half & counts)
        self._reference, told = Reference(seen[task].take(mine), true[mine]), seen[task].take(apart)
        self.right = told.logits.argmax(1) == true[apart]
        self._known = {name: score(self._reference, told) for name, score in SCORES.items()}
        self._named = seen["attack"].logits[apart].argmax(1)
        self._strange: dict[str, list[np.ndarray]] = {name: [] for name in SCORES}

    def row(self, case: Case, seen: dict[Task, Seen]) -> Row:
        """What is measured of `case`, of which `seen` is what both tasks see."""
        found = {name: score(self._reference, seen[self.task]) for name, score in SCORES.items()}
        if case.kind in ("attack", "architecture", "seed"):
            for name, values in found.items():
                self._strange[name].append(values)
        said = Counter(self._names[place] for place in seen[self.task].logits.argmax(1).tolist())
        attack = seen["attack"].logits.argmax(1)
        is_beyond = {name: values > self._usual(name)[attack] for name, values in found.items()}
        is_called = np.array([name != CLEAN for name in self._card.attacks])[attack]
        return Row(
            kind=case.kind,
            said=case.said,
            task=self.task,
            count=len(case.images),
            auroc={name: metrics.auroc(self._known[name], values) for name, values in found.items()},
            found={name: metrics.accuracy(beyond, 1 - UNUSUAL) for name, beyond in is_beyond.items()},
            called=metrics.accuracy(is_called),
            named=dict(said.most_common()),
        )

    def _usual(self, name: str) -> np.ndarray:
        """By the attack that is named (A,), the value of a score that `UNUSUAL` of the known keep to; of all where few
        are named so."""
        values, found = self._known[name], np.quantile(self._known[name], UNUSUAL)
        usual = np.full(len(self._card.attacks), found)
        for place in range(len(usual)):
            if (alike := self._named == place).sum() >= FEWEST:
                usual[place] = np.quantile(values[alike], UNUSUAL)
        return usual

    def oscr(self) -> dict[str, float]:
        """Over all strange attacks, or source models, together."""
        return {
            name: round(open_set_rate(self._known[name], self.right, np.concatenate(values)), 4)
            for name, values in self._strange.items()
            if values
        }


def _look(card: Card, network: Mtaa, images: np.ndarray, place: torch.device) -> dict[Task, Seen]:
    """What each task sees of `images`; source models are those that exist."""
    models = [place for place, name in enumerate(card.victims) if name != NOBODY]
    parts = []
    for start in range(0, len(images), BATCH):
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(place).float() / 255
        with torch.inference_mode():
            attack, victim = network.embed(chunk)
            said = network.read(attack, victim)
        parts.append([part.cpu().numpy() for part in (attack, said.attack, victim, said.victim[:, models])])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return {"attack": Seen(*columns[:2]), "victim": Seen(*columns[2:])}

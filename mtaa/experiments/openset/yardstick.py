"""What strange images are told from: known examples, as one task of a network sees them."""

import zlib
from collections import Counter

import numpy as np
import torch

from mtaa.core.labels import CLEAN, NOBODY
from mtaa.core.strange import UNUSUAL
from mtaa.dataset.examples import Examples
from mtaa.evaluation import metrics
from mtaa.experiments.openset.record import Row, Task
from mtaa.experiments.openset.scores import SCORES, Reference, Seen, open_set_rate
from mtaa.experiments.openset.strange import Case
from mtaa.models.network import Mtaa
from mtaa.signatures.strangeness import FEWEST

BATCH = 256
Labels = tuple[list[str], list[str]]


class Yardstick:
    """Known examples as one task sees them: half a reference, half what the strange must be told from.

    `labels` are the attack and victim classes of the network, and `seen` is what it sees of `test`.
    """

    def __init__(self, labels: Labels, task: Task, test: Examples, seen: dict[Task, Seen]):
        (self._attacks, victims), self.task = labels, task
        self._names = self._attacks if task == "attack" else [name for name in victims if name != NOBODY]
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
        is_called = np.array([name != CLEAN for name in self._attacks])[attack]
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
        usual = np.full(len(self._attacks), found)
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


def look(network: Mtaa, victims: list[str], images: np.ndarray, place: torch.device) -> dict[Task, Seen]:
    """What each task of `network` sees of `images`; source models are those of `victims` that exist."""
    models = [place for place, name in enumerate(victims) if name != NOBODY]
    parts = []
    for start in range(0, len(images), BATCH):
        chunk = torch.from_numpy(np.array(images[start : start + BATCH])).to(place).float() / 255
        with torch.inference_mode():
            attack, victim = network.embed(chunk)
            said = network.read(attack, victim)
        parts.append([part.cpu().numpy() for part in (attack, said.attack, victim, said.victim[:, models])])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return {"attack": Seen(*columns[:2]), "victim": Seen(*columns[2:])}

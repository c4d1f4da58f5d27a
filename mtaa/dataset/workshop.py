"""Making one shard: choose source images, attack, round to 8 bits, measure, write."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import torch

from mtaa.attacks import Attack, Oracle, build, round_to_bytes
from mtaa.attacks.outcome import distances, measure, shows
from mtaa.core.errors import InputError
from mtaa.core.units import UNITS, UnitName
from mtaa.dataset import plan, shards
from mtaa.images import ImageSource, controls
from mtaa.scenario.record import Scenario
from mtaa.victims import Victim, load, pinned

SPARE = 32  # images in reserve for those on which an attack does not show its intensity


class Workshop:
    """Keeps the victim in use loaded, and an oracle for each precision asked of it."""

    def __init__(self, scenario: Scenario, device: str):
        self.scenario, self.device = scenario, device
        self._name = ""
        self._victim: Victim | None = None
        self._oracles: dict[str, Oracle] = {}

    def _load(self, name: str) -> Victim:
        if self._victim is None or name != self._name:
            self._victim, self._name, self._oracles = load(self.scenario.images, name), name, {}
        return self._victim

    def make(self, shard: plan.Shard, source: ImageSource, path: Path) -> None:
        """Craft, round, measure and write one shard."""
        random = np.random.default_rng(shard.seed)
        order = random.permutation(source.indices(shard.split))
        count = len(shard.intensities)
        if shard.attack == plan.CLEAN:
            # A sequence of its own: parts of one split must not repeat images, or false alarms are counted twice.
            every = np.random.default_rng(self.scenario.seed).permutation(source.indices(shard.split))
            self._write(shard, source, np.resize(np.roll(every, -shard.part * plan.ROWS), count), None, path)
            return
        victim, precision = self._load(shard.victim), self.scenario.precision.of(shard.split)
        if precision not in self._oracles:
            self._oracles[precision] = Oracle(victim, precision, self.device)
        oracle, attack = self._oracles[precision], build(self.scenario.attack(shard.attack))
        right = _correctly_classified(oracle, source, order, count + SPARE)
        chosen, spare = right[:count], right[count:]
        adversarial, reached = self._craft(attack, oracle, source, chosen, shard.intensities, shard.seed)
        # Where a victim is so sure that its gradient is zero in floating point, the image stays as it is or stops
        # short of ε. What it shows is then another ε than its label says, so another image takes its place.
        redrawn, may_miss = 0, UNITS[attack.unit].may_miss
        while not (may_miss or reached.all()) and len(spare) >= (~reached).sum():
            again = np.flatnonzero(~reached)
            redrawn += len(again)
            chosen[again], spare = spare[: len(again)], spare[len(again) :]
            adversarial[again], reached[again] = self._craft(
                attack, oracle, source, chosen[again], shard.intensities[again], shard.seed
            )
        self._write(shard, source, chosen, (adversarial, reached, attack.unit, victim), path, redrawn)

    @staticmethod
    def _craft(
        attack: Attack, oracle: Oracle, source: ImageSource, chosen: np.ndarray, intensities: np.ndarray, seed: int
    ) -> tuple[torch.Tensor, np.ndarray]:
        """Rounded images (n, C, H, W) uint8, and whether (n,) each reached and shows its intensity."""
        images, labels = torch.from_numpy(source.pixels(chosen)), torch.from_numpy(source.labels(chosen))
        crafted = attack(oracle, images.float() / 255, labels, torch.from_numpy(intensities), seed)
        adversarial, reached = round_to_bytes(crafted.images.cpu()), crafted.reached.cpu().numpy()
        return adversarial, reached & shows(attack.unit, torch.from_numpy(intensities), images, adversarial).numpy()

    def _write(
        self,
        shard: plan.Shard,
        source: ImageSource,
        chosen: np.ndarray,
        made: tuple[torch.Tensor, np.ndarray, UnitName, Victim] | None,
        path: Path,
        redrawn: int = 0,
    ) -> None:
        clean, labels, count = source.pixels(chosen), source.labels(chosen), len(chosen)
        nothing = np.zeros(count, np.float32)
        linf = l2 = margin = achieved = nothing
        reached, fooled, delta = np.ones(count, bool), np.zeros(count, bool), np.zeros_like(clean)
        if made:
            adversarial, reached, unit, victim = made
            outcome = measure(victim, torch.from_numpy(clean), adversarial, torch.from_numpy(labels), unit)
            names = ("linf", "l2", "margin", "fooled", "achieved")
            linf, l2, margin, fooled, achieved = (getattr(outcome, name).numpy() for name in names)
            delta = adversarial.numpy() - clean
        elif shard.control:
            changed = controls.apply(shard.control, clean, shard.intensities, shard.seed)
            linf, l2 = (d.numpy() for d in distances(torch.from_numpy(clean), torch.from_numpy(changed)))
            delta = changed - clean
        columns = {
            "attack": [shard.attack] * count,
            "victim": [shard.victim] * count,
            "intensity": nothing if shard.control else shard.intensities,
            "achieved": achieved,
            "linf": linf,
            "l2": l2,
            "margin": margin,
            "reached": reached,
            "fooled": fooled,
            "label": labels,
            "source": [source.identity(int(index)) for index in chosen],
            "seed": [shard.seed] * count,
        }
        typed = {name: pa.array(columns[name], kind) for name, kind in shards.LABELS}
        typed["index"] = pa.array(chosen, pa.int64())
        typed["delta"] = shards.pixels_column(delta)
        if shard.control:
            typed["control"] = pa.array([shard.control] * count, pa.string())
            typed["strength"] = pa.array(shard.intensities, pa.float32())
        precision = self.scenario.precision.of(shard.split)
        facts = {"scenario": pinned(self.scenario).hash, "precision": precision}
        facts |= {"redrawn": str(redrawn)} if redrawn else {}
        shards.write(path, typed, clean.shape[1:], facts)


def _correctly_classified(oracle: Oracle, source: ImageSource, order: np.ndarray, count: int) -> np.ndarray:
    """The first `count` images of `order` that the victim gets right; round again where there are too few."""
    found: list[int] = []
    for start in range(0, len(order), plan.ROWS):
        chunk = order[start : start + plan.ROWS]
        logits = oracle.logits(torch.from_numpy(source.pixels(chunk)).to(oracle.device).float() / 255)
        found += chunk[logits.argmax(1).cpu().numpy() == source.labels(chunk)].tolist()
        if len(found) >= count:
            break
    if not found:
        raise InputError("the victim must classify some clean images correctly, got none right; train it anew")
    return np.resize(np.array(found), count)

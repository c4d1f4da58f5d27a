"""Making shards: choose source images, attack, round to 8 bits, measure, write."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch

from mtaa.attacks import Attack, Oracle, build, round_to_bytes
from mtaa.attacks.outcome import distances, measure, shows
from mtaa.core import device as devices
from mtaa.core.errors import InputError
from mtaa.core.units import UNITS, UnitName
from mtaa.dataset import plan, shards
from mtaa.images import ImageSource, controls
from mtaa.scenario.record import Scenario
from mtaa.victims import Victim, load, pinned, read_card

SPARE = 32  # images in reserve for those on which an attack does not show its intensity
# A GPU is idle most of the time with one shard of small images: it attacks as many together as fill it. A step of 1,024
# images of 32 pixels took an H200 as long as one of 128 (ResNet50, bfloat16: 10.8 and 9.9 ms).
MOST, PIXELS = 16, plan.ROWS * 224 * 224


class Workshop:
    """Keeps the victim in use loaded, and an oracle for each precision asked of it."""

    def __init__(self, scenario: Scenario, device: str):
        self.scenario, self.device = scenario, devices.pick(device)
        self._name = ""
        self._victim: Victim | None = None
        self._weights = ""
        self._oracles: dict[str, Oracle] = {}

    def _load(self, name: str) -> Victim:
        if self._victim is None or name != self._name:
            self._weights = read_card(self.scenario.images, name).weights_sha256
            self._victim = load(self.scenario.images, name).to(self.device)
            self._name, self._oracles = name, {}
        return self._victim

    def lots(self, shards: Sequence[plan.Shard]) -> Iterator[list[plan.Shard]]:
        """`shards` in their order, cut into those that are attacked together: on the CPU, each by itself."""
        lot: list[plan.Shard] = []
        for shard in shards:
            if lot and (_kind(shard) != _kind(lot[0]) or len(lot) >= self._together(shard.victim)):
                yield lot
                lot = []
            lot.append(shard)
        if lot:
            yield lot

    def _together(self, victim: str) -> int:
        if self.device.type == "cpu" or victim == plan.NOBODY:
            return 1
        side = read_card(self.scenario.images, victim).side
        return min(MOST, max(1, PIXELS // (plan.ROWS * side * side)))

    def make(self, lot: Sequence[plan.Shard], source: ImageSource, paths: Sequence[Path]) -> None:
        """Craft, round, measure and write shards of one split, attack and victim, each to its path.

        What each holds does not depend on who else is in the lot.
        """
        if lot[0].attack == plan.CLEAN:
            for shard, path in zip(lot, paths, strict=True):
                # A sequence of its own: parts of one split must not repeat images, or false alarms are counted twice.
                every = np.random.default_rng(self.scenario.seed).permutation(source.indices(shard.split))
                images = np.resize(np.roll(every, -shard.part * plan.ROWS), len(shard.intensities))
                self._write(shard, source, images, None, path)
            return
        victim, precision = self._load(lot[0].victim), self.scenario.precision.of(lot[0].split)
        if precision not in self._oracles:
            self._oracles[precision] = Oracle(victim, precision, self.device.type)
        oracle, attack = self._oracles[precision], build(self.scenario.attack(lot[0].attack))
        right = [_correctly_classified(oracle, source, shard) for shard in lot]
        chosen = [found[: len(shard.intensities)] for found, shard in zip(right, lot, strict=True)]
        seeds = [shard.seed for shard in lot for _ in shard.intensities]
        strengths = np.concatenate([shard.intensities for shard in lot])
        adversarial, reached = self._craft(attack, oracle, source, np.concatenate(chosen), strengths, seeds)
        done = 0
        for shard, path, found, mine in zip(lot, paths, right, chosen, strict=True):
            rows = slice(done, done := done + len(mine))
            crafted = mine, adversarial[rows], reached[rows]
            redrawn = self._redraw(attack, oracle, source, shard, crafted, found[len(mine) :])
            self._write(shard, source, mine, (*crafted[1:], attack.unit, victim), path, redrawn)

    def _redraw(
        self,
        attack: Attack,
        oracle: Oracle,
        source: ImageSource,
        shard: plan.Shard,
        crafted: tuple[np.ndarray, torch.Tensor, np.ndarray],
        spare: np.ndarray,
    ) -> int:
        """Put other images in the place of those that do not show their intensity, and say how many.

        Where a victim is so sure that its gradient is zero in floating point, the image stays as it is or stops short
        of ε. What it shows is then another ε than its label says.
        """
        chosen, adversarial, reached = crafted
        redrawn, may_miss = 0, UNITS[attack.unit].may_miss
        while not (may_miss or reached.all()) and len(spare) >= (~reached).sum():
            again = np.flatnonzero(~reached)
            redrawn += len(again)
            chosen[again], spare = spare[: len(again)], spare[len(again) :]
            adversarial[again], reached[again] = self._craft(
                attack, oracle, source, chosen[again], shard.intensities[again], [shard.seed] * len(again)
            )
        return redrawn

    @staticmethod
    def _craft(
        attack: Attack,
        oracle: Oracle,
        source: ImageSource,
        chosen: np.ndarray,
        intensities: np.ndarray,
        seeds: Sequence[int],
    ) -> tuple[torch.Tensor, np.ndarray]:
        """Rounded images (n, C, H, W) uint8, and whether (n,) each reached and shows its intensity."""
        images, labels = torch.from_numpy(source.pixels(chosen)), torch.from_numpy(source.labels(chosen))
        crafted = attack(oracle, images.float() / 255, labels, torch.from_numpy(intensities), seeds)
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
            with devices.exact(self.device):
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
        facts |= {shards.WEIGHTS: self._weights} if made else {}
        shards.write(path, typed, clean.shape[1:], facts)


def _kind(shard: plan.Shard) -> tuple[str, str, str]:
    return shard.split, shard.attack, shard.victim


def _correctly_classified(oracle: Oracle, source: ImageSource, shard: plan.Shard) -> np.ndarray:
    """Images for `shard` and `SPARE` more that the victim gets right, in the shard's order; round again where there are
    too few."""
    count, found = len(shard.intensities) + SPARE, []
    order = np.random.default_rng(shard.seed).permutation(source.indices(shard.split))
    for start in range(0, len(order), plan.ROWS):
        chunk = order[start : start + plan.ROWS]
        logits = oracle.logits(torch.from_numpy(source.pixels(chunk)).to(oracle.device).float() / 255)
        found += chunk[logits.argmax(1).cpu().numpy() == source.labels(chunk)].tolist()
        if len(found) >= count:
            break
    if not found:
        raise InputError("the victim must classify some clean images correctly, got none right; train it anew")
    return np.resize(np.array(found), count)

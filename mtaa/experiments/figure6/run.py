"""The experiment from end to end: both feature maps of every pair, block by block."""

import time

import numpy as np
import torch

from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import seeds
from mtaa.core.labels import CLEAN
from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation import metrics
from mtaa.evaluation.record import Figure
from mtaa.experiments.figure6.record import NAME, Figure6Record, Figure6Settings, Row
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network

BATCH = 64
MEASURES = ("mse", "mae", "share")


def run(settings: Figure6Settings, progress: Progress) -> Figure6Record:
    """Raises `UnknownNameError` or `IntegrityError`; interrupted, it keeps nothing."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    examples = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    clean = card.attacks.index(CLEAN) if CLEAN in card.attacks else -1
    attacked = np.flatnonzero(examples.attack != clean)
    order = np.random.default_rng(seeds.derive(NAME, settings.seed)).permutation(attacked)
    examples = examples.take(np.sort(order[: max(1, round(settings.scale * len(order)))]))
    found = _measured(load_network(card).to(place), examples, place, progress)
    return Figure6Record(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        rows=[
            Row(attack=attack, block=block, **_means(values[mine], examples.source[mine]))
            for number, attack in enumerate(card.attacks)
            if (mine := examples.attack == number).any()
            for block, values in found.items()
        ],
    )


def _measured(network: Mtaa, examples: Examples, place: torch.device, progress: Progress) -> dict[str, np.ndarray]:
    """By block, `MEASURES` of each example (n, 3)."""
    parts: dict[str, list[np.ndarray]] = {}
    progress.start(NAME, len(examples), "images")
    for start in range(0, len(examples), BATCH):
        progress.raise_if_cancelled()
        changed, original = (
            _blocks(network, torch.from_numpy(np.array(pixels[start : start + BATCH])).to(place).float() / 255)
            for pixels in (examples.images, examples.clean)
        )
        for name, features in changed.items():
            parts.setdefault(name, []).append(distances(features, original[name]).cpu().numpy())
        progress.advance(len(next(iter(changed.values()))))
    progress.finish()
    return {name: np.concatenate(found) for name, found in parts.items()}


def _blocks(network: Mtaa, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """Feature maps of images (n, C, H, W) in [0, 1]: the shared blocks, then the last stage of each branch."""
    with torch.inference_mode():
        found = dict(network.shared(images.contiguous(memory_format=torch.channels_last)))
        found["attack_branch"] = network.attack_branch(found["layer3"])
        if network.victim_branch is not None:
            found["victim_branch"] = network.victim_branch(found["layer3"])
    return found


def distances(changed: torch.Tensor, original: torch.Tensor) -> torch.Tensor:
    """`MEASURES` (n, 3) of feature maps (n, C, h, w) against others."""
    gap, size = (changed - original).flatten(1), original.flatten(1).square().mean(1)
    mse = gap.square().mean(1)
    return torch.stack([mse, gap.abs().mean(1), mse / size.clamp_min(torch.finfo(size.dtype).tiny)], 1)


def _means(values: np.ndarray, source: np.ndarray) -> dict[str, Figure]:
    nothing = np.zeros(len(values))
    return {name: metrics.bias(values[:, place], nothing, source) for place, name in enumerate(MEASURES)}

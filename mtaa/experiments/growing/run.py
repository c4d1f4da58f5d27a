"""The experiment from end to end: make the examples, grow a network for each number and seed, hold it against both."""

import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from mtaa.attacks.strengths import given
from mtaa.bench import machine
from mtaa.core import device as devices
from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.dataset.generate import generate
from mtaa.dataset.joining import joined
from mtaa.dataset.read import read_split
from mtaa.evaluation import metrics
from mtaa.evaluation.forgetting import Origin, compared
from mtaa.evaluation.predict import Predictions
from mtaa.experiments.growing.record import GrowingRecord, GrowingSettings, Row
from mtaa.models.network import INTENSITY_SCALE, Mtaa
from mtaa.models.store import load_network
from mtaa.scenario import AttackSpec, Scenario, growth, of_checkpoint
from mtaa.training.config import Growing
from mtaa.training.ground import Ground, Parts, stand_on
from mtaa.training.grow import grow, warm
from mtaa.training.heads import Embedded, embed, fit_heads


def run(settings: GrowingSettings, progress: Progress) -> GrowingRecord:
    """Grow and measure. Raises `MtaaError` where the attack can't be added. Examples are kept, networks are not."""
    began, place = time.perf_counter(), devices.pick(settings.device)
    known = of_checkpoint(settings.checkpoint)
    ground = stand_on(settings.checkpoint, _with(known, settings.attack, max(settings.shots), settings.checkpoint))
    shown = {settings.attack: growth.additions(known, ground.wanted)[0]}
    if settings.stranger:
        strange = _with(known, settings.stranger, min(settings.shots), settings.checkpoint)
        shown[settings.stranger] = growth.additions(known, strange)[0]
    for part in {part.hash: part for part in (*ground.to_make(), *shown.values())}.values():
        generate(part, device=settings.device, progress=progress)
    examples = {name: read_split(part, "test") for name, part in shown.items()}
    looking = _Looking(load_network(ground.card), place, progress)
    rows = []
    for shots in settings.shots:
        for seed in settings.seeds:
            rows.append(_row(ground, settings, shots, seed, examples.get(settings.stranger), looking, progress))
    before = {name: looking.said(looking.network, one.images).attack for name, one in examples.items()}
    return GrowingRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=ground.card.weights_sha256,
        test_sha256=ground.card.test_sha256,
        scenario_sha256=ground.card.scenario_sha256,
        replay=f"{ground.replay.name} ({ground.replay.hash[:12]})",
        before={name: _counted(ground.card.attacks, said) for name, said in before.items()},
        rows=rows,
    )


class _Looking:
    """What networks say of images. Of those that share the frozen part of `network`, each image is embedded once."""

    def __init__(self, network: Mtaa, place: torch.device, progress: Progress):
        self.network, self.place, self._progress = network, place, progress
        self._known: dict[bytes, tuple[torch.Tensor, torch.Tensor]] = {}

    def embedded(self, images: np.ndarray) -> Embedded:
        """The embeddings of images (n, C, H, W) uint8 by the frozen part."""
        keys = [image.tobytes() for image in images]
        missing = {key: place for place, key in enumerate(keys) if key not in self._known}
        if missing:
            found = embed(self.network, images[list(missing.values())], self.place, self._progress)
            self._known.update(zip(missing, zip(*found, strict=True), strict=True))
        attack, victim = zip(*(self._known[key] for key in keys), strict=True)
        return torch.stack(attack), torch.stack(victim)

    def said(self, network: Mtaa, images: np.ndarray, tuned: bool = False) -> Predictions:
        """What `network` says; `tuned` where its other parts are no longer those that were frozen."""
        network = network.to(self.place).eval()
        read = embed(network, images, self.place, self._progress) if tuned else self.embedded(images)
        with torch.inference_mode():
            found = network.read(*(part.to(self.place) for part in read))
        strength = found.intensity * INTENSITY_SCALE
        return Predictions(*(part.cpu().numpy() for part in (found.attack, found.victim, strength)))


def _row(
    ground: Ground,
    settings: GrowingSettings,
    shots: int,
    seed: int,
    strange: Examples | None,
    looking: _Looking,
    progress: Progress,
) -> Row:
    changes = {"seed": seed, "most": settings.replay} | ({} if settings.epochs is None else {"epochs": settings.epochs})
    how = Growing().model_copy(update=changes)
    parts, began = ground.few(shots, how.most, seed), time.perf_counter()
    network = _grown(ground, parts, how, looking, progress)
    seconds, tuned, own = time.perf_counter() - began, bool(how.epochs), parts.test
    old, said = ground.test(), looking.said(network, own.images, tuned)
    place = ground.labels[0].index(settings.attack)
    mine = own.attack == place
    named = mine & (said.attack == place)
    strengths, true, source = said.intensity[named], own.intensity[named], own.source[named]
    told = compared(
        Origin(ground, parts),
        old,
        looking.said(looking.network, old.images),
        looking.said(network, old.images, tuned),
        own,
        said,
    )
    return Row(
        shots=shots,
        seed=seed,
        growth=told,
        rmse=metrics.rmse(strengths, true, source, metrics.constant_rmse(true)) if named.any() else None,
        victim=metrics.accuracy((said.victim == own.victim)[mine]),
        stranger={}
        if strange is None
        else _counted(ground.labels[0], looking.said(network, strange.images, tuned).attack),
        seconds=round(seconds, 1),
    )


def _grown(ground: Ground, parts: Parts, how: Growing, looking: _Looking, progress: Progress) -> Mtaa:
    place = looking.place
    if how.epochs:
        with TemporaryDirectory() as folder:
            return grow(ground, parts, how, Path(folder), device=place, progress=progress).network
    network, train = warm(ground, parts.fresh), joined([parts.replay, parts.fresh])
    fit_heads(network, train, looking.embedded(train.images), how, ground.training, place, progress)
    return network


def _with(known: Scenario, attack: str, shots: int, checkpoint: str) -> Scenario:
    spec = AttackSpec(name=attack, intensities=given(known, attack, ""))
    return growth.few_shot(known, [spec], [], shots, f"{checkpoint}-{attack}")


def _counted(labels: list[str], said: np.ndarray) -> dict[str, int]:
    return {labels[place]: count for place, count in Counter(said.tolist()).most_common()}

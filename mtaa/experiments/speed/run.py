"""The experiment from end to end: time verdicts first, then the networks by turns."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

from mtaa.attribution import Attributor
from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.core.verdict import Verdict
from mtaa.dataset.read import read_export
from mtaa.evaluation.predict import predict
from mtaa.experiments import contenders
from mtaa.experiments.speed.record import NAME, Network, SpeedRecord, SpeedSettings, Verdicts
from mtaa.images.containers import as_png
from mtaa.models import cost
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network


@dataclass(frozen=True)
class Contestant:
    """`networks` that together answer what one verdict needs."""

    said: str
    networks: list[Mtaa]


def run(settings: SpeedSettings, progress: Progress) -> SpeedRecord:
    """Raises `UnknownNameError` or `IntegrityError`. Other work beside it makes every figure wrong."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    test = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    progress.start(NAME, settings.repeats + 2, "rounds")  # verdicts, and one to warm up
    verdicts = _verdicts(settings, test.images, progress)
    progress.advance(message="verdicts")
    return SpeedRecord(
        settings=settings,
        networks=_networks(settings, card, test.images, place, progress),
        verdicts=verdicts,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
    )


def _verdicts(settings: SpeedSettings, images: np.ndarray, progress: Progress) -> Verdicts:
    machine.reset_peak_memory()
    attributor = Attributor.open(settings.checkpoint, settings.device)
    files = [(f"{place}.png", as_png(image)) for place, image in enumerate(np.resize(images, _many(settings, images)))]
    for one in files[:10]:  # warm
        _all(attributor, [one])
    alone = []
    for one in files[: settings.singles]:
        progress.raise_if_cancelled()
        alone.append(1000 * _timed(partial(_all, attributor, [one])))
    together = [_timed(partial(_all, attributor, files[: settings.many])) for _ in range(min(3, settings.repeats))]
    return Verdicts(
        median=round(float(np.median(alone)), 2),
        percentile_95=round(float(np.quantile(alone, 0.95)), 2),
        slowest=round(max(alone), 2),
        many_seconds=round(float(np.median(together)), 2),
        peak_memory=machine.peak_memory(),
    )


def _many(settings: SpeedSettings, images: np.ndarray) -> tuple[int, ...]:
    return (max(settings.singles, settings.many), *images.shape[1:])


def _all(attributor: Attributor, files: list[tuple[str, bytes]]) -> None:
    assert all(isinstance(found, Verdict) for found in attributor.attribute(files))


def _networks(
    settings: SpeedSettings, card: Card, images: np.ndarray, place: torch.device, progress: Progress
) -> list[Network]:
    channels, side = images.shape[1], images.shape[-1]

    def made(config: NetworkConfig) -> Mtaa:
        fresh = Mtaa(config, len(card.attacks), len(card.victims), channels, side)
        return fresh.to(memory_format=torch.channels_last).to(place).eval()

    backbone = NetworkConfig.model_validate(card.network).backbone
    alone = contenders.bare(backbone)
    rivals = [
        Contestant(f"checkpoint {card.name}, one network", [load_network(card).to(place)]),
        Contestant(f"three single-task networks, {title(backbone)}", [made(alone) for _ in range(3)]),
        Contestant(f"the paper's MTAA, {title(settings.backbone)}", [made(contenders.whole(settings.backbone))]),
    ]
    shown = np.resize(images, (settings.images, *images.shape[1:]))
    rates: list[list[float]] = [[] for _ in rivals]
    for round_ in range(settings.repeats + 1):
        progress.raise_if_cancelled()
        for number, rival in enumerate(rivals):
            seconds = _timed(partial(_through, rival.networks, shown, place))
            if round_:  # the first warms up
                rates[number].append(len(shown) / seconds)
        progress.advance(message="networks")
    progress.finish()
    ours = float(np.median(rates[0]))
    return [
        Network(
            said=rival.said,
            networks=len(rival.networks),
            parameters=sum(cost.parameters(one) for one in rival.networks),
            flops=sum(cost.flops(one, channels, side) for one in rival.networks),
            images_per_second=round(float(np.median(found)), 1),
            spread=(round(min(found), 1), round(max(found), 1)),
            ratio=round(float(np.median(found)) / ours, 3),
        )
        for rival, found in zip(rivals, rates, strict=True)
    ]


def _through(networks: list[Mtaa], images: np.ndarray, place: torch.device) -> None:
    for network in networks:
        predict(network, images, place)


def _timed(work: Callable[[], object]) -> float:
    at = time.perf_counter()
    work()
    return time.perf_counter() - at

"""Timing one cell (victim and attack): contestants in turn, round after round, so that all see the same machine."""

import time
from dataclasses import dataclass, field
from statistics import median

import torch

from mtaa.attacks import round_to_bytes
from mtaa.attacks.margin import margin
from mtaa.attacks.outcome import measure
from mtaa.bench import machine
from mtaa.bench.contestants import CONTESTANTS, Craft, Target
from mtaa.bench.record import Row, Settings
from mtaa.core.progress import Progress

WARM_UP_STEPS = 2
# Runs of milliseconds are repeated until their median means something.
ENOUGH_SECONDS, MOST_ROUNDS = 1.0, 15
# Folding batch-norm changes a logit by rounding; an iterate chosen at κ exactly may lose that much.
KAPPA_TOLERANCE = 1e-3
ONE_POINT, LARGER = 0.01, 1.02


@dataclass(frozen=True)
class Batch:
    """What is attacked: images (N, C, H, W) uint8 and labels (N,), on the victim's device."""

    images: torch.Tensor
    labels: torch.Tensor


@dataclass
class _Lane:
    """One contestant's runs so far. `peak` is the largest memory of any, `crafted` what the first run made."""

    name: str
    craft: Craft
    batch: int
    seconds: list[float] = field(default_factory=list)
    peak: int | None = None
    crafted: torch.Tensor = field(default_factory=lambda: torch.empty(0))


def cell(
    victim_name: str,
    target: Target,
    settings: Settings,
    batch: Batch,
    names: list[str],
    repeats: int,
    patience: float,
    progress: Progress,
) -> list[Row]:
    """One row a contestant of `names`, in that order, their ratios set.

    Every contestant first warms up with a few steps on images of the same shape. Then each has its turn `repeats`
    times, and again while its runs are too short to be told apart. One that has spent `patience` seconds in a run
    stops after the batch it is at, and has no second run.
    """
    pixels = batch.images.float() / 255
    lanes = []
    for name in names:
        contestant = CONTESTANTS[name]
        size = contestant.batches.get(settings.attack, contestant.batch)
        short = settings.model_copy(update={"steps": min(settings.steps, WARM_UP_STEPS)})
        contestant.prepare(target, short)(pixels[:size], batch.labels[:size])
        lanes.append(_Lane(name, contestant.prepare(target, settings), size))
    for number in range(MOST_ROUNDS):
        turn = number % len(lanes)
        for lane in lanes[turn:] + lanes[:turn]:
            progress.raise_if_cancelled()
            if _due(lane, number, repeats, patience):
                _run(lane, pixels, batch.labels, patience)
                progress.advance(int(number == 0), f"{victim_name} {settings.attack} {lane.name}")
    return ranked([_row(victim_name, target, settings, batch, lane) for lane in lanes])


def _due(lane: _Lane, number: int, repeats: int, patience: float) -> bool:
    if lane.seconds and max(lane.seconds) > patience:
        return False
    return number < repeats or sum(lane.seconds) < ENOUGH_SECONDS


def _run(lane: _Lane, pixels: torch.Tensor, labels: torch.Tensor, patience: float) -> None:
    parts = []
    machine.reset_peak_memory()
    began = time.perf_counter()
    for images, truths in zip(pixels.split(lane.batch), labels.split(lane.batch), strict=True):
        parts.append(lane.craft(images, truths))
        if pixels.is_cuda:
            torch.cuda.synchronize(pixels.device)
        if time.perf_counter() - began > patience:
            break
    lane.seconds.append(time.perf_counter() - began)
    peak = machine.peak_memory()
    lane.peak = max(peak, lane.peak or 0) if peak is not None else None
    if not len(lane.crafted):
        lane.crafted = torch.cat(parts).detach()


def _row(victim_name: str, target: Target, settings: Settings, batch: Batch, lane: _Lane) -> Row:
    crafted, done = lane.crafted, len(lane.crafted)
    clean, labels = batch.images[:done], batch.labels[:done]
    outcome = measure(target.victim, clean, round_to_bytes(crafted.clamp(0, 1)), labels)
    with torch.inference_mode():
        margins = margin(target.victim(crafted), labels)
    fooled = outcome.fooled
    reached = (margins >= settings.intensity - KAPPA_TOLERANCE).float().mean().item()
    return Row(
        victim=victim_name,
        attack=settings.attack,
        contestant=lane.name,
        ours=CONTESTANTS[lane.name].ours,
        images=len(batch.images),
        finished=done,
        batch=min(lane.batch, done),
        seconds=lane.seconds,
        images_per_second=done / median(lane.seconds),
        fooling_rate=fooled.float().mean().item(),
        reached_rate=reached if settings.attack == "cw" else None,
        margin=margins.mean().item(),
        l2=outcome.l2[fooled].mean().item() if fooled.any() else None,
        linf=outcome.linf[fooled].mean().item() if fooled.any() else None,
        peak_memory=lane.peak,
    )


def ranked(rows: list[Row]) -> list[Row]:
    """The rows of one cell, with their ratios to the fastest peer, and to the fastest whose outcome is no worse."""
    peers = [row for row in rows if not row.ours]
    result = []
    for row in rows:
        equal = [peer for peer in peers if _no_worse(peer, row)]
        ratios = {"ratio": _ratio(row, peers), "ratio_equal": _ratio(row, equal)}
        result.append(row.model_copy(update=ratios))
    return result


def _ratio(row: Row, peers: list[Row]) -> float | None:
    return row.images_per_second / max(peer.images_per_second for peer in peers) if peers else None


def _no_worse(peer: Row, row: Row) -> bool:
    """Whether a peer fooled and reached κ as often, but for one point, and with C&W an L2 at most 2 % larger."""
    if peer.fooling_rate < row.fooling_rate - ONE_POINT:
        return False
    if row.reached_rate is None or peer.reached_rate is None:
        return True
    if peer.reached_rate < row.reached_rate - ONE_POINT:
        return False
    return row.l2 is None or (peer.l2 is not None and peer.l2 <= row.l2 * LARGER)

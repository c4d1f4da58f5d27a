"""From a checkpoint's network and few examples of something new to a network that knows both."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.labels import CLEAN
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.examples import Examples
from mtaa.dataset.joining import joined
from mtaa.models.growing import grown
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.training.config import Growing, TrainingConfig
from mtaa.training.fit import Fitted, fit
from mtaa.training.ground import Ground, Parts
from mtaa.training.heads import embed, fit_heads


def warm(ground: Ground, train: Examples) -> Mtaa:
    """The network of `ground` to start from, with heads for all labels; `train` sets the scales of new attacks."""
    images, (attacks, _) = ground.card.images, ground.labels
    own = ground.card.attacks, ground.card.victims
    made = grown(load_network(ground.card), own, ground.labels, images.channels, images.side)
    new = [place for place, name in enumerate(attacks) if name not in own[0]]
    known = np.isfinite(train.intensity)
    made.fit_scale(torch.from_numpy(train.attack[known]), torch.from_numpy(train.intensity[known]), new)
    return made


def grow(
    ground: Ground,
    parts: Parts,
    config: Growing,
    folder: Path,
    resume: bool = False,
    device: torch.device | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """Teach the network of `ground` what `parts.fresh` shows, without its forgetting what `parts.replay` shows.

    `folder` and `resume` as for `fit`. Returns the network in evaluation mode on the CPU.
    """
    progress, replay, fresh = progress or Silent(), parts.replay, parts.fresh
    start, train, place = warm(ground, fresh), joined([replay, fresh]), device or devices.pick("cpu")
    fit_heads(start, train, embed(start, train.images, place, progress), config, ground.training, place, progress)
    if not config.epochs:
        return Fitted(start.cpu().eval().requires_grad_(False), [])
    repeated = joined([replay, fresh.take(_repeats(parts, config))])
    return fit(
        ground.network,
        _gentle(ground, config),
        repeated,
        parts.validation,
        ground.labels,
        folder,
        resume,
        progress=progress,
        start=start.cpu(),
    )


def described(ground: Ground, parts: Parts, config: Growing) -> dict[str, Any]:
    """How the network was trained, for its card."""
    gentle = _gentle(ground, config).model_dump(mode="json") if config.epochs else {"seed": config.seed}
    return {
        **gentle,
        "network": ground.card.training.get("network", "forensic"),
        "examples": len(parts.replay) + len(parts.fresh),
        "start": ground.card.name,
        "growing": config.model_dump(mode="json"),
        "adversarial_share": _adversarial_share(ground, parts, config),
    }


def _adversarial_share(ground: Ground, parts: Parts, config: Growing) -> float:
    """What share of the examples that the network was last fitted on were adversarial; the heads see all attacks, and
    clean as one of them, alike."""
    attacks, _ = ground.labels
    clean = attacks.index(CLEAN) if CLEAN in attacks else -1
    shown = np.concatenate([parts.replay.attack, parts.fresh.attack[_repeats(parts, config)]])
    kinds = shown if config.epochs else np.unique(shown)
    return round(float((kinds != clean).mean()), 4)


def gone_before(card: Card) -> dict[str, Any]:
    """How the network of `card` was trained, for the card of one that was trained further on the same examples."""
    return {**card.training, "weights_sha256": card.weights_sha256}


def _gentle(ground: Ground, config: Growing) -> TrainingConfig:
    changes = {"epochs": config.epochs, "learning_rate": config.learning_rate, "seed": config.seed}
    return ground.training.model_copy(update=changes | {"patience": 0})


def _repeats(parts: Parts, config: Growing) -> np.ndarray:
    """Places of fresh examples, all as often as brings them near the number of those replayed, within a bound."""
    known, fresh = len(parts.replay), len(parts.fresh)
    return np.tile(np.arange(fresh), max(1, min(config.repeats, known // max(1, fresh))))

"""Training victims on the clean training images of a scenario."""

from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from torch import nn

import mtaa
from mtaa.core import device as devices
from mtaa.core import seeds
from mtaa.core.errors import InputError
from mtaa.core.intervals import wilson
from mtaa.core.progress import Progress, Silent
from mtaa.images import ImageSource
from mtaa.victims.accuracy import accuracy
from mtaa.victims.architectures import ARCHITECTURES, IMAGENET_CLASSES, Architecture
from mtaa.victims.model import Victim
from mtaa.victims.quantise import pack, unpack
from mtaa.victims.store import VictimCard, save


@dataclass(frozen=True)
class Recipe:
    """One-cycle SGD with small shifts of the images, and a shorter second cycle at a fifth of the peak rate if any.

    VGG has no batch-norm and wants a lower peak rate. `precision` None is the device's fastest.
    """

    epochs: float = 2.0
    batch: int = 128
    peak_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    label_smoothing: float = 0.0
    shift: int = 2
    second_epochs: float = 0.0
    precision: devices.Precision | None = None


RECIPES = {
    "inception_v3": Recipe(epochs=1.0, peak_rate=0.1),
    "resnet50": Recipe(epochs=1.5, peak_rate=0.1, second_epochs=0.5),
    "vgg16": Recipe(epochs=1.2, batch=64, peak_rate=0.02),
    "vgg19": Recipe(epochs=1.2, batch=64, peak_rate=0.02),
    "tiny_a": Recipe(epochs=20, batch=64, peak_rate=0.05),
    "tiny_b": Recipe(epochs=20, batch=64, peak_rate=0.05),
}


def train(
    source: ImageSource,
    architecture: str,
    seed: int = 0,
    device: str = "auto",
    progress: Progress | None = None,
    pretrained: bool = False,
) -> VictimCard:
    """Train, quantise and store one victim, and return its card with the accuracy of the quantised weights.

    With `pretrained`, torchvision's ImageNet weights are taken instead of training; the source must then have
    ImageNet's 1,000 classes in their order. Raises `InputError` where it has not or the weights can't be had.

    The images that attacks will later be tested on (the test split) are never trained on.
    """
    progress, place = progress or Silent(), devices.pick(device)
    recipe = RECIPES.get(architecture, Recipe())
    recipe = replace(recipe, precision=recipe.precision or devices.fastest(place))
    torch.manual_seed(seeds.derive("victim", architecture, seed))
    kept = np.sort(np.concatenate([source.indices("train"), source.indices("validation")]))
    kind = ARCHITECTURES[architecture]
    side = kind.side(source.spec.side)
    if pretrained:
        network = _pretrained(source, kind)
        victim = Victim(network, side, list(kind.mean), list(kind.std)).to(place)
    else:
        network = kind.build(len(source.classes), side, False)
        victim = Victim(network, side, *_statistics(source, kept)).to(place).to(memory_format=torch.channels_last)
        _fit(victim, source, kept, recipe, seed, progress)
        if recipe.second_epochs:
            second = replace(recipe, epochs=recipe.second_epochs, peak_rate=recipe.peak_rate / 5)
            _fit(victim, source, kept, second, seed + 1, progress)
    network.load_state_dict(unpack(pack(network.state_dict())))
    victim.eval().requires_grad_(False)
    correct, total = accuracy(victim, source)
    card = VictimCard(
        architecture=architecture,
        images=source.spec,
        classes=source.classes,
        side=side,
        mean=victim.mean.flatten().tolist(),
        std=victim.std.flatten().tolist(),
        accuracy=correct / total,
        accuracy_interval=wilson(correct, total),
        test_images=total,
        training={"pretrained": True} if pretrained else asdict(recipe) | {"seed": seed, "images": len(kept)},
        code_version=mtaa.__version__,
    )
    save(card, victim)
    return card


def _pretrained(source: ImageSource, kind: Architecture) -> nn.Module:
    if len(source.classes) != IMAGENET_CLASSES or source.spec.channels != 3:
        raise InputError(
            f"pretrained victims need colour images of ImageNet's {IMAGENET_CLASSES} classes, got "
            f"{source.spec.channels} channels and {len(source.classes)} classes; train the victims instead"
        )
    try:
        return kind.build(IMAGENET_CLASSES, kind.large_side, True)
    except OSError as error:
        raise InputError(
            f"torchvision's weights must be reachable from here, got: {error}; place them in its cache"
        ) from error


def _statistics(source: ImageSource, indices: np.ndarray) -> tuple[list[float], list[float]]:
    sample = source.pixels(indices[:: max(1, len(indices) // 2000)]).astype(np.float64) / 255
    mean, std = sample.mean((0, 2, 3)), sample.std((0, 2, 3))
    return [round(float(value), 6) for value in mean], [round(max(float(value), 1e-3), 6) for value in std]


def _fit(victim: Victim, source: ImageSource, kept: np.ndarray, recipe: Recipe, seed: int, progress: Progress) -> None:
    random = np.random.default_rng(seeds.derive("order", seed))
    steps = max(2, int(recipe.epochs * len(kept) / recipe.batch))
    optimiser = torch.optim.SGD(
        victim.parameters(), recipe.peak_rate, recipe.momentum, weight_decay=recipe.weight_decay, nesterov=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.peak_rate, steps, pct_start=0.2)
    criterion = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing)
    place = victim.mean.device
    victim.train()
    progress.start("training", steps, "batches")
    order = random.permutation(kept)
    used = 0
    for _ in range(steps):
        progress.raise_if_cancelled()
        if used + recipe.batch > len(order):
            order, used = random.permutation(kept), 0
        batch = order[used : used + recipe.batch]
        used += recipe.batch
        images = _shifted(source.pixels(batch), recipe.shift, random)
        inputs = torch.from_numpy(images).to(place).float().div_(255)
        with devices.autocast(place, recipe.precision or devices.fastest(place)):
            logits = victim(inputs)
        loss = criterion(logits, torch.from_numpy(source.labels(batch)).to(place))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(victim.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        progress.advance(message=f"loss {loss.item():.3f}")
    progress.finish()


def _shifted(images: np.ndarray, reach: int, random: np.random.Generator) -> np.ndarray:
    """The batch moved by up to `reach` pixels each way, the border repeated."""
    down, right = random.integers(0, 2 * reach + 1, 2)
    padded = np.pad(images, ((0, 0), (0, 0), (reach, reach), (reach, reach)), mode="edge")
    side = images.shape[-1]
    return padded[..., down : down + side, right : right + side]

"""Square (Andriushchenko et al. 2020; algorithms 1 and 2): random search with squares, no gradients."""

from typing import Annotated

import torch
from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.dice import rolls
from mtaa.attacks.fgsm import per_image
from mtaa.attacks.margin import margin
from mtaa.attacks.oracle import Oracle

# Where the authors' code halves p, of 10,000 steps; other numbers of steps are scaled to that.
HALVINGS = (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000)
SCALE = 10_000


class SquareParameters(Parameters):
    """`share` is p, the first square's share of the image's area, in (0, 1]; `steps` is how many squares are tried.

    The victim is asked `steps` + 1 times at most. The defaults are those of the authors' AutoAttack; the paper has
    p = 0.05 for undefended ImageNet networks and more for defended ones.
    """

    share: Annotated[float, Field(gt=0, le=1)] = 0.8
    steps: Annotated[int, Field(ge=1, le=100_000)] = 5000


@ATTACKS.register(
    "square", title="Square", description="random squares, kept where the scores get worse", symbol="ε", norm="L∞"
)
class Square(Attack):
    """Starts from stripes of ±ε; a random square is set to ±ε, one sign a channel, and kept if the margin grows.

    Black-box: it sees logits only, so its "source model" is the network that was asked. It stops at the first
    misclassification, so its margin is just above 0 where the gradient attacks go on to ε's end; of ε it always uses
    all, as every pixel is ε away from the image or clipped to [0, 1]. As in algorithm 2, a square that changes nothing
    is a step lost; the authors' code draws its signs again. Random numbers are each image's own (`rolls`).
    """

    symbol = "ε"
    unit = "1/255"
    limit = 255.0
    parameters_type = SquareParameters
    parameters: SquareParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        images, labels, steps = task.images, task.labels, self.parameters.steps
        count, channels, height, width = images.shape
        radius = per_image(task.intensities / 255)
        numbers = rolls(task, channels * width + steps * (2 + channels))
        stripes = numbers[:, : channels * width].view(count, channels, 1, width)
        draws = numbers[:, channels * width :].view(count, steps, 2 + channels)
        best = torch.clamp(images + radius * _signs(stripes), 0, 1)
        margins = margin(oracle.logits(best), labels)
        for step in range(steps):
            rest = torch.nonzero(margins <= 0).squeeze(1)
            if len(rest) == 0:
                break
            draw, kept = draws[rest, step], best[rest]
            side = square_side(step, steps, self.parameters.share, height, width)
            # What algorithm 2's ±2 ε gives after projection, as the square is within ε of the image.
            filled = torch.clamp(images[rest] + radius[rest] * _signs(draw[:, 2:, None, None]), 0, 1)
            tried = torch.where(_square(draw[:, :2], side, height, width), filled, kept)
            found = margin(oracle.logits(tried), labels[rest])
            better = found > margins[rest]
            best[rest] = torch.where(per_image(better), tried, kept)
            margins[rest] = torch.where(better, found, margins[rest])
        return Crafted(best, torch.ones_like(labels, dtype=torch.bool))


def square_side(step: int, steps: int, share: float, height: int, width: int) -> int:
    """Side (pixels) of the square tried at `step` of `steps`, from 0: its area is near `share` halved so many times."""
    passed = sum(step * SCALE // steps > place for place in HALVINGS)
    side = round((share / 2**passed * height * width) ** 0.5)
    return min(max(side, 1), height, width)


def _signs(numbers: torch.Tensor) -> torch.Tensor:
    """Numbers in [0, 1) as -1 or 1."""
    return torch.where(numbers < 0.5, -1.0, 1.0)


def _square(draw: torch.Tensor, side: int, height: int, width: int) -> torch.Tensor:
    """Where (N, 1, H, W) a square of `side` lies whose corner follows from `draw` (N, 2) in [0, 1)."""
    rows, columns = _stretch(draw[:, :1], side, height), _stretch(draw[:, 1:], side, width)
    return rows[:, None, :, None] & columns[:, None, None, :]


def _stretch(draw: torch.Tensor, side: int, length: int) -> torch.Tensor:
    """Where (N, length) a stretch of `side` lies whose start follows from `draw` (N, 1): each is equally likely."""
    start = (draw * (length - side + 1)).floor()
    places = torch.arange(length, device=draw.device)
    return (places >= start) & (places < start + side)

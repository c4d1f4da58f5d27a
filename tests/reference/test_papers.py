"""Our attacks against their papers' pseudo-code, followed literally: one image at a time, NumPy, no shared code."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, sqrt

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from mtaa.attacks import Oracle
from mtaa.attacks.apgd import Apgd, ApgdParameters
from mtaa.attacks.base import Task
from mtaa.attacks.deepfool import DeepFool, DeepFoolParameters
from mtaa.attacks.dice import rolls
from mtaa.attacks.mi_fgsm import MiFgsm, MiFgsmParameters
from mtaa.attacks.square import Square, SquareParameters
from mtaa.victims import Victim

Batch = tuple[Victim, torch.Tensor, torch.Tensor]
Ask = Callable[[np.ndarray], tuple[float, np.ndarray]]


def epsilons(count: int) -> torch.Tensor:
    """A different ε beside each other in one batch."""
    return torch.tensor([8.0, 30.0, 80.0, 160.0]).repeat(count)[:count]


def ascent(victim: Victim, label: torch.Tensor) -> Ask:
    """Cross-entropy and its gradient at one image (C, H, W) float64."""

    def ask(image: np.ndarray) -> tuple[float, np.ndarray]:
        pixels = torch.from_numpy(image)[None].requires_grad_(True)
        loss = F.cross_entropy(victim(pixels), label[None])
        (gradient,) = torch.autograd.grad(loss, pixels)
        return loss.item(), gradient[0].numpy()

    return ask


def projection(image: np.ndarray, radius: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda moved: np.clip(np.clip(moved, image - radius, image + radius), 0, 1)


def closeness(ours: torch.Tensor, theirs: list[np.ndarray]) -> float:
    """Share of equal pixels."""
    return float(np.isclose(ours.numpy(), np.stack(theirs), rtol=0, atol=1e-6).mean())


@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_mi_fgsm_is_equal_to_float_rounding(exact: Batch, decay: float) -> None:
    victim, images, labels = exact
    strengths = epsilons(len(images)).double()
    attack = MiFgsm(MiFgsmParameters(decay=decay, steps=10))
    ours = attack(Oracle(victim, device="cpu"), images, labels, strengths).images
    theirs = []
    for image, label, strength in zip(images.numpy(), labels, strengths.tolist(), strict=True):
        ask, moved, momentum = ascent(victim, label), image, np.zeros_like(image)
        for _ in range(10):
            gradient = ask(moved)[1]
            momentum = decay * momentum + gradient / np.abs(gradient).sum()
            moved = np.clip(moved + strength / 255 / 10 * np.sign(momentum), 0, 1)
        theirs.append(moved)
    assert closeness(ours, theirs) >= 0.999


def algorithm_1_of_apgd(ask: Ask, image: np.ndarray, radius: float, total: int) -> tuple[np.ndarray, int]:
    """x_max, and how often the step size was halved."""
    shares = [Fraction(0), Fraction(22, 100)]
    while shares[-1] <= 1:
        shares.append(shares[-1] + max(shares[-1] - shares[-2] - Fraction(3, 100), Fraction(6, 100)))
    marks = [ceil(share * total) for share in shares]
    project, eta, halvings = projection(image, radius), 2 * radius, 0
    x = [image, project(image + eta * np.sign(ask(image)[1]))]
    f, g = (list(answers) for answers in zip(*map(ask, x), strict=True))
    x_max, f_max, g_max = (x[0], f[0], g[0]) if f[0] >= f[1] else (x[1], f[1], g[1])
    sizes, highest = [eta], [f[0], f_max]
    for k in range(1, total):
        sizes.append(eta)
        z = project(x[k] + eta * np.sign(g[k]))
        new = project(x[k] + 0.75 * (z - x[k]) + 0.25 * (x[k] - x[k - 1]))
        value, slope = ask(new)
        if value > f_max:
            x_max, f_max, g_max = new, value, slope
        if k in marks:
            last = marks[marks.index(k) - 1]
            rises = sum(f[i + 1] > f[i] for i in range(last, k))
            if rises < 0.75 * (k - last) or (sizes[last] == sizes[k] and highest[last] == highest[k]):
                eta, halvings = eta / 2, halvings + 1
                new, value, slope = x_max, f_max, g_max
        for record, entry in ((x, new), (f, value), (g, slope), (highest, f_max)):
            record.append(entry)
    return x_max, halvings


@pytest.mark.parametrize("steps", [10, 50])
def test_apgd_is_equal_to_float_rounding(exact: Batch, steps: int) -> None:
    victim, images, labels = (part[:32] if isinstance(part, torch.Tensor) else part for part in exact)
    strengths = epsilons(len(images)).double()
    attack = Apgd(ApgdParameters(steps=steps, random_start=False))
    ours = attack(Oracle(victim, device="cpu"), images, labels, strengths).images
    theirs, halvings = zip(
        *(
            algorithm_1_of_apgd(ascent(victim, label), image, strength / 255, steps)
            for image, label, strength in zip(images.numpy(), labels, strengths.tolist(), strict=True)
        ),
        strict=True,
    )
    assert len(set(halvings)) > 1  # step sizes were the images' own
    assert closeness(ours, list(theirs)) >= 0.999


def algorithm_2_of_deepfool(victim: Victim, image: np.ndarray, classes: int) -> tuple[np.ndarray, int]:
    """x_0 + r̂, and the number of steps; as in the authors' code 1e-4 is added to a step's length."""

    def ask(place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pixels = torch.from_numpy(place.astype(np.float32))[None].requires_grad_(True)
        logits = victim(pixels)[0]
        slopes = [torch.autograd.grad(logit, pixels, retain_graph=True)[0][0] for logit in logits]
        return logits.detach().double().numpy(), torch.stack(slopes).double().numpy()

    first = ask(image)[0]
    order = np.argsort(-first)[:classes]
    x, steps = image, 0
    f, slopes = ask(x)
    while np.argmax(f) == order[0] and steps < 50:
        w = {k: slopes[k] - slopes[order[0]] for k in order[1:]}
        distance = {k: abs(f[k] - f[order[0]]) / np.linalg.norm(w[k]) for k in order[1:]}
        nearest = min(distance, key=lambda k: distance[k])
        r = (distance[nearest] + 1e-4) * w[nearest] / np.linalg.norm(w[nearest])
        x, steps = np.clip(x + r, 0, 1), steps + 1
        f, slopes = ask(x)
    return x, steps


@pytest.mark.parametrize("classes", [3, 10])
def test_deepfool_is_equal_to_float_rounding(batch: Batch, classes: int) -> None:
    victim, images, labels = (part[:32] if isinstance(part, torch.Tensor) else part for part in batch)
    overshoots = torch.tensor([0.0, 2.0, 20.0, 50.0]).repeat(8)[: len(images)]
    attack = DeepFool(DeepFoolParameters(classes=classes))
    ours = attack(Oracle(victim, device="cpu"), images, labels, overshoots)
    originals = images.double().numpy()
    ends, steps = zip(*(algorithm_2_of_deepfool(victim, image, classes) for image in originals), strict=True)
    stretch = 1 + overshoots.double().numpy()[:, None, None, None] / 100
    theirs = np.clip(originals + stretch * (np.stack(ends) - originals), 0, 1)
    assert len(set(steps)) > 1  # images left the batch at their own time
    assert ours.reached.all()
    assert np.isclose(ours.images.numpy(), theirs, rtol=0, atol=1e-4).mean() >= 0.999


def algorithms_1_and_2_of_square(
    ask: Callable[[np.ndarray], float], image: np.ndarray, radius: float, share: float, total: int, dice: np.ndarray
) -> tuple[np.ndarray, list[float]]:
    """The image, and the margin at each query; `dice` are uniform numbers, taken in the order of use."""
    channels, _, width = image.shape
    numbers, project = iter(dice), projection(image, radius)
    best = image.copy()
    for channel in range(channels):
        for column in range(width):
            best[channel, :, column] += radius * (-1 if next(numbers) < 0.5 else 1)
    best = project(best)
    asked = [ask(best)]
    highest = asked[0]
    for step in range(total):
        if highest > 0:
            break
        halvings = sum(step * 10_000 / total >= place + 1 for place in (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000))
        side = max(1, round(sqrt(share * 0.5**halvings * width * width)))
        row, column = (int(next(numbers) * (width - side + 1)) for _ in range(2))
        change = np.zeros_like(image)
        for channel in range(channels):
            sign = -1 if next(numbers) < 0.5 else 1
            change[channel, row : row + side, column : column + side] = sign * 2 * radius
        tried = project(best + change)
        asked.append(ask(tried))
        if asked[-1] > highest:
            best, highest = tried, asked[-1]
    return best, asked


class Listener(Oracle):
    """Keeps what it is asked about one image with `label`."""

    def __init__(self, victim: Victim, label: int):
        super().__init__(victim, device="cpu")
        self.label, self.margins = label, []

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        result = super().logits(images)
        self.margins.append(lead(result[0], self.label))
        return result


def lead(logits: torch.Tensor, label: int) -> float:
    """How far the best wrong logit is ahead."""
    return float(max(value for place, value in enumerate(logits) if place != label) - logits[label])


@pytest.mark.parametrize("channels", [1, 3])
def test_square_asks_the_same_and_ends_the_same(batch: Batch, channels: int) -> None:
    victim, images, labels = (part[:24] if isinstance(part, torch.Tensor) else part for part in batch)
    images = images.repeat(1, channels, 1, 1)
    strengths, steps = epsilons(len(images)) / 2, 120
    attack = Square(SquareParameters(share=0.3, steps=steps))
    whole = attack(Oracle(victim, device="cpu"), images, labels, strengths, seed=5).images
    task = Task(images, labels, strengths, [5] * len(images))
    dice = rolls(task, 28 * channels + (2 + channels) * steps)
    queries, ends = [], []
    for place, (image, label) in enumerate(zip(images, labels.tolist(), strict=True)):
        with torch.no_grad():
            end, asked = algorithms_1_and_2_of_square(
                lambda tried, label=label: lead(victim(torch.from_numpy(tried.astype(np.float32))[None])[0], label),
                image.double().numpy(),
                float(strengths[place]) / 255,
                0.3,
                steps,
                dice[place].numpy(),
            )
        listener = Listener(victim, label)
        attack(listener, image[None], labels[place, None], strengths[place, None], seed=5)
        np.testing.assert_allclose(listener.margins, asked, rtol=0, atol=1e-3)
        queries.append(len(asked))
        ends.append(end)
    assert min(queries) < 10
    assert max(queries) == steps + 1
    assert closeness(whole, ends) >= 0.999

"""Attacks of other toolboxes as attacks of ours: seeded, one image at a time, and asking our oracle."""

import inspect
import random
from abc import abstractmethod
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np
import torch
from pydantic import create_model
from torch import nn

from mtaa.attacks.base import Attack, Crafted, Parameters, Task
from mtaa.attacks.dice import image_seeds
from mtaa.attacks.oracle import Oracle
from mtaa.core.errors import InputError
from mtaa.core.registry import Entry
from mtaa.core.units import UnitName

PLAIN = (bool, int, float, str)
LIMITS: dict[UnitName, float] = {"1/255": 255.0, "L2": 1000.0}
SCALES: dict[UnitName, float] = {"1/255": 255.0, "L2": 1.0}


class Foreign(Attack):
    """`made_by` is the toolbox's class; parameters are its constructor's, in its own units ([0, 1] for pixels).

    Each image is attacked by itself, with the global dice of Python, NumPy and torch thrown from its own seed: the
    toolboxes draw for the batch as a whole, and some stop or step for all of it at once. That costs speed; what is
    made in masses should be made by an attack of ours. An ε of 0 leaves the image as it is.
    """

    symbol = "ε"
    made_by: ClassVar[type]

    @abstractmethod
    def craft(self, seen: "Seen", image: torch.Tensor, label: torch.Tensor, radius: float) -> torch.Tensor:
        """Attack one `image` (1, C, H, W) in [0, 1] with its `label` (1,) within `radius`, in [0, 1] units."""

    @property
    def settings(self) -> dict[str, Any]:
        """What was given for the constructor, the rest being the toolbox's defaults."""
        return self.parameters.model_dump(exclude_unset=True)

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        seen, made = Seen(oracle).eval(), task.images.clone()
        radii = (task.intensities / SCALES[self.unit]).tolist()
        for place, (radius, seed) in enumerate(zip(radii, image_seeds(task), strict=True)):
            if radius == 0:
                continue
            one = slice(place, place + 1)
            with _thrown_from(seed, task.images.device):
                made[one] = self.craft(seen, task.images[one], task.labels[one], radius)
        return Crafted(made, torch.ones_like(task.labels, dtype=torch.bool))


class Seen(nn.Module):
    """An oracle as the toolboxes want a victim: a module whose logits (N, classes) can be differentiated."""

    def __init__(self, oracle: Oracle):
        super().__init__()
        self.oracle = oracle

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = _Ask.apply(images, self.oracle)
        return logits


class _Ask(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, images: torch.Tensor, oracle: Oracle) -> torch.Tensor:
        context.oracle = oracle
        context.save_for_backward(images)
        return oracle.logits(images)

    @staticmethod
    def backward(context: Any, *pulls: torch.Tensor) -> tuple[torch.Tensor, None]:
        (images,) = context.saved_tensors
        with torch.enable_grad():  # a graph is being run backward, during which no other is recorded
            _, gradient = context.oracle.gradient(images, lambda logits: (logits * pulls[0]).sum(1))
        return gradient, None


def entry(base: type[Foreign], name: str, made_by: type, unit: UnitName, ours: Collection[str]) -> Entry[type[Attack]]:
    """The record of `made_by` under `name`; arguments of its constructor in `ours` are not the user's to give."""
    parts = {"made_by": made_by, "unit": unit, "limit": LIMITS[unit], "parameters_type": _parameters(made_by, ours)}
    kind = type(made_by.__name__, (base,), {**parts, "__doc__": made_by.__doc__})
    words = (inspect.getdoc(made_by) or made_by.__name__).splitlines()[0]
    return Entry(name, name, words, kind, {"symbol": base.symbol})


def require(module: str, name: str) -> None:
    """Raises `InputError` where the toolbox that `name` is from is not installed."""
    if find_spec(module) is None:
        raise InputError(f"attack {name} must have its toolbox installed, got none; run: pip install -e '.[peers]'")


@contextmanager
def refusing(made_by: type) -> Iterator[None]:
    """What the toolbox refuses is its user's to mend."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise InputError(f"{made_by.__name__} must accept its parameters, got from it: {error}; change them") from error


def _parameters(made_by: type, ours: Collection[str]) -> type[Parameters]:
    """The arguments of a constructor as a record: their names, and the types of those with a plain default."""
    fields: dict[str, Any] = {}
    for name, argument in inspect.signature(made_by).parameters.items():
        if name in ours or argument.kind in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
            continue
        kind = type(argument.default) if isinstance(argument.default, PLAIN) else Any
        fields[name] = (kind, ... if argument.default is argument.empty else argument.default)
    return create_model(f"{made_by.__name__}Parameters", __base__=Parameters, **fields)


@contextmanager
def _thrown_from(seed: int, device: torch.device) -> Iterator[None]:
    """All global dice start from `seed`, and are put back as they were."""
    kept = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        random.seed(seed)
        np.random.seed(seed % 2**32)
        torch.manual_seed(seed)
        try:
            yield
        finally:
            random.setstate(kept[0])
            np.random.set_state(kept[1])

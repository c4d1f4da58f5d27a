"""What every attack is: a class with one method, `run`. Calling it checks the input and keeps the result in [0, 1]."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar

import torch
from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.attacks.oracle import Oracle
from mtaa.core.errors import InputError
from mtaa.core.registry import Registry
from mtaa.core.units import Symbol, UnitName
from mtaa.scenario import faults
from mtaa.scenario.record import AttackSpec

ATTACKS: Registry[type["Attack"]] = Registry("attack")


class Parameters(BaseModel):
    """Fixed parameters of an attack; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Task:
    """One batch, on the oracle's device: images (N, C, H, W) in [0, 1], labels (N,), intensities (N,), and N seeds."""

    images: torch.Tensor
    labels: torch.Tensor
    intensities: torch.Tensor
    seeds: Sequence[int]


@dataclass(frozen=True)
class Crafted:
    """images: (N, C, H, W) float32 in [0, 1], not yet rounded. reached: (N,) bool, whether the attack met its goal."""

    images: torch.Tensor
    reached: torch.Tensor


class Attack(ABC):
    """Untargeted: away from the true label.

    `symbol` names the intensity: ε, how far the image may be changed, κ, the margin asked for, or η, how far past the
    decision boundary it goes. `unit` is what it is in, and with it how what was achieved is measured.
    """

    symbol: ClassVar[Symbol]
    unit: ClassVar[UnitName]
    limit: ClassVar[float]
    parameters_type: ClassVar[type[Parameters]] = Parameters

    def __init__(self, parameters: Parameters):
        self.parameters = parameters

    @abstractmethod
    def run(self, oracle: Oracle, task: Task) -> Crafted:
        """Attack one batch."""

    def __call__(
        self,
        oracle: Oracle,
        images: torch.Tensor,
        labels: torch.Tensor,
        intensities: torch.Tensor,
        seed: int | Sequence[int] = 0,
    ) -> Crafted:
        """Attack `images` (N, C, H, W) float32 in [0, 1] with true `labels` (N,) int64.

        `intensities` (N,) float32, one an example, in the attack's `unit`. The same `seed` gives the same result; it is
        one for all images, or one each.
        Raises `InputError` where an argument is out of its range.
        """
        seeds = [seed] * len(images) if isinstance(seed, int) else seed
        if not 0 < len(images) == len(labels) == len(intensities) == len(seeds):
            raise InputError(f"a batch must be of one length, got {len(images)}, {len(labels)}, {len(intensities)}")
        # Written so that NaN, which compares as false, is refused as well.
        if not (images.min() >= 0 and images.max() <= 1):
            raise InputError(f"images must be in [0, 1], got {images.min():g} to {images.max():g}; divide bytes by 255")
        if not (intensities.min() >= 0 and intensities.max() <= self.limit):
            raise InputError(f"{self.symbol} must be in [0, {self.limit:g}], got {intensities.tolist()[:3]}")
        place = oracle.device
        crafted = self.run(oracle, Task(images.to(place), labels.to(place), intensities.to(place), seeds))
        return Crafted(crafted.images.detach().clamp(0, 1), crafted.reached)


def build(spec: AttackSpec) -> Attack:
    """The attack that a scenario specifies. Raises `UnknownNameError`, or `InputError` with the parameter's path."""
    kind = ATTACKS[spec.name]
    highest = spec.intensities.stop
    if highest > kind.limit:
        raise InputError(
            f"attacks.{spec.name}.intensities.stop must be at most {kind.limit:g}, got {highest:g}; lower it"
        )
    try:
        return kind(kind.parameters_type.model_validate(spec.parameters))
    except ValidationError as error:
        raise InputError(_sentence(spec, kind.parameters_type, error)) from error


def _sentence(spec: AttackSpec, kind: type[Parameters], error: ValidationError) -> str:
    fault: Any = error.errors()[0]
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    where = f"attacks.{spec.name}.parameters.{name}"
    if fault["type"] == "extra_forbidden":
        fields = sorted(kind.model_fields)
        near = get_close_matches(name, fields, n=2, cutoff=0.5) or fields
        return f"{where} is not a parameter; " + (f"did you mean {' or '.join(near)}?" if near else "it takes none")
    return faults.located(where, faults.words(fault, []))

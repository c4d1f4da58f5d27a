"""Who is timed. A contestant is one function that prepares an attack on a victim and hands it back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from typing import get_args

import torch

from mtaa.attacks import Oracle, build
from mtaa.bench.record import AttackName, Settings
from mtaa.core import device as devices
from mtaa.core.device import Precision
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.core.registry import Registry
from mtaa.scenario.record import AttackSpec, Grid
from mtaa.victims import Victim

Craft = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Images (N, C, H, W) in [0, 1] and labels (N,) to adversarial images (N, C, H, W) in [0, 1], not rounded."""


@dataclass(frozen=True)
class Target:
    """What is attacked: the victim in evaluation mode, its images' shape (C, H, W), how many classes it tells apart."""

    victim: Victim
    shape: tuple[int, int, int]
    classes: int


Prepare = Callable[[Target, Settings], Craft]


@dataclass(frozen=True)
class Contestant:
    """`prepare` is not timed, what it returns is, on `batch` images at a time, or what `batches` says for an attack.

    For a peer, `package` is what pip knows it as, `module` what Python imports, `pip` the arguments that install it.
    `notes` are its known faults, by attack. `attacks` are those it is timed with. `needs_bfloat16`: it is timed only on
    a device that computes in bfloat16 itself.
    """

    prepare: Prepare
    batch: int
    batches: dict[AttackName, int] = field(default_factory=dict)
    package: str = ""
    module: str = ""
    pip: str = ""
    notes: dict[AttackName, str] = field(default_factory=dict)
    attacks: tuple[AttackName, ...] = get_args(AttackName)
    needs_bfloat16: bool = False

    @property
    def ours(self) -> bool:
        return not self.package

    @property
    def installed(self) -> bool:
        return self.ours or find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """The installed version."""
        return version(self.package)

    @property
    def how_to_get(self) -> str:
        """The command that installs it."""
        return f"pip install {self.pip}"


CONTESTANTS: Registry[Contestant] = Registry("contestant")


def available(wanted: list[str] | None = None) -> tuple[list[str], dict[str, str]]:
    """The peers to run, and of each that is left out because it is not installed, the command that gets it.

    Raises `UnknownNameError`, or `InputError` where one of `wanted` is not installed.
    """
    known = {entry.name: entry.value for entry in CONTESTANTS if not entry.value.ours}
    missing = {name: peer.how_to_get for name, peer in known.items() if not peer.installed}
    if wanted is None:
        return [name for name in known if name not in missing], missing
    for name in wanted:
        if name not in known:
            raise UnknownNameError("peer", name, known)
        if name in missing:
            raise InputError(f"peer {name} must be installed; run: {missing[name]}")
    return [name for name in known if name in wanted], {}


def runs_on(contestant: Contestant, place: torch.device) -> bool:
    """Whether the device can show what the contestant can do."""
    return not contestant.needs_bfloat16 or devices.has_bfloat16(place)


def _ours(precision: Precision) -> Prepare:
    def prepare(target: Target, settings: Settings) -> Craft:
        given = {
            "fgsm": {},
            "pgd": {"step_size": settings.step_size, "steps": settings.steps},
            "cw": {"c": settings.c, "steps": settings.steps, "learning_rate": settings.learning_rate},
        }[settings.attack]
        strength = settings.intensity
        grid = Grid(start=strength, stop=strength, step=1)
        attack = build(AttackSpec(name=settings.attack, intensities=grid, parameters=given))
        oracle = Oracle(target.victim, precision, str(target.victim.mean.device))
        return lambda images, labels: attack(oracle, images, labels, torch.full((len(images),), strength)).images

    return prepare


_PRECISIONS: tuple[Precision, ...] = ("float32", "bfloat16")
for _precision in _PRECISIONS:
    CONTESTANTS.add(
        f"mtaa_{_precision}",
        Contestant(_ours(_precision), batch=256, needs_bfloat16=_precision == "bfloat16"),
        title=f"mtaa, {_precision}",
        description=f"our engine with gradients in {_precision}",
    )

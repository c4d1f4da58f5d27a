"""A model that somebody brings as a victim: checked on a source's images, measured, and kept as it came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

import mtaa
from mtaa.core.intervals import wilson
from mtaa.core.progress import Progress
from mtaa.core.titles import TITLES
from mtaa.images import ImageSource
from mtaa.scenario.record import ImagesSpec
from mtaa.victims import onnx_graph, onnx_network, store, trial, weights
from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.model import Victim
from mtaa.victims.refused import Part, Refused

LARGEST_SIDE = 1024
COMPARED = 2  # images on which a converted model is held against ONNX's reference


@dataclass(frozen=True)
class Given:
    """What is said of a model. `architecture` belongs to safetensors alone; without a `side` (pixels) it is the file's,
    the architecture's or the images' own. `mean` and `std`, one number or one a channel, are of pixels in [0, 1];
    without them the model gets these as they are.
    """

    architecture: str = ""
    side: int | None = None
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)


@dataclass(frozen=True)
class _Model:
    """A file that was read; `graph` is that of ONNX."""

    form: store.Form
    architecture: str
    network: nn.Module
    side: int
    channels: int
    data: bytes
    graph: Any = None


def add(
    name: str,
    file: Path | bytes,
    source: ImageSource,
    given: Given | None = None,
    progress: Progress | None = None,
) -> store.VictimCard:
    """Check the model on images of `source` by a forward and a backward pass, measure it and keep it under `name`.

    Its output must be the source's classes in their order. Raises `Refused` where it can't be a victim.
    """
    given = given or Given()
    check_name(name, source.spec)
    model = _taken(file, source, given)
    victim = _victim(model, given)
    trial.check(victim, source)
    if model.graph is not None:
        seen = victim.prepared(trial.probe(source)[:COMPARED]).contiguous()
        onnx_network.check(model.graph, model.network, seen)
    correct, total = trial.measure(victim, source, progress)
    card = store.VictimCard(
        name=name,
        form=model.form,
        architecture=model.architecture,
        images=source.spec,
        classes=source.classes,
        side=model.side,
        channels=model.channels,
        mean=list(given.mean),
        std=list(given.std),
        accuracy=correct / total,
        accuracy_interval=wilson(correct, total),
        test_images=total,
        training={"own": True},
        code_version=mtaa.__version__,
    )
    store.keep(card, model.data)
    return card


def numbers(part: Part, text: str) -> tuple[float, ...]:
    """The numbers of `text`, divided by commas. Raises `Refused`."""
    try:
        return tuple(float(one) for one in text.split(","))
    except ValueError as error:
        raise Refused(part, f"{part} must be numbers between commas, got {text[:80]!r}; correct it") from error


def check_name(name: str, images: ImagesSpec) -> None:
    """Raises `Refused` unless a new model may be called so."""
    if not store.OWN_NAME.fullmatch(name):
        raise Refused(
            "name",
            f"name must be up to 40 small letters, digits and _, a letter first, got {name[:80]!r}; choose another",
        )
    if name in ARCHITECTURES or name in TITLES or store.folder(images, name).exists():
        raise Refused("name", f"name must be new, got {name}; choose another")


def _taken(file: Path | bytes, source: ImageSource, given: Given) -> _Model:
    data = _bytes(file)
    if weights.looks_so(data):
        if not given.architecture:
            raise Refused("architecture", "architecture must be named for safetensors, got none; say which it is")
        side = _side(given, source.spec)
        network = weights.build(given.architecture, len(source.classes), side, data)
        return _Model("weights", given.architecture, network, side, 3, data)
    graph, data = onnx_graph.read(data, file.parent if isinstance(file, Path) else None)
    channels, fixed = onnx_graph.takes(graph)
    side = _fixed(given, source.spec, channels, fixed)
    return _Model("onnx", "onnx", onnx_network.build(graph), side, channels, data, graph)


def _bytes(file: Path | bytes) -> bytes:
    try:
        size = file.stat().st_size if isinstance(file, Path) else len(file)
        if size > onnx_graph.LARGEST:
            raise Refused(
                "file", f"model must be at most {onnx_graph.LARGEST:,} bytes, got {size:,}; bring a smaller one"
            )
        data = file.read_bytes() if isinstance(file, Path) else file
    except OSError as error:
        raise Refused("file", f"model must be a readable file, got {error.strerror or error}") from error
    if data.startswith((b"PK\x03\x04", b"\x80")) and not weights.looks_so(data):
        raise Refused(
            "file",
            "model must be safetensors or ONNX, got a pickle, which may run any program; save its state_dict by "
            "safetensors.torch.save_file",
        )
    return data


def _side(given: Given, images: ImagesSpec) -> int:
    usual = ARCHITECTURES[given.architecture].side(images.side) if given.architecture in ARCHITECTURES else images.side
    side = usual if given.side is None else given.side
    if not 1 <= side <= LARGEST_SIDE:
        raise Refused("side", f"side must be 1 to {LARGEST_SIDE} pixels, got {side}; correct it")
    return side


def _fixed(given: Given, images: ImagesSpec, channels: int, fixed: int | None) -> int:
    """The side of an ONNX model, which may leave it open."""
    if given.architecture:
        raise Refused(
            "architecture", f"architecture must be left out for ONNX, got {given.architecture}; it has its own"
        )
    if channels < images.channels:
        raise Refused("file", f"model must take colour images like those of {images.source}, got one of grey ones")
    if fixed is not None and given.side not in (None, fixed):
        raise Refused("side", f"side must be {fixed}, which the model asks for, got {given.side}; leave it out")
    return fixed or _side(given, images)


def _victim(model: _Model, given: Given) -> Victim:
    parts: tuple[tuple[Part, tuple[float, ...]], ...] = (("mean", given.mean), ("std", given.std))
    for part, numbers in parts:
        is_finite = bool(torch.tensor(numbers).isfinite().all())
        if len(numbers) not in (1, model.channels) or not is_finite or (part == "std" and min(numbers) <= 0):
            many = "one number" if model.channels == 1 else f"one number or {model.channels}"
            kind = " above 0" if part == "std" else ""
            got = ", ".join(f"{number:g}" for number in numbers) or "none"
            raise Refused(part, f"{part} must be {many}{kind}, got {got}; correct it")
    victim = Victim(model.network, model.side, list(given.mean), list(given.std), model.channels)
    return victim.eval().requires_grad_(False)

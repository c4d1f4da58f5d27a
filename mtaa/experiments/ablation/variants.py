"""The variants: the reference, and networks that differ from it in one part. Free of torch."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from mtaa.core.errors import UnknownNameError
from mtaa.experiments.ablation.paper import TABLES
from mtaa.experiments.ablation.paper import change as change_in
from mtaa.experiments.ablation.record import AblationSettings
from mtaa.models.config import NetworkConfig, preset
from mtaa.training.config import TrainingConfig, default

BACKBONES = {"table13": ("resnet18", "resnet50"), "table14": ("resnet50", "resnet101")}
STEP = 8  # channels are a multiple of it: with 4, 12 and 20, torch 2.15 corrupted memory on a CPU with AVX2


@dataclass(frozen=True)
class Variant:
    """A network and its training; `said` is how tables name it, `paper` what Table 13 has for the change it makes."""

    name: str
    said: str
    network: NetworkConfig
    training: TrainingConfig
    paper: dict[str, float] = field(default_factory=dict)


def chosen(settings: AblationSettings) -> list[Variant]:
    """The variants that are asked for, the reference first. Raises `UnknownNameError`."""
    found = ours(settings.width) if settings.series == "ours" else papers(settings.series)
    known = [variant.name for variant in found]
    for name in settings.variants or ():
        if name not in known:
            raise UnknownNameError("variant", name, known)
    reference, *others = found
    others = [variant for variant in others if settings.variants is None or variant.name in settings.variants]
    return [_trained_for(variant, settings.unusual) for variant in (reference, *others)]


def ours(width: float) -> list[Variant]:
    """The network `forensic` and the same without one of its parts; last, with the paper's part that it leaves out."""
    whole, training = preset("forensic"), default("forensic")
    whole = _changed(whole, {"widths": tuple(_narrowed(channels, width) for channels in whole.widths)})
    summed = training.model_copy(update={"weighting": "sum"})
    change = partial(change_in, TABLES["table13"])
    # Layer 2 is 14 × 14 for a digit, which is what Table 6 has; layer 1 would cost four times as much.
    extracting = {"extractor": True, "tap": "layer2"}

    def less(name: str, said: str, part: dict[str, Any], there: dict[str, float] | None = None) -> Variant:
        return Variant(name, said, _changed(whole, part), training, there or {})

    return [
        Variant("full", "whole network", whole, training),
        Variant("equal_weights", "losses summed, unweighted", whole, summed, change(0, 1)),
        less("one_branch", "no task-specific layers", {"branches": False}, change(1, 2)),
        less("no_fusion", "no high-low fusion", {"fusion": False}),
        less("strided", "no full resolution (stride 4)", {"early_stride": 4}),
        less("no_planes", "no high-pass planes", {"planes": False}),
        less("no_statistics", "no histograms", {"statistics": False}),
        less("one_scale", "one intensity scale (eq. 7)", {"regression": "mixed"}),
        less("extractor", "plus perturbation extractor", extracting, change(4, 3)),
    ]


def papers(name: Literal["table13", "table14"]) -> list[Variant]:
    """The rows of the paper's table, the last of which, with every part, is the reference."""
    table, (small, large) = TABLES[name], BACKBONES[name]

    def row(place: int, what: str, backbone: str, branches: bool, extractor: bool, weighting: str) -> Variant:
        settings = NetworkConfig(backbone=backbone, branches=branches, extractor=extractor)
        training = default(f"mtaa-paper-{backbone}").model_copy(update={"weighting": weighting})
        there = change_in(table, place, 4) if place < 4 else {}
        return Variant(f"{backbone}_{what}", table.rows[place].said, settings, training, there)

    return [
        row(4, "extractor", large, True, True, "uncertainty"),
        row(3, "branches", large, True, False, "uncertainty"),
        row(2, "branches", small, True, False, "uncertainty"),
        row(1, "uncertainty", small, False, False, "uncertainty"),
        row(0, "sum", small, False, False, "sum"),
    ]


def _narrowed(channels: int, width: float) -> int:
    return max(STEP, STEP * round(channels * width / STEP))


def _changed(network: NetworkConfig, part: dict[str, Any]) -> NetworkConfig:
    return NetworkConfig.model_validate({**network.model_dump(), **part})


def _trained_for(variant: Variant, update: dict[str, int]) -> Variant:
    training = variant.training.model_copy(update=update)
    return Variant(variant.name, variant.said, variant.network, training, variant.paper)

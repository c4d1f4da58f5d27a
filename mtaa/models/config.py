"""What an attribution network is made of: every part of the paper's ablation is a setting here. Free of torch."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mtaa.core.errors import UnknownNameError


class NetworkConfig(BaseModel):
    """Settings of `Mtaa`; the defaults are the paper's network on ResNet50.

    stem: `imagenet` is torchvision's (stride 4 in all), `small` keeps full resolution (3 × 3, no pooling).
    tap: the feature map that the perturbation extractor reads, by name.
    branches: task-specific last stages; without them both heads share one.
    fusion: low-level features join the attack and hyperparameter branch.
    extractor: the auto-encoder of Table 6 behind a frozen feature extractor.
    statistics: histograms of pixel values and differences join the attack and hyperparameter branch.
    regression: `mixed` is eq. 7; `per_attack` has one linear model an attack, on that attack's own scale.
    widths: channels of the four stages, for the backbones that have a choice.
    early_stride, planes: of the backbone `forensic`, how many pixels one step of `layer1` spans, and whether it sees
    high-pass planes beside the image.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    backbone: str = "resnet50"
    stem: Literal["imagenet", "small"] = "imagenet"
    pretrained: bool = False
    widths: tuple[int, int, int, int] = (32, 64, 128, 192)
    early_stride: Literal[1, 4] = 1
    planes: bool = True
    tap: str = "layer1"
    branches: bool = True
    fusion: bool = True
    extractor: bool = True
    statistics: bool = False
    regression: Literal["mixed", "per_attack"] = "mixed"
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="after")
    def _belongs(self) -> Self:
        if self.backbone != "forensic" and (self.early_stride != 1 or not self.planes):
            raise ValueError(f"early_stride and planes must be left alone with backbone {self.backbone}; set stem")
        return self

    def difference(self, other: "NetworkConfig") -> str:
        """The first setting that keeps weights of this network from being those of `other`; empty where they fit."""
        return next(
            (name for name, value in self if name != "pretrained" and value != getattr(other, name)),
            "",
        )


_PRESETS: dict[str, dict[str, Any]] = {
    "forensic": {
        "backbone": "forensic",
        "extractor": False,
        "statistics": True,
        "regression": "per_attack",
        "dropout": 0.2,
    },
    **{f"mtaa-paper-{name}": {"backbone": name} for name in ("resnet18", "resnet50", "resnet101")},
}


def preset(name: str) -> NetworkConfig:
    """A network by name. Raises `UnknownNameError`."""
    if name not in _PRESETS:
        raise UnknownNameError("network", name, _PRESETS)
    return NetworkConfig(**_PRESETS[name])


def presets() -> list[str]:
    """All names."""
    return list(_PRESETS)

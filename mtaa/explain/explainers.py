"""Methods that say which pixels a head answers to, by Captum: a class each, with one method."""

import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import torch
from captum.attr import LayerAttribution, LayerGradCam, LayerIntegratedGradients, NoiseTunnel, Occlusion, Saliency

from mtaa.core.registry import Registry
from mtaa.explain.heads import Head

STEPS = 64  # 32 left up to 13 % of an answer unaccounted for on the bundled checkpoint
NOISE, NOISE_SAMPLES = 8 / 255, 24
BATCH = 32
OCCLUSIONS = 7  # windows that fit side by side


@dataclass(frozen=True)
class Explained:
    """What a method finds: the fields of `Attribution` that it alone knows; values (H, W) float32."""

    values: torch.Tensor
    is_signed: bool
    settings: str
    placeless: dict[str, float] = field(default_factory=dict)
    delta: float | None = None
    change: float | None = None


class Explainer(ABC):
    """A subclass writes `explain`. `sees_all`: it also sees what the network computes without a gradient;
    `in_answer_unit`: its values are shares of the answer."""

    sees_all = False
    in_answer_unit = False

    @abstractmethod
    def explain(self, head: Head, image: torch.Tensor) -> Explained:
        """Which pixels of `image` (1, C, H, W) in [0, 1] the answer of `head` rests on.

        The caller has the network in evaluation mode and seeds what is random.
        """


EXPLAINERS: Registry[type[Explainer]] = Registry("explainer")


@EXPLAINERS.register(
    "integrated_gradients",
    title="Integrated gradients",
    description="gradients summed on the way from a black image to this one (Sundararajan et al. 2017)",
)
class Integrated(Explainer):
    """Complete: up to `delta` values and `placeless` sum up to the difference between the answers to image and black.

    The way is straight in what the first layers read, not in the pixels: marks of clipped pixels and histograms of
    8-bit levels jump between two images, and no gradient on a way through the pixels sees that.
    """

    sees_all = True
    in_answer_unit = True

    def explain(self, head: Head, image: torch.Tensor) -> Explained:
        black = torch.zeros_like(image)
        readers = head.readers
        with warnings.catch_warnings():  # about layers that read each other's output, as none of these does
            warnings.filterwarnings("ignore", "Multiple layers provided")
            method = LayerIntegratedGradients(head, [layer for layers in readers.values() for layer in layers])
        found, delta = method.attribute(
            image,
            black,
            target=0,
            n_steps=STEPS,
            internal_batch_size=BATCH,
            return_convergence_delta=True,
            attribute_to_layer_input=True,
        )
        left = [one[0] if isinstance(one, tuple) else one for one in found]
        shares = {name: [left.pop(0) for _ in layers] for name, layers in readers.items()}
        (planes,) = shares.pop("")
        with torch.no_grad():
            change = head(image) - head(black)
        return Explained(
            planes[0].sum(0).detach(),
            True,
            f"{STEPS} steps, straight in what the network's first layers read",
            {name: sum(float(part.sum()) for part in parts) for name, parts in shares.items()},
            float(delta),
            float(change),
        )


@EXPLAINERS.register(
    "grad_cam",
    title="Grad-CAM",
    description="feature maps of the last stage, weighted by their mean gradient (Selvaraju et al. 2017)",
)
class GradCam(Explainer):
    """As coarse as the last stage is; what speaks against the answer is cut off."""

    def explain(self, head: Head, image: torch.Tensor) -> Explained:
        watched = image.detach().clone().requires_grad_()
        coarse = LayerGradCam(head, head.layer).attribute(watched, target=0, relu_attributions=True)
        size, (rows, columns) = tuple(image.shape[-2:]), coarse.shape[-2:]
        values = LayerAttribution.interpolate(coarse.detach(), size, "bilinear")[0].sum(0)
        return Explained(values, False, f"{rows} × {columns} places, enlarged bilinearly")


@EXPLAINERS.register(
    "occlusion",
    title="Occlusion",
    description="how the answer falls when a window of the image is made black (Zeiler & Fergus 2014)",
)
class Occluded(Explainer):
    """Needs no gradient, so it sees histograms and all; windows overlap by half."""

    sees_all = True
    in_answer_unit = True

    def explain(self, head: Head, image: torch.Tensor) -> Explained:
        side = max(2, min(image.shape[-2:]) // OCCLUSIONS)
        step = max(1, side // 2)
        values = Occlusion(head).attribute(
            image,
            sliding_window_shapes=(image.shape[1], side, side),
            strides=(image.shape[1], step, step),
            baselines=0,
            target=0,
            perturbations_per_eval=BATCH,
        )
        settings = f"windows of {side} × {side} pixels, every {step} pixels, made black one at a time"
        return Explained(values[0].mean(0).detach(), True, settings)


@EXPLAINERS.register(
    "noise_tunnel",
    title="Smoothed saliency",
    description="size of the gradient, mean over noisy copies of the image (Smilkov et al. 2017)",
)
class SmoothedSaliency(Explainer):
    """NoiseTunnel over Saliency; the noise has a standard deviation of 8 grey levels."""

    def explain(self, head: Head, image: torch.Tensor) -> Explained:
        values = NoiseTunnel(Saliency(head)).attribute(
            image, nt_type="smoothgrad", nt_samples=NOISE_SAMPLES, stdevs=NOISE, target=0, abs=True
        )
        levels = f"{NOISE * 255:.0f}/255"
        return Explained(values[0].sum(0).detach(), False, f"{NOISE_SAMPLES} copies, noise of σ = {levels}")

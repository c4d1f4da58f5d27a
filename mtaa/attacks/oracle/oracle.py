"""A victim prepared for attack: the same function, computed faster, with gradients at the pixels only."""

import warnings
from collections.abc import Callable

import torch
from torch import fx, nn
from torch.fx.experimental.optimization import fuse

from mtaa.attacks.oracle.quicken import one_plane, quickened
from mtaa.attacks.oracle.trust import laid_out, settle
from mtaa.core import device as devices
from mtaa.victims.model import Victim


class Oracle:
    """Batch-norm is folded into the convolutions, memory is channels-last, and no weight gets a gradient.

    On a processor, where all is float32, convolutions that it computes slowly are computed another way (`quicken`),
    once the first images tell how many planes they have. In bfloat16 the weights are converted once, not at each call.
    On a GPU, float32 means float32: by default PyTorch would convolve in TF32, which keeps 10 bits. There the gradient
    is held against the processor's first, and memory is laid out otherwise where that is needed (`trust`).
    The victim itself is left untouched: the oracle works on a copy.
    """

    def __init__(self, victim: Victim, precision: devices.Precision = "float32", device: str = "auto"):
        self.device, self.precision = devices.pick(device), precision
        copied = victim.around(_folded(victim.network))
        self._victim = laid_out(copied.eval().requires_grad_(False).to(self.device), torch.channels_last)
        single = all(weight.dtype == torch.float32 for weight in copied.parameters())
        self._may_quicken = single and precision == "float32" and self.device.type == "cpu"
        if precision == "bfloat16":
            if not devices.has_bfloat16(self.device):
                warnings.warn(
                    "bfloat16 is emulated on this processor, some fifty times slower than float32; "
                    "set the scenario's precision to float32, or use a machine with AVX-512 or CUDA",
                    stacklevel=2,
                )
            for module in copied.network.modules():
                if isinstance(module, nn.Conv2d | nn.Linear):
                    module.to(torch.bfloat16)
        if self.device.type != "cpu":
            settle(self._victim, self.gradient, victim, precision)

    def logits(self, images: torch.Tensor) -> torch.Tensor:
        """Logits (N, classes) float32 of images (N, C, H, W) in [0, 1], without gradients."""
        with torch.no_grad(), devices.exact(self.device), devices.autocast(self.device, self.precision):
            result: torch.Tensor = self._for(images)(images)
        return result

    def gradient(
        self, images: torch.Tensor, objective: Callable[[torch.Tensor], torch.Tensor]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (N, classes), and the gradient (N, C, H, W) at the pixels of the sum of `objective(logits)` (N,)."""
        pixels = images.detach().requires_grad_(True)
        with torch.enable_grad(), devices.exact(self.device):
            with devices.autocast(self.device, self.precision):
                logits = self._for(images)(pixels)
            (gradient,) = torch.autograd.grad(objective(logits).sum(), pixels)
        return logits.detach(), gradient

    def _for(self, images: torch.Tensor) -> Victim:
        """The victim, quickened for images of this kind at the first of them."""
        network = self._victim.network
        if self._may_quicken and isinstance(network, fx.GraphModule):
            grey = images.shape[1] == 1 and self._victim.mean.numel() == 1 and one_plane(network)
            planes = 1 if grey else self._victim.channels
            mean, std = self._victim.mean.flatten().tolist(), self._victim.std.flatten().tolist()
            quick = quickened(network, planes, self._victim.side).requires_grad_(False)
            self._victim = laid_out(Victim(quick, self._victim.side, mean, std, planes).eval(), torch.channels_last)
        self._may_quicken = False
        return self._victim


def _folded(network: nn.Module) -> nn.Module:
    """A copy in evaluation mode with batch-norm folded; an untraceable network (one a user brings) stays as it is."""
    mode = network.training
    network.eval()
    try:
        return fuse(network)
    except fx.proxy.TraceError:
        import copy

        return copy.deepcopy(network)
    finally:
        network.train(mode)

"""Adam (Kingma & Ba 2015; algorithm 1) in tanh space, for images that stand at different steps."""

from dataclasses import dataclass

import torch

from mtaa.attacks.fgsm import per_image

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
# arctanh is infinite at ±1, where black and white pixels lie.
INSIDE = 0.999999


@dataclass(frozen=True)
class Walkers:
    """n images on their way: each has its position w (x' = (tanh w + 1) / 2), both moments, and its own step.

    origin, position, first, second: (n, C, H, W); `origin` is x' before the first step. step: (n,) int64, steps taken.
    """

    origin: torch.Tensor
    position: torch.Tensor
    first: torch.Tensor
    second: torch.Tensor
    step: torch.Tensor

    @classmethod
    def at(cls, images: torch.Tensor) -> "Walkers":
        """Before the first step, at `images` (n, C, H, W) in [0, 1]."""
        position = torch.atanh((2 * images - 1) * INSIDE)
        nothing = torch.zeros(len(images), dtype=torch.int64, device=images.device)
        return cls(
            (torch.tanh(position) + 1) / 2, position, torch.zeros_like(images), torch.zeros_like(images), nothing
        )

    @property
    def images(self) -> torch.Tensor:
        """x' (n, C, H, W) in (0, 1)."""
        return (torch.tanh(self.position) + 1) / 2

    def take(self, rows: torch.Tensor) -> "Walkers":
        """A copy of those at `rows`."""
        return Walkers(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def put(self, rows: torch.Tensor, others: "Walkers") -> None:
        """Let those at `rows` stand where `others` do."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[rows] = getattr(others, name)

    def first_rows(self, count: int) -> "Walkers":
        """A view of the first `count`: moving them moves these."""
        return Walkers(*(getattr(self, name)[:count] for name in self.__dataclass_fields__))

    def move(self, push: torch.Tensor | float, learning_rate: float) -> None:
        """One step each down the gradient of ‖x' − x‖² + f, in place; `push` (n, C, H, W) is f's gradient at x'."""
        bend = torch.tanh(self.position)
        gradient = ((bend + 1) - 2 * self.origin).add_(push).mul_((1 - bend.square_()).div_(2))
        self.step.add_(1)
        self.first.lerp_(gradient, 1 - BETA1)
        self.second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
        steps = self.step.double()
        fresh, settled = (per_image((1 - beta**steps).float()) for beta in (BETA1, BETA2))
        scale = (self.second / settled).sqrt_().add_(EPSILON).mul_(fresh)
        self.position.addcdiv_(self.first, scale, value=-learning_rate)

"""C&W-L2 (Carlini & Wagner 2017; eq. 3 of the paper): the smallest change that is misclassified by a margin of κ."""

from typing import Annotated

from pydantic import Field

from mtaa.attacks.base import ATTACKS, Attack, Crafted, Parameters, Task
from mtaa.attacks.glide import Descent, Glider
from mtaa.attacks.oracle import Oracle


class CwParameters(Parameters):
    """`c` weighs misclassification against ‖ρ‖²; it is fixed, as in Table 1, with no binary search."""

    c: Annotated[float, Field(gt=0, le=1e6)] = 50.0
    steps: Annotated[int, Field(ge=1, le=100_000)] = 500
    learning_rate: Annotated[float, Field(gt=0, le=10)] = 0.01


@ATTACKS.register("cw", title="C&W", description="smallest L2 change with a margin of κ", symbol="κ", norm="L2")
class Cw(Attack):
    """Adam on w with x' = (tanh w + 1) / 2, minimising ‖x' − x‖² + c · max(κ − margin, 0).

    Returns, of each image's iterates, the smallest that has margin κ. Where none has, the one with the largest margin,
    and `reached` is False: the clean image is never handed back as a success. Every image has its own Adam state and
    κ, so the result does not depend on who else is in the batch. The victim is asked only where its answer can change
    an iterate (`glide`).
    """

    symbol = "κ"
    unit = "logits"
    limit = 1000.0
    parameters_type = CwParameters
    parameters: CwParameters

    def run(self, oracle: Oracle, task: Task) -> Crafted:
        settings = self.parameters
        descent = Descent(oracle, task.labels, task.intensities, settings.c, settings.steps, settings.learning_rate)
        best = Glider(descent, task.images).run()
        return Crafted(best.images, best.reached)

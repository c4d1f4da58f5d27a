"""The learning rate over a run: it rises, then falls along a cosine to 0."""

import math
from typing import Any

import torch


def warm_cosine(optimiser: torch.optim.Optimizer, steps: int, warm_up: float) -> dict[str, Any]:
    """What `configure_optimizers` returns: `optimiser`, its rate rising for the share `warm_up` of all `steps`."""
    rising = int(warm_up * steps)

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rising) / max(1, steps - rising))))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, factor)
    return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

"""The training glue: optimiser, schedule, losses and figures around a network that knows nothing of them."""

import math
from typing import Any

import torch
from lightning import LightningModule

from mtaa.core import seeds
from mtaa.models.network import INTENSITY_SCALE, Mtaa, Signatures
from mtaa.training import ranks
from mtaa.training.config import TrainingConfig
from mtaa.training.data import Batch
from mtaa.training.losses import Targets, Weighting, task_losses
from mtaa.training.schedule import warm_cosine


class Fitting(LightningModule):
    """Trains `network`. `clean` is the place of the clean class among the attacks, -1 where there is none."""

    def __init__(self, network: Mtaa, config: TrainingConfig, clean: int):
        super().__init__()
        self.network, self.config, self.clean = network, config, clean
        self.weighting = Weighting(config.weighting, config.tasks)
        self._sums: dict[str, float] = {}

    def _losses(self, batch: Batch) -> tuple[Signatures, Targets, torch.Tensor]:
        targets = Targets(batch["attack"], batch["victim"], batch["intensity"])
        signatures = self.network(batch["images"].float() / 255)
        return signatures, targets, task_losses(signatures, targets, self.config.intensity_loss, self.network.spread)

    def on_train_batch_start(self, batch: Batch, index: int) -> None:
        """Dice of this step alone, so that a resumed run drops out what an unbroken one would have."""
        torch.manual_seed(seeds.derive("step", self.config.seed, self.trainer.global_step, self.global_rank))

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        _, _, losses = self._losses(batch)
        total: torch.Tensor = self.weighting(losses)
        values = {"loss": total, "attack": losses[0], "victim": losses[1], "intensity": losses[2]}
        told = {f"train_{name}": value.detach() for name, value in values.items()}
        self.log_dict(told, on_epoch=True, on_step=False, sync_dist=True)
        return total

    def on_validation_epoch_start(self) -> None:
        self._sums = dict.fromkeys(("count", "attacked", "attack", "victim", "square", "loss"), 0.0)

    def validation_step(self, batch: Batch, index: int) -> None:
        if not len(batch["attack"]):  # this process's part of a last batch that was too small for all
            return
        signatures, targets, losses = self._losses(batch)
        count = len(targets.attack)
        attacked = targets.attack != self.clean
        error = (signatures.intensity * INTENSITY_SCALE - targets.intensity)[attacked]
        self._sums["count"] += count
        self._sums["attacked"] += int(attacked.sum())
        self._sums["attack"] += int((signatures.attack.argmax(1) == targets.attack).sum())
        self._sums["victim"] += int((signatures.victim.argmax(1) == targets.victim).sum())
        self._sums["square"] += float(error.square().sum())
        self._sums["loss"] += float(self.weighting.plain(losses)) * count

    def on_validation_epoch_end(self) -> None:
        sums = ranks.summed(self._sums)
        figures = {
            "validation_attack_accuracy": sums["attack"] / sums["count"],
            "validation_victim_accuracy": sums["victim"] / sums["count"],
            "validation_intensity_rmse": math.sqrt(sums["square"] / max(1, sums["attacked"])),
            "validation_loss": sums["loss"] / sums["count"],
        }
        self.log_dict(figures, batch_size=1, sync_dist=True)

    def configure_optimizers(self) -> Any:
        kind = torch.optim.AdamW if self.config.optimiser == "adamw" else torch.optim.Adam
        learnt = [weight for weight in self.parameters() if weight.requires_grad]
        optimiser = kind(learnt, self.config.learning_rate, weight_decay=self.config.weight_decay)
        return warm_cosine(optimiser, int(self.trainer.estimated_stepping_batches), self.config.warm_up)

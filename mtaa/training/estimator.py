"""Fitting the pixel-level perturbation estimator on pairs of clean and adversarial images."""

import warnings
from dataclasses import dataclass
from typing import Annotated, Any

import torch
from lightning import Callback, LightningModule, Trainer
from pydantic import BaseModel, ConfigDict, Field
from torch.nn import functional as F

from mtaa.core import seeds
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.examples import Examples
from mtaa.models.estimator import EstimatorConfig, PerturbationEstimator
from mtaa.training.data import Batch, loader
from mtaa.training.quiet import quieten
from mtaa.training.schedule import warm_cosine

VALIDATION_BATCH = 256


class EstimatorTraining(BaseModel):
    """How an estimator is trained. `clean_share`: of each batch, how many adversarial images are shown as the clean
    image they come from, whose δ is 0, beside the clean examples that the scenario has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: Annotated[int, Field(ge=1, le=10_000)] = 4
    batch: Annotated[int, Field(ge=2, le=65_536)] = 64
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-3
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 1e-4
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.1
    clean_share: Annotated[float, Field(ge=0, lt=1)] = 0.1
    seed: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True)
class FittedEstimator:
    """The estimator, and by epoch its mean absolute errors in grey levels: `train`, `validation`."""

    estimator: PerturbationEstimator
    curves: list[dict[str, float]]


def fit_estimator(
    network: EstimatorConfig,
    config: EstimatorTraining,
    train: Examples,
    validation: Examples,
    device: torch.device,
    progress: Progress | None = None,
) -> FittedEstimator:
    """Train an estimator on `train`, watching `validation`, and return it in evaluation mode on the CPU."""
    torch.manual_seed(seeds.derive("estimator", config.seed))
    module = EstimatorFitting(PerturbationEstimator(network).to(memory_format=torch.channels_last), config)
    reporter = _Reporter(progress or Silent())
    with warnings.catch_warnings():
        quieten()
        # In full precision: a grey level is 1/255, and bfloat16 has 8 bits.
        trainer = Trainer(
            max_epochs=config.epochs,
            accelerator="gpu" if device.type == "cuda" else "cpu",
            devices=1,
            callbacks=[reporter],
            gradient_clip_val=1.0,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,
        )
        batches = loader(train, min(config.batch, len(train)), config.seed, pairs=True)
        trainer.fit(module, batches, loader(validation, VALIDATION_BATCH, None, pairs=True))
    return FittedEstimator(module.estimator.cpu().eval().requires_grad_(False), reporter.curves)


class EstimatorFitting(LightningModule):
    """Mean absolute error of δ̂: unlike the square it is not ruled by the few strongest attacks."""

    def __init__(self, estimator: PerturbationEstimator, config: EstimatorTraining):
        super().__init__()
        self.estimator, self.config = estimator, config

    def _loss(self, changed: torch.Tensor, clean: torch.Tensor, name: str) -> torch.Tensor:
        changed, clean = changed.float() / 255, clean.float() / 255
        loss = F.l1_loss(self.estimator(changed), changed - clean)
        self.log(name, loss.detach() * 255, on_epoch=True, on_step=False, batch_size=len(changed))
        return loss

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        changed, clean = batch["images"], batch["clean"]
        shown = torch.rand(len(changed), device=changed.device) < self.config.clean_share
        return self._loss(torch.where(shown[:, None, None, None], clean, changed), clean, "train")

    def validation_step(self, batch: Batch, index: int) -> None:
        self._loss(batch["images"], batch["clean"], "validation")

    def configure_optimizers(self) -> Any:
        optimiser = torch.optim.AdamW(
            self.parameters(), self.config.learning_rate, weight_decay=self.config.weight_decay
        )
        return warm_cosine(optimiser, int(self.trainer.estimated_stepping_batches), self.config.warm_up)


class _Reporter(Callback):
    """Reports batches, stops between two of them when asked to, and keeps the errors of each epoch."""

    def __init__(self, progress: Progress):
        self._progress, self.curves = progress, list[dict[str, float]]()

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        self._progress.start("estimator", int(trainer.estimated_stepping_batches), "batches")

    def on_train_batch_end(self, trainer: Trainer, module: LightningModule, *_: Any) -> None:
        self._progress.raise_if_cancelled()
        words = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}"
        if self.curves and "validation" in self.curves[-1]:
            words += f", off by {self.curves[-1]['validation']:.2f}/255"
        self._progress.advance(message=words)

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        self.curves.append({name: round(float(value), 4) for name, value in trainer.callback_metrics.items()})

    def on_train_end(self, trainer: Trainer, module: LightningModule) -> None:
        self._progress.finish()

"""From examples to a fitted network: resumable, in a folder of its own."""

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from safetensors.torch import load_file, save_file

from mtaa.core import files, seeds
from mtaa.core.errors import InputError
from mtaa.core.progress import Progress, Silent
from mtaa.dataset.examples import Examples
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.training import ranks
from mtaa.training.config import TrainingConfig
from mtaa.training.data import Data
from mtaa.training.extractor import fit_extractor
from mtaa.training.module import Fitting
from mtaa.training.quiet import quieten

CURVES, LAST, EXTRACTOR, RUN = "curves.json", "last.ckpt", "extractor.safetensors", "run.json"


@dataclass(frozen=True)
class Fitted:
    """The network with its best weights, and what training was like epoch by epoch."""

    network: Mtaa
    curves: list[dict[str, Any]]


@ranks.joined()
def fit(
    network_config: NetworkConfig,
    config: TrainingConfig,
    train: Examples,
    validation: Examples,
    labels: tuple[list[str], list[str]],
    folder: Path,
    resume: bool = False,
    progress: Progress | None = None,
    start: Mtaa | None = None,
) -> Fitted:
    """Train a network on `train`, watching `validation`, and return it in evaluation mode on the CPU.

    `labels` are the attack and victim classes; `start` is a network for them to begin with, which is trained itself.
    `folder` gets the curves and, after each epoch, what `resume` needs; without `resume`, what an earlier run left
    there is replaced. Under `torchrun` all processes share each batch, rank 0 alone writes, and every one of them is
    returned the same.
    """
    progress = (progress if ranks.is_first() else None) or Silent()
    folder.mkdir(parents=True, exist_ok=True)
    if not resume and ranks.is_first():
        for name in (CURVES, LAST, EXTRACTOR, RUN):
            (folder / name).unlink(missing_ok=True)
    if ranks.is_first():
        _same_run(folder, network_config, config, train, labels)
    attacks, victims = labels
    torch.manual_seed(seeds.derive("network", config.seed))
    channels, side = train.images.shape[1], train.images.shape[-1]
    network = start or Mtaa(network_config, len(attacks), len(victims), channels, side)
    network.to(memory_format=torch.channels_last)
    if start is None:
        network.fit_scale(torch.from_numpy(train.attack), torch.from_numpy(train.intensity))
    if network.extractor is not None and start is None:
        _prepare_extractor(network, train, config, folder / EXTRACTOR, progress)
    module = Fitting(network, config, attacks.index("clean") if "clean" in attacks else -1)
    keeper = ModelCheckpoint(folder, "best", monitor="validation_loss", enable_version_counter=False)
    # A keeper of its own: with `save_last` the best one's would write the last epoch only where it was the best.
    latest = ModelCheckpoint(folder, Path(LAST).stem, enable_version_counter=False)
    callbacks: list[Callback] = [keeper, latest, _Reporter(folder / CURVES, progress)]
    if config.average:
        # Over no more than a tenth of a short run, or the average would still hold the first, untrained weights.
        steps = config.epochs * max(1, len(train) // config.batch)
        callbacks.append(EMAWeightAveraging(decay=min(config.average, max(0.0, 1 - 10 / steps))))
    if config.patience:
        callbacks.append(EarlyStopping("validation_loss", patience=config.patience))
    last = folder / LAST
    with warnings.catch_warnings(), files.scratch(folder / f"scratch-{ranks.here().rank}"):
        quieten()
        trainer = _trainer(config, folder, callbacks)
        data = Data(train, validation, config.batch, config.seed, config.changed)
        trainer.fit(module, data, ckpt_path=last if _is_there(last) else None, weights_only=True)
    kept = keeper.best_model_path
    best = torch.load(kept, map_location="cpu", weights_only=True)["state_dict"] if ranks.is_first() else {}
    best, prefix = ranks.from_first(best), "network."
    network.load_state_dict({name.removeprefix(prefix): v for name, v in best.items() if name.startswith(prefix)})
    curves = ranks.from_first(files.read_json(folder / CURVES) if ranks.is_first() else [])
    return Fitted(network.cpu().eval().requires_grad_(False), curves)


def _same_run(
    folder: Path, network: NetworkConfig, config: TrainingConfig, train: Examples, labels: tuple[list[str], list[str]]
) -> None:
    """Raises `InputError` where what lies in `folder` is of another run, which this one can't go on with."""
    told = hashlib.sha256()
    for column in (train.attack, train.victim, train.intensity, train.source):
        told.update(np.ascontiguousarray(column).tobytes())
    about = {
        "network": files.canonical_hash(network.model_dump(mode="json")),
        "settings": files.canonical_hash(config.model_dump(mode="json")),
        "labels": files.canonical_hash(labels),
        "examples": told.hexdigest(),
    }
    if (folder / LAST).is_file() and (folder / RUN).is_file():
        begun = files.read_json(folder / RUN)
        if others := [name for name, digest in about.items() if begun.get(name) != digest]:
            raise InputError(
                f"training in {folder} must go on with what it began with, got other {', '.join(others)}; "
                "take another name, or begin anew, without --resume"
            )
    files.write_json(folder / RUN, about)


def _is_there(kept: Path) -> bool:
    """Whether rank 0 has the file. Raises `InputError` where another rank, which must read it too, has not."""
    found = ranks.from_first(kept.is_file())
    if found and not kept.is_file():
        raise InputError(f"{kept.parent} must be shared by all machines, got one without {kept.name}; see MTAA_HOME")
    return found


def _prepare_extractor(network: Mtaa, train: Examples, config: TrainingConfig, kept: Path, progress: Progress) -> None:
    assert network.extractor is not None
    if _is_there(kept):
        network.extractor.load_state_dict(load_file(kept))
        network.extractor.requires_grad_(False)
        return
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    fit_extractor(network.extractor, train, config, device, progress)
    if not ranks.is_first():
        return
    with files.atomic(kept) as temporary:
        save_file({name: value.cpu().contiguous() for name, value in network.extractor.state_dict().items()}, temporary)


def _trainer(config: TrainingConfig, folder: Path, callbacks: list[Callback]) -> Trainer:
    place = ranks.here()
    return Trainer(
        max_epochs=config.epochs,
        precision=config.precision,
        devices=place.beside,
        num_nodes=place.world // place.beside,
        strategy="ddp" if place.world > 1 else "auto",
        # Statistics of a batch are those of all its parts; PyTorch can't on a CPU, where each part has its own.
        sync_batchnorm=place.world > 1 and torch.cuda.is_available(),
        callbacks=callbacks,
        default_root_dir=folder,
        gradient_clip_val=5.0,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        use_distributed_sampler=False,
    )


class _Reporter(Callback):
    """Reports batches, stops between two of them when asked to, and keeps the curves of Fig. 7."""

    def __init__(self, curves: Path, progress: Progress):
        self._curves, self._progress = curves, progress
        self._rows: list[dict[str, Any]] = files.read_json(curves) if curves.is_file() else []

    def on_train_start(self, trainer: Trainer, module: LightningModule) -> None:
        self._rows = self._rows[: trainer.current_epoch]
        total = int(trainer.estimated_stepping_batches)
        self._progress.start("training", total, "batches", done=trainer.global_step)

    def on_train_batch_end(self, trainer: Trainer, module: LightningModule, *_: Any) -> None:
        self._progress.raise_if_cancelled()
        last = self._rows[-1] if self._rows else {}
        words = f"epoch {trainer.current_epoch + 1} of {trainer.max_epochs}"
        if last:
            words += (
                f", attack {last['validation_attack_accuracy']:.1%}, victim {last['validation_victim_accuracy']:.1%}"
            )
            words += f", RMSE {last['validation_intensity_rmse']:.1f}"
        self._progress.advance(message=words)

    def on_train_epoch_end(self, trainer: Trainer, module: LightningModule) -> None:
        figures = {name: round(float(value), 6) for name, value in trainer.callback_metrics.items()}
        self._rows.append({"epoch": trainer.current_epoch + 1, **figures})
        if trainer.is_global_zero:
            files.write_json(self._curves, self._rows)

    def on_train_end(self, trainer: Trainer, module: LightningModule) -> None:
        self._progress.finish()

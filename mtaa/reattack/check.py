"""`Reattacker`: runs hypotheses against the source models a checkpoint was made with."""

import threading

import numpy as np
import torch

from mtaa.attacks import Oracle, build, round_to_bytes
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.countercheck import CounterCheck, Tried
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.progress import Progress, Silent
from mtaa.core.titles import title
from mtaa.core.verdict import Verdict
from mtaa.models import estimator_store
from mtaa.models.estimator import PerturbationEstimator, estimate_clean
from mtaa.reattack.agreement import agreement
from mtaa.reattack.hypotheses import hypotheses
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import Scenario
from mtaa.victims import load, read_card


class Reattacker:
    """Attacks images uint8 (N, C, side, side) again. Safe to share between threads: one works at a time."""

    def __init__(self, card: Card, scenario: Scenario, device: torch.device):
        self.card, self._scenario, self._device = card, scenario, device
        self._oracles: dict[str, Oracle] = {}
        self._estimator: PerturbationEstimator | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, name: str, device: str = "auto") -> "Reattacker":
        """Of a checkpoint; its source models are loaded when they are needed. Raises `UnknownNameError`."""
        return cls(cards.read(name), of_checkpoint(name), devices.pick(device))

    def check(
        self, pixels: np.ndarray, verdict: Verdict, original: np.ndarray | None = None, progress: Progress | None = None
    ) -> CounterCheck:
        """Try the hypotheses of `verdict` on the clean `original` of `pixels`, both uint8 (C, side, side).

        Without an original it is tried on the estimate of one. Raises `InputError` where the verdict names no attack,
        shapes differ, or there is no estimator; `IntegrityError` where a source model is not the one that was learnt.
        """
        progress = progress or Silent()
        clean = self.estimate(pixels[None])[0] if original is None else original
        if clean.shape != pixels.shape:
            raise InputError(f"reference must have the image's shape {pixels.shape}, got {clean.shape}; give its own")
        found = pixels.astype(np.int16) - clean
        planned = hypotheses(self.card, verdict, None if original is None else int(np.abs(found).max()))
        progress.start("re-attack", len(planned), "attempts")
        tried = []
        for one in planned:
            progress.raise_if_cancelled()
            made = self.remake(one.attack, one.victim, clean[None], np.array([one.intensity], np.float32))[0]
            tried.append(Tried(hypothesis=one, agreement=agreement(found, made.astype(np.int16) - clean)))
            progress.advance(1, f"{title(one.attack)} on {title(one.victim)}")
        progress.finish()
        return CounterCheck(
            mode="blind" if original is None else "reference",
            named=planned[0].victim,
            tried=sorted(tried, key=lambda one: -one.agreement.correlation),
        )

    def remake(self, attack: str, victim: str, clean: np.ndarray, intensities: np.ndarray) -> np.ndarray:
        """`attack` on `victim` from `clean` (N, C, side, side) at `intensities` (N,): uint8, away from what the victim
        says of each clean image, which is its true label where the victim is right."""
        with self._lock:
            oracle = self._oracle(victim)
            images = torch.from_numpy(np.array(clean)).float() / 255
            labels = oracle.logits(images.to(self._device)).argmax(1).cpu()
            crafted = build(self._scenario.attack(attack))(oracle, images, labels, torch.from_numpy(intensities))
            return round_to_bytes(crafted.images.cpu()).numpy()

    def estimate(self, images: np.ndarray) -> np.ndarray:
        """The clean originals that the checkpoint's estimator supposes, uint8 like `images` (N, C, side, side)."""
        with self._lock:
            if self._estimator is None:
                self._estimator = estimator_store.read(self.card)[0].to(self._device)
            return estimate_clean(self._estimator, torch.from_numpy(np.array(images)).to(self._device)).cpu().numpy()

    def _oracle(self, victim: str) -> Oracle:
        if victim not in self._oracles:
            found = read_card(self._scenario.images, victim).weights_sha256
            if found != self.card.victims_sha256[victim]:
                raise IntegrityError(
                    f"victim {victim} must have the weights that checkpoint {self.card.name} was made with, got "
                    f"{found[:12]}; restore it"
                )
            self._oracles[victim] = Oracle(load(self._scenario.images, victim), device=str(self._device))
        return self._oracles[victim]

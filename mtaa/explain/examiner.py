"""`Examiner`: one loaded checkpoint that shows what its verdicts rest on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.explain import features, heads, perturbation
from mtaa.explain.explainers import EXPLAINERS
from mtaa.explain.findings import Attribution, BlockDifference, Extracted
from mtaa.explain.heads import Head, HeadName
from mtaa.explain.perturbation import Perturbation
from mtaa.models import estimator_store
from mtaa.models.estimator import PerturbationEstimator, estimate_clean
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network


class Examiner:
    """Explains images uint8 (C, side, side). Safe to share between threads: its networks have a lock."""

    def __init__(self, card: Card, network: Mtaa, device: torch.device):
        self.card, self._network, self._device = card, network.to(device).eval(), device
        self._estimator: PerturbationEstimator | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, name: str, device: str = "auto") -> "Examiner":
        """Load a checkpoint by name, its hash checked. Raises `UnknownNameError` or `IntegrityError`."""
        card, place = cards.read(name), devices.pick(device)
        return cls(card, load_network(card), place)

    def perturbation(self, pixels: np.ndarray, reference: np.ndarray | None = None) -> Perturbation:
        """What was added to `pixels`: true against their clean original, without one by the checkpoint's estimator.

        Raises `InputError` where shapes don't fit or an estimator is needed and there is none, or `IntegrityError`.
        """
        self._check(pixels)
        if reference is not None:
            return perturbation.between(pixels, reference)
        with self._lock:
            if self._estimator is None:
                self._estimator = estimator_store.read(self.card)[0].to(self._device)
            clean = estimate_clean(self._estimator, torch.from_numpy(np.array(pixels[None])).to(self._device))
        return perturbation.between(pixels, clean[0].cpu().numpy(), is_estimate=True)

    def blocks(self, pixels: np.ndarray, original: np.ndarray) -> list[BlockDifference]:
        """Feature-map differences by block between `pixels` and a clean image, known or estimated."""
        self._check(pixels, original)
        with self._lock:
            return features.differences(self._network, self._tensor(pixels), self._tensor(original))

    def extracted(self, pixels: np.ndarray, reference: np.ndarray | None = None) -> Extracted | None:
        """The network's own feature-level estimate of the perturbation; None where it has no extractor."""
        self._check(pixels, *([reference] if reference is not None else []))
        with self._lock:
            original = None if reference is None else self._tensor(reference)
            return features.extracted(self._network, self._tensor(pixels), original)

    def explain(self, pixels: np.ndarray, head: HeadName, method: str, seed: int = 0) -> Attribution:
        """Which pixels the answer of `head` rests on, by the explainer `method`; the same for the same seed.

        Raises `InputError` where the intensity of a clean image is asked for, or `UnknownNameError`.
        """
        explainer = EXPLAINERS[method]()
        self._check(pixels)
        with self._lock, _seeded(seed, self._device):
            image = self._tensor(pixels)
            said = heads.answer(self._network, head, image)
            labels = self.card.victims if head == "victim" else self.card.attacks
            if head == "intensity" and labels[said.place] not in self.card.symbols:
                raise InputError("image must be called attacked to have an intensity, got a clean one; ask for attack")
            found = explainer.explain(Head(self._network, head, said.place), image)
        return Attribution(
            method=method,
            head=head,
            label=labels[said.place],
            answer=said.value,
            values=found.values.cpu().numpy().astype(np.float32),
            is_signed=found.is_signed,
            in_answer_unit=explainer.in_answer_unit,
            settings=found.settings,
            placeless=found.placeless,
            delta=found.delta,
            change=found.change,
            without_gradient=() if explainer.sees_all else tuple(heads.without_gradient(self._network, head)),
        )

    def _check(self, *images: np.ndarray) -> None:
        geometry = self.card.images
        wanted = (geometry.channels, geometry.side, geometry.side)
        for one in images:
            if one.shape != wanted or one.dtype != np.uint8:
                raise InputError(f"image must be uint8 {wanted} for this checkpoint, got {one.dtype} {one.shape}")

    def _tensor(self, pixels: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(np.array(pixels[None])).to(self._device).float() / 255


@contextmanager
def _seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Random numbers from `seed` within the block; those of the process go on as if it had not been."""
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield

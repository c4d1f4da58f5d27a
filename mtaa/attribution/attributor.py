"""`Attributor`: one loaded checkpoint that turns bytes into verdicts."""

import threading
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import torch

from mtaa.attribution import gate
from mtaa.attribution.conclude import conclude, unrecognised, withheld
from mtaa.attribution.informed import doubts, informed
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.labels import CLEAN
from mtaa.core.prior import posterior
from mtaa.core.standing import standing
from mtaa.core.strange import doubts as unusual
from mtaa.core.verdict import Beforehand, CheckpointMark, Derived, Refusal, Strangeness, Verdict
from mtaa.evaluation.predict import Predictions, predict
from mtaa.images import intake, measures
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.scenario.presets import learnt_share
from mtaa.signatures import store
from mtaa.signatures.strangeness import Acquaintance


class Attributor:
    """Reads, measures and judges images with one checkpoint. Safe to share between threads: the network has a lock."""

    def __init__(self, card: Card, network: Mtaa, device: torch.device, known: Acquaintance | None = None):
        self.card, self._network, self._device, self._known = card, network, device, known
        self._lock = threading.Lock()

    @classmethod
    def open(cls, name: str, device: str = "auto") -> "Attributor":
        """Load a checkpoint by name, its hashes checked. Raises `UnknownNameError` or `IntegrityError`."""
        card, place = cards.read(name), devices.pick(device)
        known = Acquaintance.of(store.read(card)) if card.signatures_sha256 else None
        return cls(card, load_network(card).to(place), place, known)

    def attribute(
        self,
        images: Iterable[tuple[str, bytes]],
        reference: bytes | None = None,
        batch: int = 64,
        prior: float | None = None,
    ) -> Iterator[Verdict | Refusal]:
        """Verdicts on (name, bytes) pairs, lazily and in order; what can't be analysed yields its `Refusal`.

        `reference` is the clean original of all of them, for the measures that need one; `prior` the share of such
        images that are attacked. Raises `InputError` where the reference itself can't be read.
        """
        original, learnt = self._read_reference(reference), None
        if prior is not None:
            learnt = learnt_share(self.card)
        pending = iter(images)
        while chunk := list(islice(pending, batch)):
            for found in self._judge(chunk, original):
                if prior is None or learnt is None or isinstance(found, Refusal):
                    yield found
                else:
                    yield _weighed(found, prior, learnt)

    def _read_reference(self, reference: bytes | None) -> tuple[np.ndarray, str] | None:
        if reference is None:
            return None
        geometry = self.card.images
        taken = intake.read(reference, "reference", geometry.channels, geometry.side)
        return taken.pixels, taken.observed.sha256

    def _judge(
        self, chunk: list[tuple[str, bytes]], original: tuple[np.ndarray, str] | None
    ) -> Iterator[Verdict | Refusal]:
        geometry = self.card.images
        taken: list[intake.Intake | Refusal] = []
        for name, content in chunk:
            try:
                taken.append(intake.read(content, name, geometry.channels, geometry.side))
            except InputError as error:
                digest = files.sha256_bytes(content)
                taken.append(Refusal(name=name, sha256=digest, bytes=len(content), reason=str(error)))
        readable = [one for one in taken if not isinstance(one, Refusal)]
        if not readable:
            yield from (one for one in taken if isinstance(one, Refusal))
            return
        pixels = np.stack([one.pixels for one in readable])
        with self._lock:
            predictions = predict(self._network, pixels, self._device, embeddings=self._known is not None)
        strange = self._strangeness(predictions)
        place = 0
        for one in taken:
            if isinstance(one, Refusal):
                yield one
                continue
            yield self._verdict(one, predictions, place, original, strange[place])
            place += 1

    def _strangeness(self, predictions: Predictions) -> list[Strangeness | None]:
        if self._known is None:
            return [None] * len(predictions.attack)
        attack = self._known.nearer("attack", predictions.attack_embedding, predictions.attack)
        victim = self._known.nearer("victim", predictions.victim_embedding, predictions.attack)
        named = [self.card.attacks[place] != CLEAN for place in predictions.attack]
        return [
            Strangeness(attack=round(float(one), 4), victim=round(float(other), 4) if is_named else None)
            for one, other, is_named in zip(attack, victim, named, strict=True)
        ]

    def _verdict(
        self,
        taken: intake.Intake,
        predictions: Predictions,
        place: int,
        original: tuple[np.ndarray, str] | None,
        strange: Strangeness | None,
    ) -> Verdict:
        derived: Derived = measures.derive(taken.pixels, *(original or ()))
        inferred, warnings = conclude(
            self.card,
            predictions.attack_logits[place],
            predictions.victim_logits[place],
            float(predictions.intensity[place]),
        )
        attributability, is_changed = None, False
        if self.card.survival is not None:
            attributability = gate.judge(self.card.survival, taken)
            is_changed = attributability.answer != "attributable"
            warnings = [*gate.warnings(attributability), *warnings]
        warnings = [*warnings, *(unusual(strange, is_changed) if strange else [])]
        stands = standing(inferred, None if is_changed else strange)
        sharper = None
        if attributability is not None and attributability.answer == "destroyed":
            inferred, warnings, stands = withheld(inferred), gate.warnings(attributability), None
        elif derived.reference is not None:
            warnings = [*warnings, *doubts(self.card, inferred, derived.reference)]
            sharper = informed(self.card, inferred, derived.reference)
        if stands == "unknown":
            inferred, sharper = unrecognised(inferred), sharper and unrecognised(sharper)
        mark = CheckpointMark(
            name=self.card.name,
            weights_sha256=self.card.weights_sha256,
            scenario=self.card.scenario_sha256,
            code_version=self.card.code_version,
        )
        return Verdict(
            observed=taken.observed,
            derived=derived,
            inferred=inferred,
            checkpoint=mark,
            attributability=attributability,
            informed=sharper,
            strangeness=strange,
            standing=stands,
            warnings=[*taken.observed.notes, *warnings],
        )


def _weighed(verdict: Verdict, prior: float, learnt: float) -> Verdict:
    """With what the analyst's prior makes of its probability, where it has one."""
    share = verdict.inferred.adversarial_probability
    if share is None or verdict.names_nobody:
        return verdict
    found = Beforehand(share=prior, learnt=learnt, posterior=posterior(share, prior, learnt))
    return verdict.model_copy(update={"prior": found})

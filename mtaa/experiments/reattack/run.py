"""The experiment from end to end: choose test examples, attack their originals again on every source model, compare."""

import time

import numpy as np

from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import seeds
from mtaa.core.card import Card
from mtaa.core.countercheck import LEAD, NEAR, Mode, leads
from mtaa.core.errors import UnknownNameError
from mtaa.core.progress import Progress
from mtaa.core.titles import title
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import Predictions, predict
from mtaa.experiments.reattack.originals import originals
from mtaa.experiments.reattack.record import MODES, NAME, ReattackRecord, ReattackSettings, Row
from mtaa.models.store import load_network
from mtaa.reattack import Reattacker
from mtaa.reattack.agreement import agreement


def run(settings: ReattackSettings, progress: Progress) -> ReattackRecord:
    """Check examples of every attack in both modes. Raises `InputError` or `IntegrityError`; interrupted, it keeps
    nothing."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    examples = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    if strange := settings.more.keys() - card.symbols.keys():
        raise UnknownNameError("attack", min(strange), list(card.symbols))
    reattacker, network = Reattacker.open(card.name, settings.device), load_network(card).to(place)
    victims = [name for name in card.victims if name in card.victims_sha256]
    progress.start(NAME, len(card.symbols) * len(MODES) * len(victims), "attacks on a source model")
    rows = []
    for attack in card.symbols:
        chosen = examples.take(_chosen(settings, card, examples, attack, victims))
        said = predict(network, chosen.images, place)
        for mode in MODES:
            clean = chosen.clean if mode == "reference" else reattacker.estimate(chosen.images)
            found = chosen.images.astype(np.int16) - clean
            strengths = np.maximum(said.intensity, 0).astype(np.float32)
            if mode == "reference" and card.units[attack] == "1/255":
                strengths = np.abs(found).max(axis=(1, 2, 3)).astype(np.float32)
            alike = np.zeros((len(chosen), len(victims)))
            for column, victim in enumerate(victims):
                progress.raise_if_cancelled()
                made = reattacker.remake(attack, victim, clean, strengths).astype(np.int16) - clean
                alike[:, column] = [agreement(*pair).correlation for pair in zip(found, made, strict=True)]
                progress.advance(1, f"{title(attack)} on {title(victim)}, {mode}")
            rows.append(_row(attack, mode, alike, card, victims, chosen, said))
    doubted = originals(card, examples, network, settings.seed, place)
    progress.finish()
    return ReattackRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        estimator_sha256=card.estimator_sha256,
        victims_sha256={name: card.victims_sha256[name] for name in victims},
        lead=LEAD,
        near=NEAR["reference"],
        rows=rows,
        originals=doubted,
    )


def _chosen(settings: ReattackSettings, card: Card, examples: Examples, attack: str, victims: list[str]) -> np.ndarray:
    """Places of the examples to check, as many of each source model."""
    dice = np.random.default_rng(seeds.derive(NAME, settings.seed, attack))
    wanted = settings.more.get(attack, settings.images)
    of_attack = examples.attack == card.attacks.index(attack)
    cells = [np.flatnonzero(of_attack & (examples.victim == card.victims.index(name))) for name in victims]
    return np.sort(np.concatenate([dice.permutation(cell)[:wanted] for cell in cells]))


def _row(
    attack: str,
    mode: Mode,
    alike: np.ndarray,
    card: Card,
    victims: list[str],
    examples: Examples,
    said: Predictions,
) -> Row:
    """`alike` (n, source models): correlation of what was found and what each source model gives."""
    true = np.array([victims.index(card.victims[number]) for number in examples.victim])
    ranked = np.sort(np.pad(alike, ((0, 0), (1, 0)), constant_values=-1), axis=1)  # one model has no rival
    right = alike.argmax(1) == true
    decided = np.array([leads(best, second, mode) for second, best in ranked[:, -2:]])
    others = np.where(np.arange(len(victims)) == true[:, None], -np.inf, alike).max(1)
    floor = 1 / len(victims)
    return Row.model_validate(
        {
            "attack": attack,
            "mode": mode,
            "first": metrics.accuracy(right, floor),
            "decided": metrics.accuracy(decided),
            "right": metrics.accuracy(right[decided], floor) if decided.any() else None,
            "verdict": metrics.accuracy(said.victim == examples.victim, floor),
            "correlation": float(alike[np.arange(len(true)), true].mean()),
            "other": float(others.mean()),
        }
    )

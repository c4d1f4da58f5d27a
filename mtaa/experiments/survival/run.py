"""The experiment from end to end: change the test examples, attribute them, look for the marks of the change."""

import time
import zlib

import numpy as np
import torch

from mtaa.bench import machine
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import seeds
from mtaa.core.card import Card
from mtaa.core.labels import CLEAN
from mtaa.core.progress import Progress
from mtaa.core.survival import Marks
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation import metrics
from mtaa.evaluation.predict import Predictions, predict
from mtaa.evaluation.record import Figure
from mtaa.experiments.survival.changes import CHANGES, PLAN, Step
from mtaa.experiments.survival.record import NAME, Row, SurvivalRecord, SurvivalSettings
from mtaa.images import history
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network

FALSE_ALARMS = 0.005  # of unchanged images, for each mark
BATCH = 64
LOOKED_AT = 2000  # images on which marks are measured, half to choose their values, half to tell how well they do
UNCHANGED = Step("none", 0, "unchanged")


def run(settings: SurvivalSettings, progress: Progress) -> SurvivalRecord:
    """Measure every change of `PLAN`. Raises `UnknownNameError` or `IntegrityError`; interrupted, it keeps nothing."""
    began, card, place = time.perf_counter(), cards.read(settings.checkpoint), devices.pick(settings.device)
    examples = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    examples = examples.take(np.flatnonzero(examples.control == ""))  # controls were changed already
    dice = np.random.default_rng(seeds.derive(NAME, settings.seed))
    order = dice.permutation(len(examples))[: max(1, round(settings.scale * len(examples)))]
    examples, looked = examples.take(np.sort(order)), order[:LOOKED_AT]
    looked = np.flatnonzero(np.isin(np.sort(order), looked))
    network = load_network(card).to(place)
    progress.start(NAME, len(PLAN) + 1, "changes")
    chosen = np.array([zlib.crc32(source.encode()) % 2 == 0 for source in examples.source[looked]])
    marks, shown = _marks(examples.images[looked], chosen)
    unchanged = _row(UNCHANGED, card, examples, examples.images, network, place, shown[~chosen], marks)
    progress.advance(1, UNCHANGED.said)
    rows = []
    for step in PLAN:
        progress.raise_if_cancelled()
        images = CHANGES[step.name](examples.images, step.strength, seeds.derive(NAME, settings.seed, step.name))
        found = _measured(images[looked[~chosen]])
        rows.append(_row(step, card, examples, images, network, place, found, marks))
        progress.advance(1, step.said)
    progress.finish()
    record = SurvivalRecord(
        settings=settings,
        environment=machine.environment(place, [], {}),
        seconds=round(time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        marks=marks,
        unchanged=unchanged,
        rows=rows,
    )
    if settings.keep:
        cards.with_survival(cards.read(card.name), record.survival)
    return record


def _measured(images: np.ndarray) -> np.ndarray:
    """Ghost, fine share, narrow levels, below 0, and bit depth of each image (n, 4): marks where they are low."""
    batches = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    ghosts = [ghost for batch in batches for _, ghost in history.jpeg_ghosts(batch)]
    measures = (history.fine_share, history.narrow_levels, history.bit_depth)
    fine, narrow, bits = ([measure(image) for image in images] for measure in measures)
    return np.array([ghosts, fine, -np.array(narrow), bits]).T


def _marks(images: np.ndarray, chosen: np.ndarray) -> tuple[Marks, np.ndarray]:
    """The values, from the images where `chosen`, and the measures (n, 4) of all. Of bits nothing is to choose."""
    found = _measured(images)
    ghost, fine, narrow, _ = np.quantile(found[chosen], FALSE_ALARMS, axis=0)
    narrow = np.floor(narrow)  # a whole number of levels
    ghosts, fines, narrows, depths = (found[~chosen] < (ghost, fine, narrow, 8)).mean(0)
    return (
        Marks(
            jpeg_ghost=round(float(ghost), 4),
            fine_share=round(float(fine), 4),
            jpeg_ghost_false_alarms=round(float(ghosts), 4),
            fine_share_false_alarms=round(float(fines), 4),
            narrow_levels=-int(narrow),
            narrow_levels_false_alarms=round(float(narrows), 4),
            bit_depth_false_alarms=round(float(depths), 4),
        ),
        found,
    )


def _row(
    step: Step,
    card: Card,
    examples: Examples,
    images: np.ndarray,
    network: Mtaa,
    place: torch.device,
    found: np.ndarray,
    marks: Marks,
) -> Row:
    said = predict(network, images, place)
    right = said.attack == examples.attack
    assert marks.narrow_levels is not None
    below: np.ndarray = found < np.array([marks.jpeg_ghost, marks.fine_share, -marks.narrow_levels, 8])
    return Row(
        change=step.name,
        strength=step.strength,
        said=step.said,
        figures=_figures(card, examples, said, right),
        by_attack={
            name: metrics.accuracy(right[examples.attack == number])
            for number, name in enumerate(card.attacks)
            if (examples.attack == number).any()
        },
        marked={
            "jpeg_ghost": metrics.accuracy(below[:, 0]),
            "fine_share": metrics.accuracy(below[:, 1]),
            "narrow_levels": metrics.accuracy(below[:, 2]),
            "bit_depth": metrics.accuracy(below[:, 3]),
            "any": metrics.accuracy(np.asarray(below.any(1))),
        },
    )


def _figures(card: Card, examples: Examples, said: Predictions, right: np.ndarray) -> dict[str, Figure]:
    number = card.attacks.index(CLEAN) if CLEAN in card.attacks else -1
    attacked = examples.attack != number
    named = said.victim[attacked] == examples.victim[attacked]
    figures = {
        "attack_accuracy": metrics.accuracy(right, metrics.majority(examples.attack)),
        "victim_accuracy": metrics.accuracy(named, metrics.majority(examples.victim[attacked])),
    }
    for key, symbol in (("epsilon_rmse", "ε"), ("kappa_rmse", "κ")):
        theirs = [place for place, name in enumerate(card.attacks) if card.symbols.get(name) == symbol]
        mine = np.isin(examples.attack, theirs)
        if mine.any():
            true = examples.intensity[mine]
            floor = metrics.constant_rmse(true)
            figures[key] = metrics.rmse(said.intensity[mine], true, examples.source[mine], floor)
    if not attacked.all():
        figures["false_alarm_rate"] = metrics.accuracy(said.attack[~attacked] != number)
    return figures

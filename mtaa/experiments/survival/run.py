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
from mtaa.experiments.survival.record import MARKS, NAME, Row, SurvivalRecord, SurvivalSettings
from mtaa.images import history, jpegs
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network

FALSE_ALARMS = 0.005  # of unchanged images, for each mark
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
    marks, limits, shown = _marks(examples.images[looked], chosen)
    unchanged = _row(UNCHANGED, card, examples, examples.images, network, place, shown[~chosen], limits)
    progress.advance(1, UNCHANGED.said)
    rows = []
    for step in PLAN:
        progress.raise_if_cancelled()
        images = CHANGES[step.name](examples.images, step.strength, seeds.derive(NAME, settings.seed, step.name))
        found = _measured(images[looked[~chosen]], step.stored)
        rows.append(_row(step, card, examples, images, network, place, found, limits))
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
        cards.with_survival(card.name, record.survival)
    return record


def _measured(images: np.ndarray, stored: int | None = None) -> np.ndarray:
    """The measures of each image (n, 6), in the order of `MARKS`: it carries a mark where one is low. `stored`: the
    quality of its JPEG file."""
    return np.array([_of_image(image, stored) for image in images])


def _of_image(image: np.ndarray, stored: int | None) -> tuple[float, ...]:
    found = jpegs.ghosts(image)
    clearest, displaced = found.clearest, found.displaced
    earlier = found.earlier(clearest.quality if stored is None else stored)
    # What came before a compression that is itself only guessed shows no clearer than that one.
    before = 1.0 if earlier is None else earlier.ratio if stored else max(earlier.ratio, clearest.ratio)
    crop = 1.0 if displaced is None else displaced.ratio
    depth = history.bit_depth(image)
    return clearest.ratio, before, crop, history.fine_share(image), -history.narrow_levels(image), depth


def _marks(images: np.ndarray, chosen: np.ndarray) -> tuple[Marks, np.ndarray, np.ndarray]:
    """The marks, and below what (6,) a measure is one, from the images where `chosen`; and the measures (n, 6) of all.

    An earlier ghost is a ghost like the clearest, and of bits nothing is to choose.
    """
    found = _measured(images)
    ghost, _, crop, fine, narrow, _ = (round(float(one), 4) for one in np.quantile(found[chosen], FALSE_ALARMS, axis=0))
    limits = np.array([ghost, ghost, crop, fine, np.floor(narrow), 8])  # levels are a whole number
    alarms = dict(zip(MARKS, (found[~chosen] < limits).mean(0).round(4).tolist(), strict=True))
    marks = Marks(
        jpeg_ghost=ghost,
        jpeg_ghost_false_alarms=alarms["jpeg_ghost"],
        jpeg_displaced=crop,
        jpeg_displaced_false_alarms=alarms["jpeg_displaced"],
        fine_share=fine,
        fine_share_false_alarms=alarms["fine_share"],
        narrow_levels=-int(limits[4]),
        narrow_levels_false_alarms=alarms["narrow_levels"],
        bit_depth_false_alarms=alarms["bit_depth"],
    )
    return marks, limits, found


def _row(
    step: Step,
    card: Card,
    examples: Examples,
    images: np.ndarray,
    network: Mtaa,
    place: torch.device,
    found: np.ndarray,
    limits: np.ndarray,
) -> Row:
    said = predict(network, images, place)
    right = said.attack == examples.attack
    below: np.ndarray = found < limits
    return Row(
        change=step.name,
        strength=step.strength,
        said=step.said,
        fine_share=round(float(np.median(found[:, [*MARKS].index("fine_share")])), 6),
        figures=_figures(card, examples, said, right),
        by_attack={
            name: metrics.accuracy(right[examples.attack == number])
            for number, name in enumerate(card.attacks)
            if (examples.attack == number).any()
        },
        marked={
            **{name: metrics.accuracy(below[:, place]) for place, name in enumerate(MARKS)},
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
    for key, unit in (("epsilon_rmse", "1/255"), ("kappa_rmse", "logits")):
        theirs = [place for place, name in enumerate(card.attacks) if card.units.get(name) == unit]
        mine = np.isin(examples.attack, theirs)
        if mine.any():
            true = examples.intensity[mine]
            floor = metrics.constant_rmse(true)
            figures[key] = metrics.rmse(said.intensity[mine], true, examples.source[mine], floor)
    if not attacked.all():
        figures["false_alarm_rate"] = metrics.accuracy(said.attack[~attacked] != number)
    return figures

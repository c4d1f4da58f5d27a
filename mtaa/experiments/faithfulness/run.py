"""The experiment from end to end: plan the parts, make those that are missing, attribute all, compare."""

import time
from pathlib import Path

import numpy as np
import torch

from mtaa.bench import machine
from mtaa.bench import peers as _peers  # noqa: F401  (registers the toolboxes)
from mtaa.bench.contestants import CONTESTANTS, Target, available, runs_on
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import paths, seeds
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError, UnknownNameError
from mtaa.core.progress import Progress
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import read_export
from mtaa.evaluation.predict import predict
from mtaa.experiments.faithfulness import answers, choose, compare, parts
from mtaa.experiments.faithfulness.answers import Answers
from mtaa.experiments.faithfulness.parts import Order
from mtaa.experiments.faithfulness.record import NAME, FaithfulnessRecord, FaithfulnessSettings, Part, Row
from mtaa.models.network import Mtaa
from mtaa.models.store import load_network
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import Scenario
from mtaa.victims import load, read_card


def run(settings: FaithfulnessSettings, progress: Progress) -> FaithfulnessRecord:
    """Do what is not done, and compare. Raises `InputError` or `IntegrityError`; interrupted, it loses one part.

    Attribution is that of `mtaa evaluate`: the likeliest attack and victim of all, the intensity of that attack.
    """
    card, place = cards.read(settings.checkpoint), devices.pick(settings.device)
    scenario = of_checkpoint(card.name)
    examples = read_export(cards.checked(card.name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    names, left_out = available(settings.peers)
    orders = _plan(settings, card, scenario, examples, names, place)
    folder = paths.home() / "experiments" / NAME / card.name
    _make(orders, scenario, examples, folder, place, progress)
    began, network = time.perf_counter(), load_network(card).to(place)
    rows, done = _attribute(orders, card, examples, folder, network, place)
    attacked = {order.spec.name for order in orders}
    notes = {name: {a: text for a, text in CONTESTANTS[name].notes.items() if a in attacked} for name in names}
    return FaithfulnessRecord(
        settings=settings,
        environment=machine.environment(place, names, left_out),
        seconds=round(sum(part.seconds for part in done) + time.perf_counter() - began, 1),
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        victims_sha256={name: card.victims_sha256[name] for name in dict.fromkeys(o.victim for o in orders)},
        engine_sha256=parts.engine(),
        notes={name: texts for name, texts in notes.items() if texts},
        parts=done,
        rows=rows,
    )


def _plan(
    settings: FaithfulnessSettings,
    card: Card,
    scenario: Scenario,
    examples: Examples,
    peers: list[str],
    place: torch.device,
) -> list[Order]:
    """All parts, those of one victim together, so that each victim is loaded once."""
    makers = [
        entry.name
        for entry in CONTESTANTS
        if entry.name in peers or (entry.name in parts.OURS and runs_on(entry.value, place))
    ]
    known = {a for maker in makers for a in CONTESTANTS[maker].attacks}
    attacks = _wanted("attack", settings.attacks, [spec.name for spec in scenario.attacks if spec.name in known])
    victims = _wanted("victim", settings.victims, scenario.victims)
    possible = {f"{maker}:{attack}" for maker in makers for attack in CONTESTANTS[maker].attacks}
    if strange := settings.shares.keys() - possible:
        raise UnknownNameError("share", min(strange), possible)
    orders = []
    for victim in victims:
        if (found := read_card(scenario.images, victim).weights_sha256) != card.victims_sha256[victim]:
            raise IntegrityError(
                f"victim {victim} must have the weights that checkpoint {card.name} was made with, got {found[:12]}; "
                "restore it"
            )
        facts = {"test": card.test_sha256, "victim": found, "device": place.type}
        for attack in attacks:
            cell = np.flatnonzero(
                (examples.attack == card.attacks.index(attack)) & (examples.victim == card.victims.index(victim))
            )
            seed, spec = seeds.derive(NAME, settings.seed, attack, victim), scenario.attack(attack)
            for maker in (name for name in makers if attack in CONTESTANTS[name].attacks):
                part = settings.scale * settings.shares.get(f"{maker}:{attack}", 1.0)
                places = cell[choose.share(examples.intensity[cell], part, seed)]
                orders.append(Order(maker, spec, victim, places, parts.depends(maker, spec, places, facts)))
    return orders


def _wanted(kind: str, wanted: list[str] | None, known: list[str]) -> list[str]:
    for name in wanted or ():
        if name not in known:
            raise UnknownNameError(kind, name, known)
    found = [name for name in known if wanted is None or name in wanted]
    if not found:
        raise InputError(f"{kind} must be one that toolboxes have, got none; use another checkpoint")
    return found


def _make(
    orders: list[Order],
    scenario: Scenario,
    examples: Examples,
    folder: Path,
    place: torch.device,
    progress: Progress,
) -> None:
    missing = [order for order in orders if not order.path(folder).is_file()]
    total = sum(len(order.places) for order in orders)
    progress.start(NAME, total, "images", done=total - sum(len(order.places) for order in missing))
    channels, height, width = examples.clean.shape[1:]
    loaded, target = "", None
    for order in missing:
        if target is None or order.victim != loaded:
            victim, classes = load(scenario.images, order.victim), read_card(scenario.images, order.victim).classes
            target, loaded = Target(victim.to(place), (channels, height, width), len(classes)), order.victim
        parts.make(order, target, examples, order.path(folder), progress)
    progress.finish()


def _attribute(
    orders: list[Order], card: Card, examples: Examples, folder: Path, network: Mtaa, place: torch.device
) -> tuple[list[Row], list[Part]]:
    """Rows maker by maker. Of each part only its answers are kept."""
    used = np.unique(np.concatenate([order.places for order in orders]))
    own_answers = answers.own(examples.take(used), predict(network, examples.images[used], place))
    rows: list[Row] = []
    done: list[Part] = []
    for maker in dict.fromkeys(order.maker for order in orders):
        found: list[Answers] = []
        mine = [order for order in orders if order.maker == maker]
        for order in mine:
            made, asked_for = parts.read(order, examples, folder), examples.take(order.places)
            found.append(answers.of_part(asked_for, made, predict(network, made.images, place)))
            facts = {"maker": maker, "attack": order.spec.name, "victim": order.victim, "examples": len(order.places)}
            done.append(Part.model_validate({**facts, "seconds": made.seconds, "depends_sha256": order.depends}))
        places = np.concatenate([order.places for order in mine])
        truths = answers.truths(examples.take(places), card)
        own = own_answers.take(np.searchsorted(used, places))
        joined = (np.concatenate([getattr(part, name) for part in found]) for name in Answers.__dataclass_fields__)
        rows += compare.rows(maker, truths, Answers(*joined), own, card.attacks, card.victims)
    return rows, done

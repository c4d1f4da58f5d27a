"""Making a checkpoint of a fitted network: weights, card, scenario and test split, all or nothing."""

import shutil
from pathlib import Path
from typing import Any

import mtaa
from mtaa.attacks import ATTACKS
from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core import files, paths
from mtaa.core.card import Card, Geometry
from mtaa.core.errors import InputError
from mtaa.dataset.examples import Examples
from mtaa.dataset.read import data_hash, export
from mtaa.evaluation.calibration import calibrate
from mtaa.evaluation.figures import figures
from mtaa.evaluation.forgetting import Origin, growth
from mtaa.evaluation.predict import predict
from mtaa.models import cost
from mtaa.models.network import Mtaa
from mtaa.models.store import read_network, save_network
from mtaa.scenario.presets import dump
from mtaa.scenario.record import Scenario
from mtaa.victims import read_card


def publish(
    name: str,
    description: str,
    scenario: Scenario,
    network: Mtaa,
    training: dict[str, Any],
    validation: Examples,
    test: Examples,
    replace: bool = False,
    origin: Origin | None = None,
) -> Card:
    """Calibrate on `validation`, measure on `test`, and register the checkpoint `name`, which started from `origin`.

    It appears whole under its name or not at all. Raises `InputError` where the name is taken and `replace` is false.
    """
    check_free(name, replace)
    draft = paths.checkpoints() / f".{name}.draft"
    card = prepare(draft, name, description, scenario, network, training, validation, test, origin)
    register(draft, name, replace)
    return card


def prepare(
    draft: Path,
    name: str,
    description: str,
    scenario: Scenario,
    network: Mtaa,
    training: dict[str, Any],
    validation: Examples,
    test: Examples,
    origin: Origin | None = None,
) -> Card:
    """Put the checkpoint `name` together in the folder `draft`, anew where there is something; the card comes last.

    Where it started from `origin`, that one's test examples are measured with both.
    """
    place = devices.pick("cpu")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    save_network(network, draft / cards.WEIGHTS)
    # Measured as it will be read: another layout of the same weights in memory differs in the last bits.
    images, counts = scenario.images, (len(scenario.attack_labels), len(scenario.victim_labels))
    network = read_network(draft / cards.WEIGHTS, network.config, *counts, images.channels, images.side)
    export(test, scenario.attack_labels, scenario.victim_labels, draft / cards.TEST_SPLIT)
    files.write_text(draft / cards.SCENARIO, dump(scenario))
    victims = {victim: read_card(scenario.images, victim) for victim in scenario.victims}
    data_sha256 = origin.parts.data_sha256 if origin else data_hash(scenario)
    calibration = calibrate(scenario, validation, predict(network, validation.images, place), data_sha256)
    said = predict(network, test.images, place)
    measured = figures(scenario, test, said, calibration.intensity)
    card = Card(
        name=name,
        description=description,
        images=Geometry(source=images.source, channels=images.channels, side=images.side),
        attacks=scenario.attack_labels,
        victims=scenario.victim_labels,
        symbols={spec.name: ATTACKS[spec.name].symbol for spec in scenario.attacks},
        intensity_grids={spec.name: (spec.intensities.start, spec.intensities.stop) for spec in scenario.attacks},
        reachable_margins={victim: its.reach["median"] for victim, its in victims.items() if its.reach},
        network=network.config.model_dump(mode="json"),
        training=training,
        parameters=cost.parameters(network),
        flops=cost.flops(network, images.channels, images.side),
        scenario_sha256=scenario.hash,
        data_sha256=data_sha256,
        victims_sha256={victim: its.weights_sha256 for victim, its in victims.items()},
        metrics=measured.model_dump(mode="json", include={"overall", "by_attack", "by_victim"}),
        calibration=calibration,
        weights_sha256=files.sha256_file(draft / cards.WEIGHTS),
        test_sha256=files.sha256_file(draft / cards.TEST_SPLIT),
        growth=growth(origin, network, test, said) if origin else None,
        licence="MIT",
        code_version=mtaa.__version__,
    )
    files.write_json(draft / cards.CARD, card.model_dump(mode="json"))
    return card


def register(draft: Path, name: str, replace: bool = False) -> None:
    """Give a whole `draft`, a folder beside its place, the name `name`.

    Raises `InputError` where the name is taken and `replace` is false.
    """
    check_free(name, replace)
    target = paths.checkpoints() / name
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def check_free(name: str, replace: bool) -> None:
    """Raises `InputError` where the name is taken and `replace` is false."""
    if (paths.checkpoints() / name).exists() and not replace:
        raise InputError(f"checkpoint name must be new, got {name}; choose another or replace it with --replace")

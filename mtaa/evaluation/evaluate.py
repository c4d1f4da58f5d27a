"""Measuring a checkpoint on the test split that ships with it."""

import time
from datetime import UTC, datetime

import torch

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.dataset.read import read_export
from mtaa.evaluation import record as records
from mtaa.evaluation.figures import figures
from mtaa.evaluation.predict import predict
from mtaa.evaluation.promises import promises
from mtaa.evaluation.record import EvaluationRecord
from mtaa.evaluation.reliability import reliability
from mtaa.evaluation.support import support
from mtaa.models.store import load_network
from mtaa.scenario.presets import of_checkpoint


def evaluate(name: str, device: str = "cpu") -> EvaluationRecord:
    """Measure the checkpoint `name`, write the record to results/ and return it.

    Raises `UnknownNameError` or `IntegrityError`. On a CPU the figures are the card's, to the digit.
    """
    card = cards.read(name)
    scenario = of_checkpoint(name)
    examples = read_export(cards.checked(name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    network, place = load_network(card), devices.pick(device)
    began = time.perf_counter()
    predictions = predict(network, examples.images, place)
    seconds = time.perf_counter() - began
    record = EvaluationRecord(
        checkpoint=name,
        weights_sha256=card.weights_sha256,
        test_sha256=card.test_sha256,
        scenario_sha256=card.scenario_sha256,
        code_version=card.code_version,
        images=f"{card.images.source}, {card.images.channels} × {card.images.side} × {card.images.side}, 8 bits",
        examples=len(examples),
        figures=figures(scenario, examples, predictions, card.calibration.intensity),
        reliability=reliability(card, examples, predictions),
        support=support(card, examples, predictions),
        promises=promises(card, scenario, examples, predictions),
        parameters=card.parameters,
        flops=card.flops,
        volatile={
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "images_per_second": round(len(examples) / seconds, 1),
            "device": str(place),
            "threads": torch.get_num_threads(),
        },
    )
    records.write(record)
    return record

"""Calibrating a checkpoint that is there: on examples made for it, its weights left as they are."""

from mtaa.core import card as cards
from mtaa.core import device as devices
from mtaa.core.card import Card
from mtaa.core.progress import Progress
from mtaa.dataset.generate import generate
from mtaa.dataset.read import data_hash, read_export, read_split
from mtaa.evaluation.calibration import calibrate
from mtaa.evaluation.figures import figures
from mtaa.evaluation.predict import predict
from mtaa.models.store import load_network
from mtaa.scenario.calibration import calibration
from mtaa.scenario.presets import of_checkpoint
from mtaa.training.ground import check_victims


def recalibrate(
    name: str, examples: int, device: str = "auto", progress: Progress | None = None, workers: int = 1
) -> Card:
    """Make `examples` of each cell from validation images, fit temperatures and thresholds on them, and write the card.

    Its figures are measured anew with them. Safe to interrupt: shards that are whole are not made again. Raises
    `UnknownNameError`, or `InputError` where a source model is not the one that the checkpoint knows.
    """
    card, known = cards.read(name), of_checkpoint(name)
    check_victims(card, known)
    wanted = calibration(known, examples)
    generate(wanted, device=device, progress=progress, workers=workers)
    made = read_split(wanted, "validation")
    test = read_export(cards.checked(name, cards.TEST_SPLIT, card.test_sha256), card.attacks, card.victims)
    network, place = load_network(card), devices.pick("cpu")
    fitted = calibrate(wanted, made, predict(network, made.images, place), data_hash(wanted), fresh=True)
    measured = figures(known, test, predict(network, test.images, place), fitted.intensity)
    metrics = measured.model_dump(mode="json", include={"overall", "by_attack", "by_victim"})
    return cards.with_calibration(name, card.weights_sha256, fitted, metrics)

"""Training and measuring an estimator from end to end, on the scenario that takes seconds."""

import functools
import json

import pytest

from mtaa.cli.estimating import estimator
from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.dataset.read import read_split
from mtaa.evaluation.estimator import EstimatorEvaluation, check_apart, evaluate_estimator, path_of
from mtaa.evaluation.publish import publish
from mtaa.models import estimator as networks
from mtaa.models import estimator_store
from mtaa.models.config import NetworkConfig
from mtaa.models.estimator import EstimatorConfig
from mtaa.models.network import Mtaa
from mtaa.scenario import Scenario

NAME = "estimating"
TINY = NetworkConfig(
    backbone="forensic", widths=(8, 8, 8, 8), extractor=False, statistics=True, regression="per_attack"
)


@pytest.fixture(scope="module")
def published(generated: Scenario) -> Card:
    """A checkpoint of the smoke scenario, its network untrained."""
    network = Mtaa(TINY, len(generated.attack_labels), len(generated.victim_labels), 1, 28).eval()
    parts = [read_split(generated, split) for split in ("validation", "test")]
    return publish(NAME, "", generated, network, {}, *parts, replace=True)


@pytest.fixture(scope="module")
def record(published: Card) -> EstimatorEvaluation:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "EstimatorConfig", functools.partial(EstimatorConfig, width=8, dilations=(1,)))
        estimator(checkpoint=NAME, scenario=None, epochs=1, seed=0, evaluate_only=False, device="cpu", json=False)
    return EstimatorEvaluation.model_validate(files.read_json(path_of(NAME)))


def test_it_is_trained_bound_and_measured(record: EstimatorEvaluation, generated: Scenario) -> None:
    card = cards.read(NAME)
    assert card.estimator_sha256 == record.estimator_sha256
    assert card.estimator_sha256 == files.sha256_file(cards.folder(NAME) / cards.ESTIMATOR)
    _, kept = estimator_store.read(card)
    assert kept.scenario_sha256 == record.scenario_sha256 == generated.hash
    assert kept.training["examples"] == len(read_split(generated, "train"))
    assert set(record.by_attack) == set(generated.attack_labels)
    assert set(record.by_victim) == set(generated.victims)
    restored = {name for name in record.overall if name.startswith("restored_")}
    assert restored == {"restored_untouched", "restored_median", "restored_estimate"}
    assert not any(name.startswith("restored_") for name in record.by_attack["clean"])
    for figures in (record.overall, *record.by_attack.values(), *record.by_victim.values()):
        for figure in figures.values():
            assert figure.low - 1e-4 <= figure.value <= figure.high + 1e-4


def test_untouched_images_are_right_where_they_fool_nobody(record: EstimatorEvaluation, generated: Scenario) -> None:
    test = read_split(generated, "test")
    attacked = test.victim < len(generated.victims)
    # `fooled` is against the true label, `restored` against the victim's own answer to the clean image.
    assert record.overall["restored_untouched"].value == pytest.approx(1 - test.fooled[attacked].mean(), abs=0.1)


def test_measuring_again_gives_the_same_record(record: EstimatorEvaluation) -> None:
    again = evaluate_estimator(NAME, "cpu")
    assert again.model_dump(exclude={"volatile"}) == record.model_dump(exclude={"volatile"})


def test_it_prints_one_json_document(record: EstimatorEvaluation, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    estimator(checkpoint=NAME, scenario=None, epochs=None, seed=0, evaluate_only=True, device="cpu", json=True)
    assert json.loads(capsys.readouterr().out)["checkpoint"] == NAME


def test_training_images_are_never_those_it_is_measured_on(published: Card, generated: Scenario) -> None:
    check_apart(published, read_split(generated, "train"))
    with pytest.raises(InputError, match="must not be in the checkpoint's test split"):
        check_apart(published, read_split(generated, "test"))


def test_other_victims_than_the_cards_are_refused(record: EstimatorEvaluation) -> None:
    path = cards.folder(NAME) / cards.CARD
    kept = path.read_text(encoding="utf-8")
    document = json.loads(kept)
    document["victims_sha256"] = dict.fromkeys(document["victims_sha256"], "00")
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        with pytest.raises(IntegrityError, match="other weights than the checkpoint's card says"):
            evaluate_estimator(NAME, "cpu")
    finally:
        path.write_text(kept, encoding="utf-8")

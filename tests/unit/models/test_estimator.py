"""The pixel-level estimator: its shapes and size, and its file beside a checkpoint."""

from pathlib import Path

import pytest
import torch

from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.models import estimator_store
from mtaa.models.estimator import EstimatorConfig, PerturbationEstimator, estimate_clean
from mtaa.models.estimator_store import EstimatorRecord
from tests.made_up_card import made_up_card

SMALL = EstimatorConfig(width=4, dilations=(1, 2))
RECORD = EstimatorRecord(
    network=SMALL,
    parameters=1,
    training={"epochs": 1},
    scenario_sha256="5c",
    data_sha256="da",
    test_sha256="7e",
    code_version="1",
)


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """A checkpoint without an estimator."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path))
    made = made_up_card(name="trial")
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / cards.CARD).write_text(made.model_dump_json(), encoding="utf-8")
    return made


def trained() -> PerturbationEstimator:
    """One whose estimate is not 0, in evaluation mode."""
    torch.manual_seed(0)
    estimator = PerturbationEstimator(SMALL)
    torch.nn.init.normal_(estimator.last.weight)
    return estimator.eval()


@pytest.mark.parametrize(("channels", "height", "width"), [(1, 28, 28), (3, 33, 20)])
def test_the_estimate_has_the_images_shape_at_any_size(channels: int, height: int, width: int) -> None:
    estimator = PerturbationEstimator(EstimatorConfig(channels=channels, width=4))
    images = torch.rand(2, channels, height, width)
    assert not estimator(images).any()  # before training
    assert estimator(images).shape == images.shape


def test_it_is_small() -> None:
    assert sum(weight.numel() for weight in PerturbationEstimator(EstimatorConfig()).parameters()) < 500_000


def test_clean_images_are_whole_grey_levels() -> None:
    images = torch.randint(0, 256, (3, 1, 28, 28), dtype=torch.uint8)
    untrained = PerturbationEstimator(SMALL).eval()
    assert torch.equal(estimate_clean(untrained, images), images)
    clean = estimate_clean(trained(), images)
    assert (clean.dtype, clean.shape) == (torch.uint8, images.shape)
    expected = ((images / 255 - trained()(images / 255)) * 255).clamp(0, 255).round()
    assert torch.allclose(clean.float(), expected, atol=1)


def test_what_was_written_is_read(card: Card) -> None:
    marked = estimator_store.write(trained(), RECORD, card)
    assert cards.read("trial") == marked
    estimator, record = estimator_store.read(marked)
    assert record == RECORD
    assert not estimator.training
    images = torch.rand(1, 1, 28, 28)
    torch.testing.assert_close(estimator(images), trained()(images))


def test_without_one_it_says_how_to_train_it(card: Card) -> None:
    with pytest.raises(InputError, match=r"has no estimator .* yet; train one: mtaa estimator --checkpoint trial"):
        estimator_store.read(card)


def test_a_changed_or_missing_file_is_refused(card: Card) -> None:
    marked = estimator_store.write(trained(), RECORD, card)
    path = cards.folder("trial") / cards.ESTIMATOR
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    for _ in range(2):
        with pytest.raises(IntegrityError, match="another hash than its card; train it anew: mtaa estimator"):
            estimator_store.read(marked)
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("change", [{"test_sha256": "00"}, {"network": SMALL.model_copy(update={"channels": 3})}])
def test_one_of_another_test_split_is_refused(card: Card, change: dict[str, object]) -> None:
    record = RECORD.model_copy(update=change)
    estimator = PerturbationEstimator(record.network)
    with pytest.raises(IntegrityError, match="belongs to another test split"):
        estimator_store.read(estimator_store.write(estimator, record, card))


@pytest.mark.parametrize("content", [b"", b"no safetensors", b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_what_is_no_estimator_is_refused(card: Card, content: bytes) -> None:
    path = cards.folder("trial") / cards.ESTIMATOR
    path.write_bytes(content)
    marked = card.model_copy(update={"estimator_sha256": files.sha256_file(path)})
    with pytest.raises(IntegrityError, match="not a whole estimator of this version"):
        estimator_store.read(marked)


def test_another_version_is_refused(card: Card) -> None:
    marked = estimator_store.write(trained(), RECORD.model_copy(update={"schema_version": 99}), card)
    with pytest.raises(IntegrityError, match="has schema 99, expected 1"):
        estimator_store.read(marked)

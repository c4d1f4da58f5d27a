import threading
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from mtaa.attribution import Attributor
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.core.verdict import Refusal, Verdict
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from tests.unit.attribution.test_gate import SURVIVAL

CONFIG = NetworkConfig(backbone="forensic", widths=(4, 4, 4, 4), extractor=False, statistics=True)


def png(seed: int, side: int = 28) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def attributor(card: Card) -> Attributor:
    torch.manual_seed(0)
    network = Mtaa(CONFIG, attacks=3, victims=3, channels=1, side=28).eval().requires_grad_(False)
    return Attributor(card, network, torch.device("cpu"))


def test_answers_come_in_order_with_refusals_in_their_place(attributor: Attributor) -> None:
    files = [("a.png", png(0)), ("b.png", b"no image"), ("c.png", png(1, side=27)), ("d.png", png(2))]
    found = list(attributor.attribute(files, batch=2))
    assert [isinstance(one, Refusal) for one in found] == [False, True, True, False]
    digests = [one.sha256 if isinstance(one, Refusal) else one.observed.sha256 for one in found]
    assert digests == [sha256_bytes(data) for _, data in files]
    assert isinstance(found[2], Refusal)
    assert "must be 28 × 28 pixels for this checkpoint, got 27 × 27" in found[2].reason


def test_who_else_is_in_the_batch_changes_nothing(attributor: Attributor) -> None:
    files = [(f"{seed}.png", png(seed)) for seed in range(5)]
    together = list(attributor.attribute(files))
    alone = [next(iter(attributor.attribute([file]))) for file in files]
    for one, other in zip(together, alone, strict=True):
        assert isinstance(one, Verdict)
        assert isinstance(other, Verdict)
        assert one.observed == other.observed
        for name, share in one.inferred.attack.probabilities.items():
            assert other.inferred.attack.probabilities[name] == pytest.approx(share, abs=1e-5)


def test_images_are_taken_only_as_they_are_needed(attributor: Attributor) -> None:
    taken = []

    def files() -> Iterator[tuple[str, bytes]]:
        for seed in range(100):
            taken.append(seed)
            yield "x.png", png(seed)

    answers = attributor.attribute(files(), batch=4)
    next(answers)
    assert len(taken) == 4


def test_a_verdict_says_which_weights_spoke(attributor: Attributor, card: Card) -> None:
    verdict = next(iter(attributor.attribute([("x.png", png(0))])))
    assert isinstance(verdict, Verdict)
    mark = verdict.checkpoint
    assert (mark.name, mark.weights_sha256, mark.scenario) == (card.name, card.weights_sha256, card.scenario_sha256)


def test_a_reference_adds_true_differences(attributor: Attributor) -> None:
    original = np.full((28, 28), 100, np.uint8)
    original[0] = 90
    changed = original.copy()
    changed[3, 4] += 7
    encoded = []
    for pixels in (original, changed):
        buffer = BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        encoded.append(buffer.getvalue())
    verdict = next(iter(attributor.attribute([("x.png", encoded[1])], reference=encoded[0])))
    assert isinstance(verdict, Verdict)
    assert verdict.derived.reference is not None
    assert verdict.derived.reference.linf == 7
    assert verdict.derived.reference.changed_share == pytest.approx(1 / 784)
    assert verdict.derived.reference.sha256 == sha256_bytes(encoded[0])


def test_a_reference_that_cannot_be_read_is_an_error(attributor: Attributor) -> None:
    with pytest.raises(InputError, match="must be 28 × 28"):
        list(attributor.attribute([("x.png", png(0))], reference=png(0, side=20)))


def test_many_threads_share_one(attributor: Attributor) -> None:
    files = [(f"{seed}.png", png(seed)) for seed in range(6)]
    expected = [said(one) for one in attributor.attribute(files)]
    found: dict[int, list[tuple[object, ...]]] = {}

    def work(place: int) -> None:
        found[place] = [said(one) for one in attributor.attribute(files)]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A thread may sum in another order than the first one: to rounding, not to the bit.
    alike = [tuple(pytest.approx(v, abs=1e-4) if isinstance(v, float) else v for v in one) for one in expected]
    assert [found[place] for place in range(4)] == [alike] * 4


def said(verdict: Verdict | Refusal) -> tuple[object, ...]:
    """What tells one image's verdict from another's."""
    assert isinstance(verdict, Verdict)
    attack, victim = verdict.inferred.attack, verdict.inferred.victim
    return verdict.observed.name, attack.label, attack.probability, victim.label, victim.probability


def test_nobody_is_named_where_the_evidence_is_destroyed(attributor: Attributor, card: Card) -> None:
    buffer = BytesIO()
    Image.open(BytesIO(png(0))).save(buffer, "JPEG", quality=80)
    knowing = Attributor(card.model_copy(update={"survival": SURVIVAL}), attributor._network, torch.device("cpu"))
    whole, destroyed = knowing.attribute([("a.png", png(0)), ("b.jpg", buffer.getvalue())])
    assert isinstance(whole, Verdict)
    assert isinstance(destroyed, Verdict)
    assert whole.attributability is not None
    assert whole.attributability.answer == "attributable"
    assert not whole.names_nobody
    assert destroyed.names_nobody
    said = destroyed.inferred
    assert (said.conclusion, said.hyperparameter) == ("inconclusive", None)
    assert said.sentence.startswith("No name is given")
    assert not any(attack in said.sentence for attack in ("FGSM", "C&W"))
    assert any("quality 80" in warning for warning in destroyed.warnings)
    (beside,) = knowing.attribute([("b.jpg", buffer.getvalue())], reference=png(1))
    assert isinstance(beside, Verdict)
    assert beside.derived.reference is not None
    assert not any("though no attack was found" in warning for warning in beside.warnings)
    (unaware,) = attributor.attribute([("b.jpg", buffer.getvalue())])
    assert isinstance(unaware, Verdict)
    assert unaware.attributability is None

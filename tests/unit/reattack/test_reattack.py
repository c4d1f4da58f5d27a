"""The counter-check on small victims: what an attack made, the same attack makes again, and no other does."""

import numpy as np
import pytest
import torch

from mtaa.core.countercheck import Agreement, CounterCheck, Hypothesis, Tried, best_by_victim, sentence
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.verdict import CheckpointMark, Inferred, Intensity, Ranking, Verdict
from mtaa.images import intake, measures, open_source
from mtaa.reattack import Reattacker
from mtaa.reattack.agreement import agreement
from mtaa.reattack.hypotheses import hypotheses
from mtaa.scenario import Scenario
from mtaa.victims import read_card
from tests.made_up_card import made_up_card


def test_agreement_is_that_of_numpy() -> None:
    dice = np.random.default_rng(0)
    one, two = dice.integers(-9, 10, (2, 1, 28, 28))
    found = agreement(one, two)
    assert found.correlation == pytest.approx(
        torch.cosine_similarity(*map(torch.tensor, (one.ravel() * 1.0, two.ravel() * 1.0)), dim=0).item()
    )
    both = [(a > 0) == (b > 0) for a, b in zip(one.flat, two.flat, strict=True) if a and b]
    assert found.signs == pytest.approx(sum(both) / len(both))
    assert found.linf == max(abs(int(a) - int(b)) for a, b in zip(one.flat, two.flat, strict=True))
    nothing = agreement(np.zeros_like(one), two)
    assert (nothing.correlation, nothing.signs) == (0.0, None)


def said(attack: str, victim: str, other: float = 0.0) -> Verdict:
    """A verdict that names `attack` on `victim`; `other` is the second attack's probability."""
    attacks = {attack: 1 - other, {"fgsm": "pgd", "pgd": "fgsm"}[attack]: other, "clean": 0.0}
    victims = {victim: 0.6, {"tiny_a": "tiny_b", "tiny_b": "tiny_a"}[victim]: 0.4, "none": 0.0}
    strength = Intensity(symbol="ε", unit="1/255", value=97.3, low=90, high=105, level=0.9)
    pixels = np.zeros((1, 28, 28), np.uint8)
    return Verdict(
        observed=intake.Observed(name="a", sha256="", bytes=1, format="PNG", mode="L", width=28, height=28),
        derived=measures.derive(pixels),
        inferred=Inferred(
            conclusion="adversarial",
            adversarial_probability=1.0,
            attack=Ranking(label=attack, title=attack, probability=1 - other, probabilities=attacks),
            victim=Ranking(label=victim, title=victim, probability=0.6, probabilities=victims),
            hyperparameter=strength,
            sentence="",
        ),
        checkpoint=CheckpointMark(name="", weights_sha256="", scenario="", code_version=""),
    )


@pytest.fixture(scope="module")
def reattacker(trained: Scenario) -> Reattacker:
    card = made_up_card(
        attacks=["fgsm", "pgd", "clean"],
        victims=["tiny_a", "tiny_b", "none"],
        symbols={"fgsm": "ε", "pgd": "ε"},
        units={"fgsm": "1/255", "pgd": "1/255"},
        intensity_grids={"fgsm": (40, 160), "pgd": (40, 160)},
        victims_sha256={name: read_card(trained.images, name).weights_sha256 for name in trained.victims},
    )
    return Reattacker(card, trained, torch.device("cpu"))


@pytest.fixture(scope="module")
def clean(trained: Scenario) -> np.ndarray:
    source = open_source(trained.images)
    return source.pixels(source.indices("test")[:3])


@pytest.mark.parametrize("attack", ["fgsm", "pgd"])
@pytest.mark.parametrize("victim", ["tiny_a", "tiny_b"])
def test_from_the_original_the_right_model_makes_it_again(
    reattacker: Reattacker, clean: np.ndarray, attack: str, victim: str
) -> None:
    made = reattacker.remake(attack, victim, clean, np.full(len(clean), 60, np.float32))
    for image, original in zip(made, clean, strict=True):
        wrong = {"tiny_a": "tiny_b", "tiny_b": "tiny_a"}[victim]
        found = reattacker.check(image, said(attack, victim), original)
        assert (found.answer, found.mode, found.tried[0].hypothesis.victim) == ("for", "reference", victim)
        # ε is the true one, not the verdict's 97.3; what is made is the same to the last bit.
        assert (found.tried[0].hypothesis.intensity, found.tried[0].agreement.linf) == (60, 0)
        assert reattacker.check(image, said(attack, wrong), original).answer == "against"


def test_a_runner_up_is_tried_where_it_is_worth_it(reattacker: Reattacker) -> None:
    names = [(one.attack, one.victim) for one in hypotheses(reattacker.card, said("pgd", "tiny_b", 0.2))]
    assert names == [("pgd", "tiny_b"), ("pgd", "tiny_a"), ("fgsm", "tiny_b"), ("fgsm", "tiny_a")]
    assert len(hypotheses(reattacker.card, said("pgd", "tiny_b", 0.001))) == 2


def test_what_can_not_be_checked_is_refused(reattacker: Reattacker, clean: np.ndarray, trained: Scenario) -> None:
    verdict = said("fgsm", "tiny_a")
    with pytest.raises(InputError, match="reference must have the image's shape"):
        reattacker.check(clean[0], verdict, clean[0][:, :20])
    nameless = verdict.model_copy(update={"inferred": verdict.inferred.model_copy(update={"hyperparameter": None})})
    with pytest.raises(InputError, match="must name an attack"):
        reattacker.check(clean[0], nameless, clean[0])
    foreign = reattacker.card.model_copy(update={"victims_sha256": {"tiny_a": "0" * 64, "tiny_b": "0" * 64}})
    with pytest.raises(IntegrityError, match="must have the weights"):
        Reattacker(foreign, trained, torch.device("cpu")).check(clean[0], verdict, clean[0])


def tried(victim: str, correlation: float) -> Tried:
    hypothesis = Hypothesis(attack="fgsm", victim=victim, symbol="ε", unit="1/255", intensity=8)
    return Tried(hypothesis=hypothesis, agreement=Agreement(signs=1, correlation=correlation, linf=0))


def test_what_no_source_model_makes_again_decides_nothing(reattacker: Reattacker, clean: np.ndarray) -> None:
    image = reattacker.remake("fgsm", "tiny_a", clean[:1], np.full(1, 60, np.float32))[0]
    found = reattacker.check(image, said("fgsm", "tiny_a"), np.roll(clean[0], 5, axis=2))
    assert found.answer == "undecided"
    assert "the reference is not the original" in sentence(found)
    far = CounterCheck(mode="reference", named="vgg16", tried=[tried("vgg16", 0.7), tried("vgg19", 0.1)])
    assert (far.answer, far.model_copy(update={"mode": "blind"}).answer) == ("undecided", "for")


@pytest.mark.parametrize(
    ("named", "second", "answer", "words"),
    [
        ("vgg16", 0.5, "for", "speaks for"),
        ("vgg19", 0.5, "against", "speaks against VGG19"),
        ("vgg16", 0.87, "undecided", "too close"),
    ],
)
def test_the_answer_hangs_on_the_lead(named: str, second: float, answer: str, words: str) -> None:
    check = CounterCheck(
        mode="blind", named=named, tried=[tried("vgg19", second), tried("vgg16", 0.9), tried("vgg16", 0.1)]
    )
    assert check.answer == answer
    assert words in sentence(check)
    assert [one.agreement.correlation for one in best_by_victim(check.tried)] == [0.9, second]

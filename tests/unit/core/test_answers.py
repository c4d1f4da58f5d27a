"""A verdict as answers: each question once, in its order, in words that claim no more than the record."""

from typing import Any

import pytest

from mtaa.core.answers import answers
from mtaa.core.support import Support
from mtaa.core.verdict import (
    Attributability,
    Beforehand,
    CheckpointMark,
    Coverage,
    Derived,
    Ground,
    Inferred,
    Intensity,
    Observed,
    Ranking,
    Verdict,
)

ATTACKS = {"pgd": 0.6, "bim": 0.36, "cw": 0.03, "clean": 0.01}
VICTIMS = {"vgg16": 0.55, "vgg19": 0.44, "resnet18": 0.01, "none": 0.0}
WHOLE = Attributability(
    answer="attributable",
    grounds=[Ground(kind="OBSERVED", says="PNG keeps every pixel.", answer="attributable")],
    measures={},
)


def inferred(**changes: Any) -> Inferred:
    values: dict[str, Any] = {
        "conclusion": "adversarial",
        "adversarial_probability": 0.99,
        "attack": Ranking(label="pgd", title="PGD", probability=0.6, probabilities=ATTACKS),
        "victim": Ranking(label="vgg16", title="VGG16", probability=0.55, probabilities=VICTIMS),
        "hyperparameter": Intensity(symbol="ε", unit="1/255", value=60, low=55, high=66, level=0.9),
        "kind": Support(level="kind", title="iterated L∞ attack", probability=0.96, members=["pgd", "bim"]),
        "source": Support(level="family", title="VGG family", probability=0.99, members=["vgg16", "vgg19"]),
        "coverage": [
            Coverage(level=0.9, attacks=["pgd", "bim"], victims=["vgg16"], low=55, high=66),
            Coverage(level=0.95, attacks=["pgd", "bim", "cw"], victims=["vgg16", "vgg19", "resnet18"], low=50, high=70),
        ],
        "sentence": "…",
    }
    return Inferred(**values | changes)


def verdict(gate: Attributability | None = WHOLE, **changes: Any) -> Verdict:
    return Verdict(
        observed=Observed(name="a.png", sha256="ab", bytes=1, format="PNG", mode="L", width=28, height=28),
        derived=Derived(channels=1, levels=30, minimum=0, maximum=255, mean=33, roughness=20),
        inferred=inferred(**changes),
        checkpoint=CheckpointMark(name="mnist", weights_sha256="5e" * 32, scenario="", code_version=""),
        attributability=gate,
    )


def test_all_questions_in_their_order() -> None:
    found = answers(verdict())
    assert [one.question.split()[0] for one in found] == ["Can", "Is", "By", "How", "Why?"]
    can, adversarial, what, sure, why = found
    assert (can.short, can.rest, can.tone) == ("Yes", ["PNG keeps every pixel."], "yes")
    assert (adversarial.short, adversarial.rest) == ("Yes", ["Probability 99.0%."])
    assert what.short == (
        "An iterated L∞ attack (96.0%), on a model of the VGG family (99.0%), ε = 60.0/255 (55.0 to 66.0)"
    )
    assert what.rest == ["Undecided: PGD 60.0% or BIM 36.0%.", "Undecided: VGG16 55.0% or VGG19 44.0%."]
    assert sure.rest == [
        "Each of these holds for 90 in 100 test images: the attack is PGD or BIM; the source model is VGG16; "
        "ε is 55.0 to 66.0.",
        "Each of these holds for 95 in 100 test images: the attack is PGD, BIM or C&W; the source model is "
        "any of those it knows; ε is 50.0 to 70.0.",
    ]
    assert "weights 5e5e5e5e5e5e" in why.rest[-1]


def test_what_the_analysts_prior_makes_of_it_stands_beside_the_networks_own_figure() -> None:
    weighed = verdict().model_copy(update={"prior": Beforehand(share=0.001, learnt=0.8, posterior=0.024)})
    assert answers(weighed)[1].rest == ["Probability 99.0%.", "Where 1 image in 1,000 is attacked: 2.4%."]


def test_of_an_unknown_tool_chain_the_nearest_known_is_told_as_such() -> None:
    found = answers(verdict().model_copy(update={"standing": "unknown"}))
    what = found[2]
    assert (what.question, what.short, what.tone) == ("By what?", "An unknown tool-chain", "open")
    assert what.rest[0].startswith("Of what this checkpoint knows, the nearest is: An iterated L∞ attack (96.0%)")


def test_of_changed_and_of_strange_images_nothing_is_promised() -> None:
    changed = Ground(kind="OBSERVED", says="The file is JPEG.", answer="weakened")
    weakened = verdict(Attributability(answer="weakened", grounds=[changed], measures={}))
    for one in (weakened, verdict().model_copy(update={"standing": "unknown"})):
        (sure,) = (answer for answer in answers(one) if answer.question == "How sure?")
        assert sure.short == "Nothing is promised"
        assert not any("100" in words for words in sure.rest)


def test_that_it_cannot_be_told_is_an_answer() -> None:
    found = answers(verdict(conclusion="inconclusive", adversarial_probability=0.55))
    assert (found[1].short, found[1].tone) == ("Undecided", "open")
    assert "too little for either answer" in found[1].rest[0]


def test_where_the_evidence_is_destroyed_nobody_is_named() -> None:
    gone = Ground(kind="OBSERVED", says="The file is JPEG.", answer="destroyed")
    gate = Attributability(answer="destroyed", grounds=[*WHOLE.grounds, gone], measures={})
    told = {"conclusion": "inconclusive", "hyperparameter": None, "kind": None, "source": None, "coverage": []}
    found = answers(verdict(gate, **told))
    assert [one.short for one in found] == ["No", "Can't be told", ""]
    assert found[0].rest == ["The file is JPEG."]


def test_a_clean_image_has_no_by_what() -> None:
    coverage = [Coverage(level=0.9, attacks=["clean"], victims=[])]
    told = {"conclusion": "clean", "adversarial_probability": 0.004, "hyperparameter": None, "coverage": coverage}
    found = answers(verdict(**told))
    assert [one.question for one in found][2:] == ["How sure?", "Why?"]
    assert found[2].rest == ["Each of these holds for 90 in 100 test images: the attack is none (clean)."]


@pytest.mark.parametrize(("saturated", "ends"), [(True, "κ is 9.0 or more"), (False, "κ is 9.0 to 12.0")])
def test_a_bound_stays_one(saturated: bool, ends: str) -> None:
    strength = Intensity(symbol="κ", unit="logits", value=11, low=10, high=12, level=0.9, saturated=saturated)
    one = Coverage(level=0.95, attacks=["cw"], victims=["vgg16"], low=9, high=12)
    found = answers(verdict(hyperparameter=strength, coverage=[one]))
    assert found[3].rest[0].endswith(f"{ends}.")


def test_a_verdict_of_before_is_told_by_its_rankings() -> None:
    found = answers(verdict(None, kind=None, source=None, coverage=[]))
    assert [one.short for one in found] == [
        "Not known",
        "Yes",
        "PGD (60.0%), on VGG16 (55.0%), ε = 60.0/255 (55.0 to 66.0)",
        "",
    ]

"""Evidence maps on the page Attribute: what is chosen is computed, from a made-up examiner, and told in words."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtaa import api
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from mtaa.core.verdict import Refusal, Verdict
from mtaa.explain.findings import Attribution, BlockDifference, Extracted
from mtaa.explain.perturbation import Perturbation, between
from tests.signature_sets import install
from tests.ui.conftest import CARD, FakeAttributor, digit, png
from tests.ui.reading import assert_well, cells, charts, enter, pick, said, upload


class FakeExaminer:
    """Answers with what can be told from the question, and notes what was asked."""

    asked: list[str] = []  # noqa: RUF012, one for all
    extractor = False

    def perturbation(self, pixels: np.ndarray, reference: np.ndarray | None) -> Perturbation:
        self.asked.append("perturbation")
        estimate = pixels - np.minimum(pixels, 3)
        return between(pixels, estimate if reference is None else reference, reference is None)

    def blocks(self, pixels: np.ndarray, original: np.ndarray) -> list[BlockDifference]:
        self.asked.append("blocks")
        return [self._block("stem", 4, 28), self._block("layer3", 6, 7), self._block("victim_branch", 3, 4)]

    def extracted(self, pixels: np.ndarray, reference: np.ndarray | None) -> Extracted | None:
        self.asked.append("extracted")
        if not self.extractor:
            return None
        return Extracted(self._block("layer1", 4, 7), None if reference is None else self._block("layer1", 4, 7))

    def explain(self, pixels: np.ndarray, head: str, method: str) -> Attribution:
        self.asked.append(f"{head} by {method}")
        if method == "occlusion":
            raise InputError("image must be larger, got a small one; take another")
        is_sum = method == "integrated_gradients"
        return Attribution(
            method=method,
            head=head,
            label="vgg16" if head == "victim" else "fgsm",
            answer=61.0 if head == "intensity" else 7.25,
            values=np.full((28, 28), 0.01, np.float32),
            is_signed=is_sum,
            in_answer_unit=is_sum,
            settings="32 steps",
            placeless={"the histograms of grey levels": 1.5} if is_sum and head == "intensity" else {},
            delta=-2.0 if is_sum else None,
            change=8.0 if is_sum else None,
            without_gradient=("the histograms of grey levels",) if head == "attack" else (),
        )

    def _block(self, name: str, channels: int, side: int) -> BlockDifference:
        return BlockDifference(name, np.full((channels, side, side), 0.5, np.float32), 0.25, 0.5)


@pytest.fixture
def examined(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FakeExaminer]]:
    """The made-up workbench with an examiner."""
    st.cache_data.clear()
    monkeypatch.setattr(FakeExaminer, "asked", [])
    monkeypatch.setattr(api, "open_examiner", lambda name: FakeExaminer())
    methods = {"integrated_gradients": ("Integrated gradients", "a"), "occlusion": ("Occlusion", "b")}
    monkeypatch.setattr(api, "explanations", lambda: methods)
    yield FakeExaminer
    st.cache_data.clear()


def with_estimator() -> None:
    """The checkpoint as if an estimator had been trained."""
    card = CARD.model_copy(update={"estimator_sha256": "e5" * 32})
    (cards.folder("mnist") / cards.CARD).write_text(card.model_dump_json(), encoding="utf-8")


def opened(kind: str | None, reference: bool = False) -> AppTest:
    """An attacked image analysed, with its clean original where asked for, and a kind of map chosen."""
    original = digit()
    attacked = original.copy()
    attacked[:7] ^= 4
    data = png(attacked)
    page = upload(enter(), ("fgsm-vgg16-40.png", data))
    if reference:
        upload(page, ("clean.png", png(original)), key=f"reference-{sha256_bytes(data)}")
    return page if kind is None else press(page, "maps-shown", kind)


def press(page: AppTest, key: str, value: object) -> AppTest:
    next(one for one in page.button_group if one.key == key).set_value(value)
    return page.run()


def maps(page: AppTest) -> list[str]:
    """The texts that stand for the charts below the three signatures."""
    return charts(page)[3:]


def test_nothing_is_computed_until_it_is_asked_for(examined: type[FakeExaminer]) -> None:
    page = opened(None)
    assert_well(page)
    assert "Evidence maps" in said(page)
    assert "which pixels each answer rests on" in said(page)
    assert examined.asked == []
    assert maps(page) == []


def test_without_reference_and_estimator_it_says_what_to_do(examined: type[FakeExaminer]) -> None:
    for kind in ("Perturbation", "Feature maps"):
        page = opened(kind)
        assert_well(page)
        assert "No reference: what was added to the image can't be shown" in page.info[0].value
        assert "mtaa estimator --checkpoint mnist" in [code.value for code in page.code]
        assert maps(page) == []
    assert examined.asked == []


def test_a_doubted_original_is_used_only_when_somebody_says_so(
    examined: type[FakeExaminer], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = FakeAttributor._one

    def doubting(self: FakeAttributor, name: str, data: bytes, original: tuple[Any, ...]) -> Verdict | Refusal:
        found = known(self, name, data, original)
        return found.model_copy(update={"warnings": ["It is another picture."]}) if original else found

    monkeypatch.setattr(FakeAttributor, "_one", doubting)
    page = opened("Perturbation", reference=True)
    assert_well(page)
    assert "It is another picture." in said(page)
    assert "No reference" in page.info[0].value
    assert maps(page) == []
    page.checkbox[0].check().run()
    assert_well(page)
    assert "No reference" not in said(page)
    assert maps(page)


def test_with_a_reference_the_perturbation_is_true(examined: type[FakeExaminer]) -> None:
    page = opened("Perturbation", reference=True)
    assert_well(page)
    pictures, histogram, spectrum, radial = maps(page)
    assert pictures.startswith("Suspicious image, reference, and the true perturbation")
    assert "from -64/255 to 64/255; largest difference 4/255, 196 of 784 pixels changed" in pictures
    assert histogram.startswith("Histogram")
    assert spectrum.startswith("Spectrum")
    assert radial.startswith("Mean magnitude by frequency")
    assert {"4/255", "196 of 784, 25.0%", "100.0%"} <= set(cells(page))
    assert "blue-badge[DERIVED] :small[:gray[against the reference]]" in said(page)
    assert not page.info


def test_the_gain_changes_the_scale_alone(examined: type[FakeExaminer]) -> None:
    page = opened("Perturbation", reference=True)
    page.select_slider(key="perturbation-gain").set_value(8).run()
    assert "from -8/255 to 8/255; largest difference 4/255" in maps(page)[0]
    assert "±8/255" in said(page)
    assert examined.asked == ["perturbation"]


def test_without_reference_it_is_estimated_and_said_to_be(examined: type[FakeExaminer]) -> None:
    with_estimator()
    page = opened("Perturbation")
    assert_well(page)
    assert "the maps below rest on an estimate" in page.info[0].value
    assert "estimated clean image, and the estimated perturbation" in maps(page)[0]
    assert "orange-badge[ESTIMATED]" in said(page)


def test_with_both_the_user_chooses(examined: type[FakeExaminer]) -> None:
    with_estimator()
    page = opened("Perturbation", reference=True)
    assert "the true perturbation" in maps(page)[0]
    press(page, "perturbation-kind", "estimated")
    assert_well(page)
    assert "the estimated perturbation" in maps(page)[0]


def test_blocks_and_channels_are_chosen(examined: type[FakeExaminer]) -> None:
    page = opened("Feature maps", reference=True)
    assert_well(page)
    one, sizes = maps(page)
    assert one == "stem, mean |Δ| of 4 channels, 28 × 28, against the reference; largest 0.5"
    assert "layer 3 0.25 and 0.5; source model branch 0.25 and 0.5" in sizes
    assert "has no perturbation extractor" in said(page)
    press(page, "blocks-block", "layer3")
    page.selectbox(key="blocks-channel-layer3").set_value(5).run()
    assert maps(page)[0] == "layer 3, Δ of channel 6 of 6, 7 × 7, against the reference; largest 0.5"
    assert examined.asked == ["perturbation", "blocks", "extracted"]


def test_blocks_against_an_estimate_are_said_to_be(
    examined: type[FakeExaminer], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_estimator()
    monkeypatch.setattr(FakeExaminer, "extractor", True)
    page = opened("Feature maps")
    assert_well(page)
    assert "against an estimate of the clean image" in maps(page)[0]
    assert maps(page)[-1] == "Mean absolute perturbation of the feature map, estimated"


def test_attributions_show_what_their_sum_leaves_out(examined: type[FakeExaminer]) -> None:
    page = opened("Attribution")
    assert_well(page)
    assert maps(page) == [
        "Integrated gradients for FGSM, logit 7.25, over the image and alone; largest value 0.01 logits"
    ]
    assert {"+8.000", "+6.000", "-2.000"} <= set(cells(page))
    assert "the histograms of grey levels, which have no gradient" in page.warning[-1].value
    assert "accounts for 75% of the answer" in page.warning[-1].value
    press(page, "attribution-head", "intensity")
    assert "for ε = 61/255" in maps(page)[0]
    assert "does not sum up to the answer" in page.warning[-1].value
    assert examined.asked == ["attack by integrated_gradients", "intensity by integrated_gradients"]


def test_opacity_asks_nothing_anew(examined: type[FakeExaminer]) -> None:
    page = opened("Attribution")
    page.slider(key="attribution-opacity").set_value(20).run()
    assert_well(page)
    assert examined.asked == ["attack by integrated_gradients"]


def test_a_clean_verdict_has_no_strength_to_explain(examined: type[FakeExaminer]) -> None:
    page = press(upload(enter(), ("clean-a.png", png())), "maps-shown", "Attribution")
    assert_well(page)
    answers = next(one for one in page.button_group if one.key == "attribution-head")
    assert answers.options == ["attack algorithm", "source model"]


def test_what_cannot_be_explained_is_one_sentence(examined: type[FakeExaminer]) -> None:
    page = press(opened("Attribution"), "attribution-method", "occlusion")
    assert not page.exception
    assert "must be larger" in page.error[0].value
    assert maps(page) == []


@pytest.fixture
def known(examined: type[FakeExaminer]) -> Card:
    return install(cards.read("mnist"), cards.folder("mnist"))


def test_known_patterns_are_laid_out_by_attack_and_source_model(known: Card) -> None:
    page = opened("Known patterns")
    assert_well(page)
    (pictures,) = maps(page)
    assert pictures.startswith("True perturbations of 15 known examples, columns FGSM, ε = ")
    assert "rows InceptionV3, ResNet18, ResNet50, VGG16, VGG19" in pictures
    press(page, "patterns-strength", 0.1)
    page.number_input(key="patterns-number").set_value(2).run()
    assert_well(page)
    assert maps(page) != [pictures]


def test_a_sample_brings_its_own_original(examined: type[FakeExaminer]) -> None:
    folder = paths.assets() / "samples"
    original = digit(7)
    (folder / "original.png").write_bytes(png(original))
    document = files.read_json(folder / "manifest.json")
    document["samples"][0] |= {"original": "original.png", "original_sha256": sha256_bytes(png(original))}
    files.write_json(folder / "manifest.json", document)
    page = pick(enter(), "fgsm-vgg16-40.png")
    assert_well(page)
    assert "the clean image this sample was made from" in said(page)
    press(page, "maps-shown", "Perturbation")
    assert maps(page)[0].startswith("Suspicious image, reference, and the true perturbation")
    (folder / "original.png").write_bytes(b"")
    page.run()
    assert not page.exception
    assert "has another hash than its manifest" in page.error[0].value

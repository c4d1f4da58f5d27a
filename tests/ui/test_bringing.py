"""Retrain: a model of one's own is uploaded, checked, and then among the source models; faults at their fields."""

import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from app import access
from mtaa.api import scenarios
from mtaa.images import open_source
from mtaa.scenario import load
from mtaa.victims import ARCHITECTURES, own_names, read_card
from tests.ui.conftest import FakeAttributor
from tests.ui.reading import enter, said
from tests.ui.retraining import field, filled
from tests.unit.victims import brought


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Those of a network fitted on the smallest preset's images."""
    torch.manual_seed(0)
    network = brought.fitted(ARCHITECTURES["tiny_a"].build(10, 28, False), open_source(load("smoke").images))
    return brought.weights(network, tmp_path_factory.mktemp("brought") / "a.safetensors").read_bytes()


@pytest.fixture
def page(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    st.cache_data.clear()
    return filled(enter("retrain"), "smoke")


def given(page: AppTest, data: bytes, name: str = "mine", architecture: str | None = "tiny_a") -> AppTest:
    """The form filled in, and its button pressed."""
    file = next(one for one in page.get("file_uploader") if (one.key or "").startswith("bringing-"))
    file.set_value((f"{name}.safetensors", data, "application/octet-stream"))
    page.run()
    next(one for one in page.text_input if (one.key or "").endswith("-name") and "bringing" in one.key).set_value(name)
    field(page, "architecture", "selectbox").set_value(architecture)
    page.run()
    return page.button(key="bringing-do").click().run()


def test_a_model_is_brought_chosen_and_its_form_is_empty_again(page: AppTest, weights: bytes) -> None:
    field(page, "seed").set_value(7).run()
    given(page, weights)
    assert not page.exception
    card = read_card(load("smoke").images, "mine")
    assert f"mine is a source model now. It names {card.accuracy:.1%} of {card.test_images} test images" in "\n".join(
        one.value.replace("\\", "") for one in page.success
    )
    assert field(page, "victims", "multiselect").value == ["tiny_a", "tiny_b", "mine"]
    assert f"mine is your own: {card.accuracy:.1%} right" in said(page).replace("**", "")
    assert field(page, "seed").value == 7
    scenario = scenarios.parse(page.code[-1].value)
    assert scenario.victims == ["tiny_a", "tiny_b", "mine"]
    assert not page.error
    assert "starting-go" in {button.key for button in page.button}
    assert page.button(key="bringing-do").disabled


@pytest.mark.parametrize(
    ("name", "architecture", "cut", "told"),
    [
        ("Mine", "tiny_a", 0, "Name must be up to 40 small letters"),
        ("tiny_b", "tiny_a", 0, "Name must be new, got tiny_b"),
        ("mine", None, 0, "Architecture must be named for safetensors"),
        ("mine", "tiny_b", 0, "Weights must be those of tiny_b with 10 classes"),
        ("mine", "tiny_a", 50, "Weights must be a whole safetensors file"),
    ],
)
def test_a_fault_is_said_and_nothing_is_added(
    name: str, architecture: str | None, cut: int, told: str, page: AppTest, weights: bytes
) -> None:
    given(page, weights[: len(weights) - cut], name, architecture)
    assert not page.exception
    assert told in said(page)
    assert field(page, "victims", "multiselect").value == ["tiny_a", "tiny_b"]
    assert not page.success


def test_the_data_set_must_be_right_first(page: AppTest, weights: bytes) -> None:
    field(page, "images.side").set_value(2).run()
    given(page, weights)
    assert not page.exception
    assert "The data set above must be right before" in said(page)


def test_who_may_not_is_refused_at_the_act(page: AppTest, weights: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the button was set off all the same."""
    monkeypatch.setattr(access, "may", lambda act: True)
    monkeypatch.setattr(access.Visitor, "role", property(lambda self: "analyst"))
    given(page, weights)
    assert "This needs the role operator, and yours is analyst" in said(page)
    assert own_names(load("smoke").images) == []


def test_models_of_another_size_are_not_offered(page: AppTest, weights: bytes) -> None:
    given(page, weights)
    other = scenarios.ImagesSpec(source="digits", channels=1, side=32)
    assert "mine" not in {offer.name for offer in scenarios.victim_offers(other)}
    mine = {offer.name: offer for offer in scenarios.victim_offers(load("smoke").images)}["mine"]
    assert (mine.is_own, mine.is_ready) == (True, False)
    assert scenarios.check({**load("smoke").model_dump(mode="json", exclude_none=True), "victims": ["mine"]}) == {}


def test_an_own_model_is_listed_and_removed_where_nothing_needs_it(page: AppTest, weights: bytes) -> None:
    assert not [one for one in page.expander if one.label.startswith("Your own models")]
    given(page, weights)
    digest = read_card(load("smoke").images, "mine").weights_sha256
    assert digest[:12] in said(page)
    assert scenarios.parse(page.code[-1].value).weights == {"mine": digest}
    page.button(key="own-models-mine-do").click().run()
    assert not page.exception
    assert [one.value for one in page.success] == ["mine was removed\\."]
    assert own_names(load("smoke").images) == []
    assert field(page, "victims", "multiselect").value == ["tiny_a", "tiny_b"]

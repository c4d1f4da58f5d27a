"""The page Models, entered by the real entry file: made-up checkpoints and records, real steps."""

import io
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import managing
from mtaa import api
from mtaa.core import card as cards
from mtaa.core import files
from mtaa.evaluation import record as records
from tests.ui.conftest import CARD, FakeAttributor
from tests.ui.reading import assert_well, cells, charts, enter, first, said
from tests.ui.shelved import CURVES, SURVIVAL, add, record


def opened(section: str = "", checkpoint: str = "") -> AppTest:
    page = first().switch_page("pages/models.py")
    for name, value in (("section", section), ("checkpoint", checkpoint)):
        if value:
            page.query_params[name] = value
    return page.run()


@pytest.fixture
def shelf(bench: type[FakeAttributor]) -> api.Card:
    """The bundled checkpoint and another, both with records."""
    card = add("mnist", training={"curves": CURVES, "examples": 19_800, "network": "forensic"})
    for one in (card, add("other")):
        record(one)
    return card


def test_all_checkpoints_are_listed_with_figures_and_floors(shelf: api.Card) -> None:
    page = opened()
    assert_well(page)
    assert {"mnist", "other", "bundled", "added", "active", "98.6%"} <= set(cells(page))
    assert page.subheader[0].value == "mnist"
    assert "98.6% :small[:gray[(98.2%–99.0%)]]" not in cells(page)  # the card has no share by attack of this value
    assert "7.20/255 :small[:gray[(6.60–7.80)]]" in cells(page)
    assert "1.30 logits :small[:gray[(1.20–1.40)]]" in cells(page)


def test_the_address_names_the_checkpoint(shelf: api.Card) -> None:
    page = opened(checkpoint="other")
    assert_well(page)
    assert page.subheader[0].value == "other"
    page = opened(checkpoint="othr")
    assert not page.exception
    assert "checkpoint 'othr' is unknown; did you mean other?" in said(page)
    assert page.subheader[0].value == "mnist"


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("Confusion", "Confusion of attack: 11 of 12 named right. Commonest confusion: C&W taken for PGD, 1 of 3."),
        ("By strength", "RMSE and bias of C&W by true κ (logits), RMSE 4.50 at 10 to 4.50 at 20; bias -1.50"),
        ("Calibration", "Reliability of the attack: calibration error 5.0% over 12"),
        ("Training", "Error of the strength, on validation images, 3 epochs; at the end RMSE 20.00"),
    ],
)
def test_charts_say_what_the_record_says(shelf: api.Card, section: str, told: str) -> None:
    page = opened(section)
    assert_well(page)
    assert any(chart.startswith(told) for chart in charts(page)), charts(page)


def test_survival_is_drawn_where_it_was_measured(shelf: api.Card) -> None:
    page = opened("Survival")
    assert page.code[0].value == "mtaa experiment survival --checkpoint mnist --keep"
    add("hardy", survival=SURVIVAL)
    page = opened("Survival", "hardy")
    assert_well(page)
    (chart,) = charts(page)  # of WebP one quality is no curve
    assert chart.startswith("Saved as JPEG, by quality: attack 90.0% at 50 to 95.0% at 90; source model 75.0%")
    assert "false alarms 2.0% at 50" in chart
    assert "Unchanged: attack 99.0%" in said(page)
    assert "more than 14 grey levels" in said(page)


def test_a_checkpoint_without_record_or_curves_says_so(shelf: api.Card) -> None:
    add("fresh")
    for section in ("Confusion", "By strength", "Calibration"):
        page = opened(section, "fresh")
        assert_well(page)
        assert "has not been evaluated here" in page.info[0].value
        assert page.code[0].value == "mtaa evaluate --checkpoint fresh"
    page = opened("Training", "fresh")
    assert "were not recorded" in page.info[0].value
    assert not charts(page)


def test_a_record_from_before_bias_and_reliability_is_shown(shelf: api.Card) -> None:
    old = records.read(records.path("mnist")).model_dump(mode="json")
    del old["reliability"]
    for levels in old["figures"]["by_intensity"].values():
        for level in levels.values():
            del level["intensity_bias"]
    files.write_json(records.path("mnist"), old)
    page = opened("By strength")
    assert_well(page)
    assert "The record has no bias" in said(page)
    assert charts(page)[0].startswith("RMSE and bias of FGSM by true ε (1/255), RMSE 4.50")
    page = opened("Calibration")
    assert_well(page)
    assert "The record has no reliability" in said(page)


def test_a_record_of_other_weights_is_not_shown(shelf: api.Card) -> None:
    record(shelf, weights_sha256="00" * 32)
    page = opened("Confusion")
    assert not page.exception
    assert "is of other weights than checkpoint mnist" in said(page)
    assert not charts(page)


def test_two_are_compared_and_whether_they_may_be_is_said(shelf: api.Card) -> None:
    metrics: dict[str, Any] = CARD.model_dump()["metrics"]
    metrics["overall"]["attack_accuracy"]["value"] = 0.996
    add("other", metrics=metrics)
    page = opened("Compare")
    assert_well(page)
    assert "same test images" in page.success[0].value
    assert "+1.0 points" in cells(page)
    add("other", test_sha256="34" * 32)
    assert "different test images of the same scenario" in opened("Compare").warning[0].value
    add("other", test_sha256="34" * 32, scenario_sha256="56" * 32)
    assert "different scenarios" in opened("Compare").warning[0].value


def test_the_card_has_hashes_and_licence(shelf: api.Card) -> None:
    page = opened("Card")
    assert_well(page)
    assert "MIT" in cells(page)
    assert shelf.weights_sha256 in page.code[-1].value


def test_activating_and_rolling_back_take_a_second_step_and_are_noted(shelf: api.Card) -> None:
    page = opened(checkpoint="other")
    press(page, "Make it active")
    assert_well(page)
    assert done(page) == "other is active now."
    assert api.active_checkpoint() == "other"
    assert [change.name for change in api.changes()] == ["other"]
    assert page.switch_page("pages/attribute.py").run().sidebar.selectbox[0].value == "other"
    page = opened(checkpoint="other")
    press(page, "Roll back to it")
    assert api.active_checkpoint() == "mnist"
    assert "other activated" in cells(page)


def test_broken_weights_are_not_made_active(shelf: api.Card) -> None:
    (cards.folder("other") / cards.WEIGHTS).write_bytes(b"changed")
    page = press(opened(checkpoint="other"), "Make it active")
    assert not page.exception
    assert "has another hash than its card" in said(page)
    assert api.active_checkpoint() == "mnist"


def test_only_what_is_added_and_not_active_can_be_deleted(shelf: api.Card) -> None:
    assert "Delete it for good" not in labels(opened())
    page = press(opened(checkpoint="other"), "Delete it for good")
    assert_well(page)
    assert page.subheader[0].value == "mnist"
    assert api.checkpoint_names() == ["mnist"]


def test_an_import_that_is_refused_says_why_and_one_that_fits_is_shown(
    shelf: api.Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = give(opened(), b"no zip")
    press(page, "Check and import")
    assert not page.exception
    assert "Not imported: checkpoint to import must be a whole zip" in said(page)
    taken: list[tuple[bytes, str | None]] = []

    def importing(data: bytes, name: str | None = None) -> api.Card:
        taken.append((data, name))
        return add(name or "arrived")

    monkeypatch.setattr(api, "import_checkpoint", importing)
    page = give(opened(), b"a zip")
    page.text_input(key=managing._NAME).set_value("mine").run()
    press(page, "Check and import")
    assert_well(page)
    assert taken == [(b"a zip", "mine")]
    assert "mine was imported" in done(page)
    assert page.subheader[0].value == "mine"
    assert "Check and import" not in labels(page)


def test_an_export_is_what_the_core_packs(shelf: api.Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "export_checkpoint", lambda name: io.BytesIO(name.encode()).getvalue())
    page = opened(checkpoint="other")
    assert [button.proto.label for button in page.get("download_button")] == ["Export"]


def test_a_broken_card_leaves_the_others(shelf: api.Card) -> None:
    (cards.folder("other") / cards.CARD).write_text("{}", encoding="utf-8")
    page = opened()
    assert_well(page)
    assert any("not a card of this version" in cell for cell in cells(page))
    page = opened(checkpoint="other")
    assert not page.exception
    assert "not a card of this version" in said(page)


def test_without_checkpoints_one_can_be_imported(bench: type[FakeAttributor]) -> None:
    (cards.folder("mnist") / cards.CARD).unlink()
    page = enter("models")
    assert not page.exception
    assert "No checkpoint is installed" in said(page)
    assert page.get("file_uploader")


def done(page: AppTest) -> str:
    """What the last step is said to have done."""
    return page.success[0].value.replace("\\", "")


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def give(page: AppTest, data: bytes) -> AppTest:
    uploader: Any = next(one for one in page.get("file_uploader") if str(one.key).startswith(managing._FILE))
    uploader.set_value(("checkpoint.zip", data, "application/zip"))
    return page.run()

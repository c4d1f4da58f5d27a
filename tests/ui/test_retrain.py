"""The page Retrain: a scenario by hand, its faults, and jobs that no worker takes; made-up jobs where one would."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtaa import api
from mtaa.api import scenarios
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.jobs import client, database
from mtaa.jobs.record import JobRequest
from mtaa.scenario import load
from tests.ui.conftest import FakeAttributor
from tests.ui.reading import cells, charts, enter, said
from tests.ui.retraining import field, filled, job, plain, started, watched
from tests.ui.shelved import add


@pytest.fixture(autouse=True)
def fresh(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A workbench without jobs, and nothing cached of another's."""
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    st.cache_data.clear()
    yield
    if database._client.cache_info().currsize:
        database._client(database.url()).destroy()
        database._client.cache_clear()
    database.engine.cache_clear()


@pytest.fixture
def page() -> AppTest:
    """The page with the smallest preset in its form."""
    return filled(enter("retrain"), "smoke")


def test_without_its_images_the_page_says_which_command_fetches_them() -> None:
    page = enter("retrain")
    assert not page.exception
    assert "run: mtaa data fetch mnist" in said(page)
    assert "starting-go" not in {button.key for button in page.button}


def test_a_preset_fills_the_form_and_says_what_it_costs(page: AppTest) -> None:
    assert not page.exception
    assert not page.error
    smoke, words = load("smoke"), " ".join(cells(page))
    assert f"{smoke.total('train'):,} to train" in words
    assert "not measured yet on this machine" in words
    assert scenarios.parse(page.code[-1].value).hash == smoke.hash
    assert "Tiny A is not trained on these images" in said(page).replace("**", "")


def test_a_fault_is_said_at_its_field_and_nothing_can_be_started(page: AppTest) -> None:
    field(page, "attacks.pgd.parameters.steps").set_value(0).run()
    field(page, "examples.train").set_value(-1).run()
    assert not page.exception
    assert page.error[0].value == "One setting needs another value."
    assert "Must be at least 0, got -1." in said(page)
    assert "starting-go" not in {button.key for button in page.button}
    field(page, "examples.train").set_value(40).run()
    assert "Must be at least 1, got 0." in said(page)
    field(page, "attacks.pgd.parameters.steps").set_value(10).run()
    assert not page.error
    assert "starting-go" in {button.key for button in page.button}


def test_choosing_nothing_is_a_fault_too(page: AppTest) -> None:
    for name in ("victims", "attacks"):
        field(page, name, "multiselect").set_value([]).run()
        assert not page.exception
    for name in ("victims", "attacks"):
        assert f"{name} must have at least one entry, got none" in said(page)


def test_an_attack_that_is_added_has_fields_of_its_own(page: AppTest) -> None:
    field(page, "attacks", "multiselect").set_value(["fgsm", "deepfool"]).run()
    assert not page.exception
    assert field(page, "attacks.deepfool.parameters.classes").value == 10
    assert "η (%) from" in {one.label for one in page.number_input}
    assert set(scenarios.parse(page.code[-1].value).attack("deepfool").parameters) == {"classes", "steps"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: [", "must be YAML"),
        ("- a", "must be a mapping"),
        ("name: x\nvictims: [tiny_a]", "images must be given"),
        ("{smoke}\nexampels: 3", "exampels is not a setting; did you mean examples"),
        ("{smoke:fsgm}", "did you mean fgsm"),
    ],
)
def test_an_import_that_is_none_is_refused_in_a_sentence(page: AppTest, text: str, told: str) -> None:
    smoke = scenarios.dump(load("smoke"))
    text = text.replace("{smoke:fsgm}", smoke.replace("name: fgsm", "name: fsgm")).replace("{smoke}", smoke)
    page.text_area(key="filling-text").set_value(text).run()
    page.button(key="filling-import-do").click().run()
    assert not page.exception
    assert told in page.error[0].value.replace("\\", "")
    assert scenarios.parse(page.code[-1].value).hash == load("smoke").hash


def test_an_import_fills_the_form(page: AppTest) -> None:
    text = scenarios.dump(load("smoke")).replace("seed: 0", "seed: 5").replace("name: smoke", "name: mine")
    page.text_area(key="filling-text").set_value(text).run()
    page.button(key="filling-import-do").click().run()
    assert not page.error
    assert field(page, "seed").value == 5
    assert scenarios.parse(page.code[-1].value) == scenarios.parse(text)


def test_the_form_is_as_it_was_left(page: AppTest) -> None:
    field(page, "seed").set_value(8).run()
    page.switch_page("pages/home.py").run()
    page.switch_page("pages/retrain.py").run()
    assert not page.exception
    assert field(page, "seed").value == 8


def test_the_training_is_as_it_was_left_until_another_scenario_is_taken(page: AppTest) -> None:
    field(page, "checkpoint", "text_input").set_value("trial").run()
    field(page, "network", "selectbox").set_value("mtaa-paper-resnet18").run()
    field(page, "start", "selectbox").set_value("mnist").run()
    field(page, "epochs").set_value(1).run()
    field(page, "training-seed").set_value(7).run()
    page.switch_page("pages/models.py").run()
    page.switch_page("pages/retrain.py").run()
    assert not page.exception
    left = [field(page, name, "selectbox").value for name in ("network", "start")]
    assert left == ["mtaa-paper-resnet18", "mnist"]
    assert field(page, "checkpoint", "text_input").value == "trial"
    assert [field(page, name).value for name in ("epochs", "training-seed")] == [1, 7]
    filled(page, "smoke")
    assert field(page, "checkpoint", "text_input").value == "smoke"
    assert field(page, "epochs").value is None


def test_start_is_one_job_however_often_it_is_pressed(page: AppTest) -> None:
    field(page, "checkpoint", "text_input").set_value("trial").run()
    started(page)
    assert not page.exception
    (made,) = api.list_jobs()
    assert page.query_params["job"] == made.id
    assert made.request == JobRequest(scenario=load("smoke"), checkpoint="trial")
    assert page.subheader[0].value == "trial"
    assert "No worker is running, so jobs wait" in page.warning[0].value
    del page.query_params["job"]
    field(page.run(), "checkpoint", "text_input").set_value("trial").run()
    assert "trial" in {link.proto.label.strip("*") for link in page.get("page_link")}


def test_a_name_that_is_taken_or_none_can_not_be_started(page: AppTest) -> None:
    for name, told in (("mnist", "must be new, got mnist"), ("../up", "must be up to 64 letters")):
        field(page, "checkpoint", "text_input").set_value(name).run()
        assert told in said(page)
        assert page.button(key="starting-no").disabled


def test_a_scenario_without_a_validation_split_is_not_trained_on(page: AppTest) -> None:
    field(page, "examples.validation").set_value(0).run()
    assert "Examples.validation must be at least 1" in said(page)
    assert said(page).count("ust be at least 1, got 0; the network is calibrated on these examples") == 2  # its field's
    assert page.button(key="starting-no").disabled


def test_a_running_job_shows_its_course(monkeypatch: pytest.MonkeyPatch) -> None:
    page = watched(monkeypatch, job())
    assert not page.exception
    assert not page.error
    words = said(page)
    assert "30 of 120 batches · <b> · on one" in words
    assert "by a*b" in words
    assert [alt.split(",")[0] for alt in charts(page)] == [
        "Loss of each task",
        "Named right",
        "Error of the strength",
    ]
    assert page.code[-1].value == "first line\n<script>"
    assert "3 min" in " ".join(cells(page)).replace("180 s", "3 min")
    assert {"Pause", "Cancel the job", "Start the clone"} <= {button.label for button in page.button}
    assert "Delete it for good" not in {button.label for button in page.button}


def test_a_failed_job_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    page = watched(monkeypatch, job("failed", error="the disk must have room, got *none*"))
    assert page.error[0].value.replace("\\", "") == "the disk must have room, got *none*"
    assert {"Retry", "Delete it for good"} <= {button.label for button in page.button}


def test_a_finished_job_leads_to_its_checkpoint_which_can_be_made_active(monkeypatch: pytest.MonkeyPatch) -> None:
    (paths.checkpoints() / "mnist" / cards.WEIGHTS).write_bytes(b"weights")
    add("trial")
    page = watched(monkeypatch, job("done"))
    assert not page.exception
    assert "Checkpoint **trial** is trained and measured" in page.success[0].value
    assert any("checkpoint=trial" in link.proto.query_string for link in page.get("page_link"))
    next(button for button in page.button if button.label == "Make it active").click().run()
    assert not page.exception
    assert api.active_checkpoint() == "trial"
    assert "trial is active now." in plain(page.success)


def test_a_finished_job_whose_checkpoint_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    page = watched(monkeypatch, job("done"))
    assert "no longer there" in page.info[0].value


def test_a_job_is_paused_resumed_cancelled_and_deleted(page: AppTest) -> None:
    field(page, "checkpoint", "text_input").set_value("trial").run()
    started(page)
    (made,) = client.jobs()
    for label, state in (
        ("Pause", "paused"),
        ("Resume", "queued"),
        ("Cancel the job", "cancelled"),
        ("Resume", "queued"),
        ("Cancel the job", "cancelled"),
    ):
        next(button for button in page.button if button.label == label).click().run()
        assert not page.exception
        assert client.show(made.id).state == state
    next(button for button in page.button if button.label == "Delete it for good").click().run()
    assert not page.exception
    assert client.jobs() == []
    assert "The job was deleted." in plain(page.success)
    assert "starting-go" in {button.key for button in page.button}


def test_a_clone_has_another_name_and_a_taken_one_is_refused(page: AppTest) -> None:
    field(page, "checkpoint", "text_input").set_value("trial").run()
    started(page)
    (made,) = client.jobs()
    clone = next(one for one in page.text_input if one.key == f"clone-{made.id}")
    clone.set_value("trial").run()
    page.button(key=f"clone-{made.id}-do").click().run()
    assert "must be new, got trial" in plain(page.error)
    next(one for one in page.text_input if one.key == f"clone-{made.id}").set_value("other").run()
    page.button(key=f"clone-{made.id}-do").click().run()
    assert page.subheader[0].value == "other"
    assert {one.request.checkpoint for one in client.jobs()} == {"trial", "other"}


def test_an_unknown_job_is_one_sentence() -> None:
    page = enter("retrain")
    page.query_params["job"] = "job-000000000000"
    page.run()
    assert not page.exception
    assert "is unknown" in page.error[0].value


def test_home_counts_the_jobs(page: AppTest) -> None:
    field(page, "checkpoint", "text_input").set_value("trial").run()
    started(page)
    home = enter("home")
    assert "1 queued" in said(home)

"""The page Retrain, adding to the active checkpoint; and what a checkpoint says that started from another."""

import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtaa import api
from mtaa.api import growing
from mtaa.cases.store import Store
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.growth import Growth, Shift, Told
from mtaa.images.mnist import PARTS, SIDE
from mtaa.jobs import client, database
from mtaa.scenario import growth, load
from mtaa.scenario.presets import dump
from tests.ui.conftest import CARD, FakeAttributor
from tests.ui.reading import cells, enter, said
from tests.ui.retraining import job, watched
from tests.ui.shelved import add
from tests.unit.api.test_growing import case
from tests.unit.cases.conftest import finding
from tests.unit.images.test_sources import write_idx


@pytest.fixture(autouse=True)
def fresh(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A workbench without jobs, whose checkpoint has its scenario."""
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    st.cache_data.clear()
    files.write_text(paths.checkpoints() / "mnist" / cards.SCENARIO, dump(load("mnist")))
    fetched()
    yield
    if database._client.cache_info().currsize:
        database._client(database.url()).destroy()
        database._client.cache_clear()
    database.engine.cache_clear()


def fetched() -> None:
    """The images of the checkpoint's scenario, two in each part."""
    folder = paths.data() / "mnist"
    folder.mkdir(parents=True)
    for part in PARTS:
        write_idx(folder / f"{part}-images-idx3-ubyte", np.zeros((2, SIDE, SIDE)))
        write_idx(folder / f"{part}-labels-idx1-ubyte", np.arange(2))


def shift(before: float, after: float) -> Shift:
    change = after - before
    return Shift(before=before, after=after, difference=change, low=change - 0.01, high=change + 0.01, count=100)


def grown() -> api.Card:
    """A checkpoint on the shelf that learnt MI-FGSM."""
    told = Told(right=0.75, low=0.6, high=0.86, count=40, trained_on=20, taken_for={"pgd": 7, "fgsm": 3})
    found = Growth(
        start="mnist",
        weights_sha256=CARD.weights_sha256,
        test_sha256=CARD.test_sha256,
        replayed=1440,
        attacks={"mi_fgsm": told},
        victims={},
        figures={"attack_accuracy": shift(0.99, 0.97), "intensity_rmse": shift(3, 4.5)},
        by_attack={"pgd": {"attack_accuracy": shift(0.98, 0.9), "intensity_rmse": shift(3, 3.25)}},
    )
    return add("more", growth=found)


def adding() -> AppTest:
    """The page with the fields of an addition."""
    page = enter("retrain")
    next(one for one in page.button_group if one.key == "retrain-kind").set_value("Add to the active checkpoint")
    return page.run()


def choose(page: AppTest, *attacks: str) -> AppTest:
    return page.multiselect(key="adding-attacks").set_value(list(attacks)).run()


def test_few_fields_queue_a_job_that_adds_to_the_active_checkpoint() -> None:
    page = choose(adding(), "mi_fgsm")
    assert not page.exception
    assert page.number_input(key="adding-mi_fgsm-stop").value == 200  # as FGSM, which it knows
    page.number_input(key="adding-mi_fgsm-stop").set_value(80.0).run()
    page.number_input(key="adding-shots").set_value(20).run()
    assert any("gradient steps" in one.lower() or "on each of" in one for one in cells(page))
    page.button(key="adding-go").click().run()
    (made,) = client.jobs()
    assert (made.request.start, made.request.shots, made.request.checkpoint) == ("mnist", 20, "mnist-mi_fgsm")
    assert growth.new(load("mnist"), made.request.scenario) == (["mi_fgsm"], [])
    assert made.request.scenario.attack("mi_fgsm").intensities.stop == 80
    assert "started from mnist, 20 examples of each addition" in said(page).replace("**", "")


def test_a_case_with_too_few_images_is_refused_and_one_with_enough_is_learnt_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(growing, "_tested", lambda card: set())  # the made-up checkpoint has no test images
    store = Store()
    few, enough = (case(store, [finding(seed) for seed in range(count)], count) for count in (19, 20))
    page = choose(adding(), "mi_fgsm")
    page.selectbox(key="adding-case").set_value(few).run()
    assert not page.exception
    assert f"Case {few} must have at least 20 images" in said(page)
    assert "adding-go" not in {button.key for button in page.button}
    page.selectbox(key="adding-case").set_value(enough).run()
    assert f"15 images of case {enough} are learnt from, too; 5 held out." in said(page)
    assert not (paths.home() / "labelled").exists()
    page.button(key="adding-go").click().run()
    (made,) = client.jobs()
    assert made.request.labelled is not None
    assert len(list((paths.home() / "labelled").iterdir())) == 1
    client.delete(client.cancel(made.id).id)
    assert list((paths.home() / "labelled").iterdir()) == []
    assert (made.request.labelled.attack, made.request.labelled.origin) == ("mi_fgsm", f"case {enough}")
    store.close()


def test_what_it_knows_is_not_offered_and_faults_are_said() -> None:
    page = choose(adding(), "mi_fgsm")
    assert not set(page.multiselect(key="adding-attacks").options) & {"FGSM", "PGD"}
    page.number_input(key="adding-mi_fgsm-step").set_value(0.0).run()
    assert not page.exception
    assert "step must be more than 0, got 0." in said(page)
    assert "adding-go" not in {button.key for button in page.button}
    assert "Choose what to add." in choose(page).info[0].value


def test_without_its_images_nothing_is_added_and_the_page_says_which_command_fetches_them() -> None:
    shutil.rmtree(paths.data() / "mnist")
    page = choose(adding(), "mi_fgsm")
    assert not page.exception
    assert page.error[0].value == "One setting needs another value."
    assert "images: mnist must be fetched first" in said(page)
    assert "run: mtaa data fetch mnist" in said(page)
    assert page.button(key="adding-no").disabled
    assert "adding-go" not in {button.key for button in page.button}


def test_comparing_with_what_it_started_from_shows_both_on_the_same_images() -> None:
    grown()
    page = enter("models")
    page.selectbox(key="checkpoint").set_value("more").run()
    page.session_state["section"] = "Compare"
    page.run()
    assert page.selectbox(key="compared").value == "mnist"
    text: Any = " ".join(cells(page)).replace("\\", "")
    assert "75.0%" in text
    assert "PGD 7, FGSM 3" in text
    assert "-8.0 points" in text
    assert "1,440 known examples" in said(page)


def test_a_finished_job_says_what_was_learnt_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    grown()
    page = watched(monkeypatch, job("done", "more"))
    assert not page.exception
    text = " ".join(cells(page)).replace("\\", "")
    assert "3.00/255" in text
    assert "+0.25" in text

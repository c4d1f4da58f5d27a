"""Several images at once: the table, the downloads, the row in full, and what is not judged twice."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import service
from mtaa.core.files import sha256_bytes
from tests.ui.conftest import FakeAttributor, png
from tests.ui.reading import assert_well, downloads, said, upload


def test_several_uploads_give_a_table_downloads_and_one_in_full(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = downloads(monkeypatch)
    names = ["fgsm-vgg16-40.png", "clean-none.png", "cw-vgg16-15.png", "cut.png"]
    whole = [png(seed=place) for place in range(3)]
    upload(page, *zip(names, [*whole, whole[0][:200]], strict=True))
    assert_well(page)
    assert "4 images: 2 adversarial, 1 clean, 1 refused" in said(page)
    assert "cut.png was not analysed. Image must be whole" in said(page)
    table = page.dataframe[0].value
    assert list(table["file"]) == names
    assert list(table["conclusion"]) == ["adversarial", "clean", "adversarial", "refused"]
    assert table["attack_probability"][0] == pytest.approx(98.7)
    assert np.isnan(table["source_model_probability"][1])
    assert table["intensity"][0] == pytest.approx(40)
    assert list(table["interval"][[0, 2]]) == ["30.6 to 51.2", "13.4 or more"]
    assert table["image"][0].startswith("data:image/png;base64,")
    assert list(table["image"].isna()) == [False, False, False, True]
    assert [button.label for button in page.get("download_button")] == ["CSV", "JSON", "Verdict as JSON"]
    assert taken["CSV"]().decode("utf-8-sig").count("\r\n") == 5
    assert json.loads(taken["JSON"]())[3]["name"] == "cut.png"
    assert page.code[0].value == sha256_bytes(whole[0])


def test_another_row_is_shown_in_full_and_forgotten_with_its_table(page: AppTest) -> None:
    files = [(f"fgsm-vgg16-{place + 10}.png", png(seed=place)) for place in range(3)]
    upload(page, *files)
    chooser = page.selectbox(key="image-list")
    assert chooser.options[2] == "3. fgsm-vgg16-12.png: adversarial"
    chooser.set_value(2).run()
    assert page.code[0].value == sha256_bytes(files[2][1])
    assert page.session_state[page.dataframe[0].key]["selection"]["rows"] == [2]
    upload(page, *reversed(files[:2]))
    assert page.code[0].value == sha256_bytes(files[1][1])


def test_of_many_refused_files_few_are_told(page: AppTest) -> None:
    upload(page, *((f"{place}.txt", f"no image {place}".encode()) for place in range(5)))
    assert not page.exception
    assert "5 images: 5 refused" in said(page)
    assert page.warning[0].value.count("was not analysed") == 3
    assert "2 more" in page.warning[0].value


def test_what_is_known_is_not_judged_again(page: AppTest) -> None:
    upload(page, ("fgsm-vgg16-40.png", png(seed=1)))
    assert (FakeAttributor.opened, FakeAttributor.judged) == (1, 1)
    page.run()
    assert FakeAttributor.judged == 1
    upload(page, ("copy.png", png(seed=1)), ("pgd-vgg19-90.png", png(seed=2)), ("pgd-vgg19-90-again.png", png(seed=2)))
    assert (FakeAttributor.opened, FakeAttributor.judged) == (1, 2)
    assert list(page.dataframe[0].value["file"]) == ["copy.png", "pgd-vgg19-90.png", "pgd-vgg19-90-again.png"]
    assert list(page.dataframe[0].value["attack"]) == ["FGSM", "PGD", "PGD"]


def test_early_results_are_reported_before_each_batch(bench: type[FakeAttributor]) -> None:
    seen: list[int] = []
    script = """
import streamlit as st
from app import service
from mtaa import api
st.session_state["found"] = service.results(
    st.session_state["files"], api.card("mnist"), None, lambda done: st.session_state["seen"].append(len(done))
)
"""
    page = AppTest.from_string(script, default_timeout=30)
    files = [(f"{place}.png", png(seed=place)) for place in range(2 * service.BATCH + 1)]
    page.session_state["files"], page.session_state["seen"] = files, seen
    page.run()
    assert not page.exception
    assert page.session_state["seen"] == [0, service.BATCH, 2 * service.BATCH]
    assert [one.observed.name for one in page.session_state["found"]] == [name for name, _ in files]

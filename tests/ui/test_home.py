"""The first page: what is active, how the workbench stands, and the tour on a bundled sample."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from app import casebook
from mtaa import api
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.card import Card
from tests.signature_sets import install
from tests.ui.conftest import CARD, FakeAttributor, FakePlacer, write_card
from tests.ui.reading import assert_well, charts, first, pick, said


def titles(page: AppTest) -> list[str]:
    return [head.value.replace("\\", "") for head in page.subheader]


def test_it_says_what_the_tool_does_and_which_checkpoint_judges(bench: type[FakeAttributor]) -> None:
    page = first()
    assert_well(page)
    assert page.title[0].value == "Who is behind an adversarial image?"
    assert titles(page) == ["mnist", "Try it in three steps"]
    assert {metric.label: metric.value for metric in page.metric} == {
        "Attack or clean": "98.6%",
        "Source model": "90.4%",
        "False alarms": "1.2%",
    }
    assert "98.2% to 99.0%" in said(page)
    assert FakeAttributor.opened == 0


def test_every_page_is_linked(bench: type[FakeAttributor]) -> None:
    page = first()
    linked = {link.proto.page for link in page.get("page_link")}
    assert {"attribute", "signatures", "cases", "models"} <= linked


def test_a_sample_is_judged_beside_its_truth_and_put_on_the_map(
    bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(cards.read("mnist"), cards.folder("mnist"))
    monkeypatch.setattr(FakePlacer, "placed", 0)
    placer = FakePlacer()
    monkeypatch.setattr(api, "open_placer", lambda name: placer)
    monkeypatch.setattr(placer, "place", lambda images: [placer._one("near-20.png", data) for _, data in images])
    page = pick(first(), "pgd-resnet18-90.png")
    assert_well(page)
    assert "Truth: **PGD on ResNet18, ε = 90/255**" in said(page)
    assert titles(page)[2:] == ["PGD", "ResNet18", "ε = 90.0/255"]
    assert FakePlacer.placed == 0
    page.toggle(key="demo-map").set_value(True).run()
    assert_well(page)
    assert charts(page)[-1].endswith("coloured by attack, with the sample placed on it")
    assert "Of its 15 nearest known examples **15 are FGSM**" in said(page)
    # The page Attribute shows the same sample.
    page.switch_page("pages/attribute.py").run()
    assert "Known truth: **PGD on ResNet18, ε = 90/255**" in said(page)


def test_without_a_map_the_tour_says_how_to_make_one(bench: type[FakeAttributor]) -> None:
    page = pick(first(), "clean-none-0.png")
    assert_well(page)
    assert "no map of its signatures yet" in page.info[0].value


def test_without_samples_or_checkpoints_the_rest_is_there(bench: type[FakeAttributor]) -> None:
    (paths.assets() / "samples" / "manifest.json").unlink()
    assert titles(first()) == ["mnist"]
    (cards.folder("mnist") / cards.CARD).unlink()
    page = first()
    assert not page.exception
    assert "a checkpoint must be installed" in said(page)
    assert page.get("page_link")


def test_the_active_checkpoint_is_the_one_that_is_shown(bench: type[FakeAttributor]) -> None:
    write_card(paths.checkpoints(), CARD.model_copy(update={"name": "other"}))
    (paths.checkpoints() / "other" / cards.WEIGHTS).write_bytes(b"w")
    files.write_json(paths.checkpoints() / "other" / cards.CARD, made("other", b"w").model_dump(mode="json"))
    api.activate("other", "ada")
    assert titles(first())[0] == "other"
    (paths.checkpoints() / "other" / cards.CARD).unlink()
    page = first()
    assert not page.exception
    assert "active checkpoint other is no longer there" in said(page)


def test_the_state_of_worker_and_store_is_told(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> None:
    page = first()
    assert "None is running" in said(page)
    assert "No case yet" in said(page)
    worker = api.Worker(name="forge", host="lab-3", process=7, device="cpu", seconds_since=1.0, alive=True)
    monkeypatch.setattr(api, "workers", lambda: [worker, worker.model_copy(update={"alive": False, "name": "late"})])
    casebook.store().open_case("A *strange* digit", actor="ada")
    page = first()
    assert_well(page)
    assert "**forge** on lab-3, cpu" in said(page)
    assert "late" not in said(page)
    assert "1 case, last changed" in said(page)
    assert any("1. A \\*strange\\* digit" in link.proto.label for link in page.get("page_link"))


def test_a_fault_of_the_worker_leaves_the_rest(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> None:
    def failing() -> list[api.Worker]:
        raise api.MtaaError("the database must answer, got none; start it")

    monkeypatch.setattr(api, "workers", failing)
    page = first()
    assert not page.exception
    assert "the database must answer" in said(page)
    assert titles(page) == ["mnist", "Try it in three steps"]


def test_the_first_page_loads_nothing_heavy() -> None:
    code = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
assert page.title[0].value.startswith("Who is behind"), page
print([name for name in ("torch", "sklearn", "captum", "lightning") if name in sys.modules])
"""
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[]"


def made(name: str, weights: bytes) -> Card:
    """The made-up card under another name, with the hash of `weights`."""
    return CARD.model_copy(update={"name": name, "weights_sha256": files.sha256_bytes(weights)})

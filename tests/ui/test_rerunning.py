"""The counter-check on the page Attribute: run when asked for, told in words, with what it was measured to be worth."""

import numpy as np
import pytest
import torch

from mtaa import api
from mtaa.bench import machine
from mtaa.core.countercheck import Agreement, CounterCheck, Hypothesis, Tried
from mtaa.core.progress import Progress
from mtaa.core.verdict import Verdict
from mtaa.evaluation.record import Figure
from mtaa.experiments import record
from mtaa.experiments.reattack.record import ReattackRecord, ReattackSettings, Row
from tests.ui.conftest import WEIGHTS, FakeAttributor, png
from tests.ui.reading import assert_well, enter, said, upload
from tests.ui.test_explaining import opened, press, with_estimator


class FakeReattacker:
    """Finds the verdict's own source model, and notes from where it was asked to start."""

    asked: list[str] = []  # noqa: RUF012, one for all

    def check(
        self, pixels: np.ndarray, verdict: Verdict, original: np.ndarray | None, progress: Progress
    ) -> CounterCheck:
        mode = "blind" if original is None else "reference"
        self.asked.append(mode)
        progress.start("re-attack", 2, "attempts")
        progress.advance(1, "FGSM on VGG16")
        tried = [
            Tried(
                hypothesis=Hypothesis(attack="fgsm", victim=victim, symbol="ε", unit="1/255", intensity=4),
                agreement=Agreement(signs=None if correlation < 0 else 0.9, correlation=correlation, linf=3),
            )
            for victim, correlation in (("vgg16", 0.98), ("vgg19", -0.5))
        ]
        return CounterCheck(mode=mode, named=verdict.inferred.victim.label, tried=tried)


@pytest.fixture
def reattacked(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> type[FakeReattacker]:
    monkeypatch.setattr(FakeReattacker, "asked", [])
    monkeypatch.setattr(api, "open_reattacker", lambda name: FakeReattacker())
    return FakeReattacker


def test_it_runs_when_asked_and_keeps_what_it_found(reattacked: type[FakeReattacker]) -> None:
    page = opened("Re-attack", reference=True)
    assert_well(page)
    assert reattacked.asked == []
    page.button(key="reattack").click().run()
    assert_well(page)
    assert reattacked.asked == ["reference"]
    assert "FGSM on VGG16 comes nearest (correlation 0.98" in said(page)
    assert "speaks for the source model" in said(page)
    assert "mtaa experiment reattack" in said(page)
    assert list(page.dataframe[-1].value["source model"]) == ["VGG16", "VGG19"]
    assert page.button(key="reattack").disabled
    press(press(page, "maps-shown", "Known patterns"), "maps-shown", "Re-attack")
    assert "comes nearest" in said(page)
    assert reattacked.asked == ["reference"]


def test_without_an_original_an_estimate_is_needed(reattacked: type[FakeReattacker]) -> None:
    page = opened("Re-attack")
    assert_well(page)
    assert "Give the clean original above" in page.info[0].value
    with_estimator()
    page = opened("Re-attack")
    assert "tells far less" in said(page)
    page.button(key="reattack").click().run()
    assert reattacked.asked == ["blind"]
    assert "Do not rely on it. How often this is right from an estimate" in said(page)


def test_what_it_is_worth_is_told_where_it_was_measured(reattacked: type[FakeReattacker]) -> None:
    share = Figure(value=0.9, low=0.8, high=0.95, count=40)
    row = Row(
        attack="fgsm", mode="reference", first=share, decided=share, right=share, verdict=share, correlation=1, other=0
    )
    found = ReattackRecord(
        settings=ReattackSettings(),
        environment=machine.environment(torch.device("cpu"), [], {}),
        seconds=1,
        weights_sha256=WEIGHTS,
        test_sha256="",
        estimator_sha256="",
        victims_sha256={},
        lead=0.05,
        near=0.8,
        rows=[row],
        originals=[],
    )
    record.write(found)
    page = opened("Re-attack", reference=True)
    page.button(key="reattack").click().run()
    assert_well(page)
    assert "On 40 test images of FGSM, from the clean original, it decided 90%" in said(page)
    assert "90% of them right (95% interval 80% to 95%)" in said(page)
    assert "Do not rely" not in said(page)
    assert "speaks for the verdict" in said(page)
    doubtful = row.model_copy(update={"right": share.model_copy(update={"low": 0.1})})
    record.write(found.model_copy(update={"rows": [doubtful]}))
    page.run()
    assert "Do not rely on it." in said(page)
    assert "decides nothing" in said(page)


def test_a_clean_verdict_has_nothing_to_run(reattacked: type[FakeReattacker]) -> None:
    page = press(upload(enter(), ("clean-none-0.png", png())), "maps-shown", "Re-attack")
    assert_well(page)
    assert "names no attack" in page.info[0].value

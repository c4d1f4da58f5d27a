"""The section Ablation of the page Models: a made-up record, none at all, and a broken one."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mtaa.bench.record import Environment
from mtaa.core import files
from mtaa.evaluation.record import Figure
from mtaa.experiments import record as records
from mtaa.experiments.ablation.record import AblationRecord, AblationSettings, Row
from mtaa.experiments.learning import Change
from tests.ui.conftest import FakeAttributor
from tests.ui.reading import assert_well, cells, charts, first, said

MACHINE = Environment(
    date="2026-11-25",
    device="cpu",
    cpu="",
    cores=1,
    threads=1,
    system="",
    python="",
    torch="",
    code_version="0",
    peers={},
    left_out={},
)


def row(variant: str, words: str, victim: float, rmse: float, **more: Any) -> Row:
    figures = {
        "attack_accuracy": Figure(value=0.9, low=0.88, high=0.92, count=100, floor=0.4),
        "victim_accuracy": Figure(value=victim, low=victim - 0.03, high=victim + 0.03, count=100, floor=0.2),
        "intensity_rmse": Figure(value=rmse, low=rmse - 1, high=rmse + 1, count=100, floor=64.6),
    }
    facts = {"variant": variant, "said": words, "seed": 0, "network": {}, "training": {}, "epochs": 8, "seconds": 300}
    made = {"parameters": 1_040_000, "flops": 67_800_000, "weights_sha256": "ab", "figures": figures, "paper": {}}
    return Row.model_validate({**facts, **made, "changes": {}, **more})


def written() -> AblationRecord:
    changes = {
        "attack_accuracy": Change(value=0.0, low=-0.01, high=0.01),
        "victim_accuracy": Change(value=-0.125, low=-0.15, high=-0.1),
        "intensity_rmse": Change(value=0.3, low=-0.2, high=0.8),
    }
    settings = AblationSettings(scenario="mnist-pairs")
    record = AblationRecord(
        experiment="ablation",
        environment=MACHINE,
        seconds=600,
        settings=settings,
        remark="A small-scale run: 3,500 training examples, 8 epochs.",
        scenario_sha256="",
        data_sha256="",
        test_sha256="",
        training_examples=3500,
        test_examples=2460,
        reference="full",
        rows=[
            row("full", "whole network", 0.8, 9),
            row("equal_weights", "losses summed", 0.675, 9.3, changes=changes),
        ],
        paper=settings.printed,
    )
    records.write(record)
    return record


def opened() -> AppTest:
    page = first().switch_page("pages/models.py")
    page.query_params["section"] = "Ablation"
    return page.run()


@pytest.mark.usefixtures("bench")
def test_each_part_is_shown_with_what_it_changes() -> None:
    written()
    page = opened()
    assert_well(page)
    assert charts(page) == [
        "Source model, change in points: losses summed -12.50",
        "Strength, change of its RMSE: losses summed +0.30",
    ]
    assert {"67.5% :small[:gray[(64.5%–70.5%)]]", "9.30 :small[:gray[(8.30–10.30)]]", "68"} <= set(cells(page))
    assert {"84.72%", "99.88%", "6.04"} <= set(cells(page))
    for words in ("small-scale run: 3,500", "scenario mnist-pairs", "2,460 test images", "source model 20.0%", "2302"):
        assert words in said(page)


def test_without_a_record_the_command_is_told(bench: type[FakeAttributor]) -> None:
    page = opened()
    assert_well(page)
    assert page.code[0].value == "mtaa experiment ablation --scenario mnist"


@pytest.mark.usefixtures("bench")
def test_a_record_of_another_version_is_refused_in_a_sentence() -> None:
    written()
    files.write_json(records.path("ablation"), {"schema_version": 0})
    page = opened()
    assert not page.exception
    assert "make it anew: mtaa experiment ablation" in said(page)

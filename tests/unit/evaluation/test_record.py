from pathlib import Path

import pytest
from pydantic import ValidationError

from mtaa.core import files
from mtaa.core.errors import IntegrityError
from mtaa.evaluation import record as records
from mtaa.evaluation.figures import Figures
from mtaa.evaluation.metrics import Figure
from mtaa.evaluation.record import EvaluationRecord
from mtaa.evaluation.tables import summary

SHARE = Figure(value=0.975, low=0.9543, high=0.9864, count=400, floor=0.25)
SIZE = Figure(value=7.5, low=6.25, high=8.75, count=300, floor=50.0)


def record(name: str = "trial", **volatile: object) -> EvaluationRecord:
    figures = Figures(
        overall={"attack_accuracy": SHARE, "victim_accuracy": SHARE, "intensity_rmse": SIZE},
        by_attack={"fgsm": {"attack_accuracy": SHARE, "victim_accuracy": SHARE, "intensity_rmse": SIZE}},
        by_victim={"none": {"attack_accuracy": SHARE, "victim_accuracy": SHARE}},
        by_intensity={"fgsm": {"10": {"attack_accuracy": SHARE}}},
        confusion={"attack": {"labels": ["fgsm"], "counts": [[400]]}},
    )
    return EvaluationRecord(
        checkpoint=name,
        weights_sha256="a" * 64,
        test_sha256="b" * 64,
        scenario_sha256="c" * 64,
        code_version="0",
        images="digits, 1 × 28 × 28, 8 bits",
        examples=400,
        figures=figures,
        parameters=3_432_294,
        flops=249_824_928,
        volatile=volatile,
    )


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTAA_RESULTS", str(tmp_path))
    return tmp_path


def test_what_is_written_is_read(results: Path) -> None:
    for name in ("second", "first"):
        records.write(record(name, seconds=1.5))
    assert records.read_all(results) == [record("first", seconds=1.5), record("second", seconds=1.5)]


def test_all_but_the_volatile_part_is_the_same_file(results: Path) -> None:
    before = records.write(record(seconds=1.5)).read_text()
    after = records.write(record(seconds=99.0)).read_text()
    assert before != after
    assert before.replace("1.5\n", "99.0\n") == after


def test_a_record_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="surprise"):
        EvaluationRecord.model_validate({**record().model_dump(), "surprise": 1})


def test_a_record_from_before_reliability_was_measured_is_read(results: Path) -> None:
    path = records.write(record())
    document = files.read_json(path)
    del document["reliability"]
    files.write_json(path, document)
    assert records.read(path) == record()


@pytest.mark.parametrize("document", [[], {}, {"schema_version": 2}, {"schema_version": 1, "checkpoint": "trial"}])
def test_what_is_no_record_is_refused_in_one_sentence(results: Path, document: object) -> None:
    files.write_json(records.path("trial"), document)
    with pytest.raises(IntegrityError, match=r"evaluation-trial\.json .*evaluate the checkpoint anew"):
        records.read_all(results)


def test_summary_says_what_the_record_says() -> None:
    text = summary(record())
    assert "3.43 M parameters, 250 MFLOPs" in text
    assert "| 97.5% [95.4%, 98.6%] | 25.0% |" in text
    assert "7.50 [6.25, 8.75] | 50.00 |" in text
    assert "none" not in text.lower()

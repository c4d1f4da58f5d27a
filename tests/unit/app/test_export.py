"""What is downloaded: complete, readable by machines, inert in spreadsheets."""

import csv
import io
import json
from typing import Any

import pytest

from app import export
from mtaa import api
from mtaa.core.verdict import Attributability, CheckpointMark


def verdict(name: str = "a.png", **strength: Any) -> api.Verdict:
    hyperparameter = {"symbol": "ε", "unit": "1/255", "value": 61.5, "low": 50.0, "high": 70.25, "level": 0.9}
    attack = api.Ranking(label="fgsm", title="FGSM", probability=0.75, probabilities={"fgsm": 0.75, "pgd": 0.25})
    return api.Verdict(
        observed=api.Observed(name=name, sha256="0a" * 32, bytes=9, format="PNG", mode="L", width=28, height=28),
        derived=api.Derived(channels=1, levels=2, minimum=0, maximum=1, mean=0.5, roughness=0.1),
        inferred=api.Inferred(
            conclusion="adversarial",
            adversarial_probability=0.9990001,
            attack=attack,
            victim=api.Ranking(label="vgg16", title="VGG16", probability=1, probabilities={"vgg16": 1}),
            hyperparameter=api.Intensity(**{**hyperparameter, **strength}),
            sentence="FGSM.",
        ),
        checkpoint=CheckpointMark(name="mnist", weights_sha256="5e" * 32, scenario="ab", code_version="0.1.0"),
        warnings=["One.", "Two."],
    )


def refusal(name: str = "b.png", reason: str = "file must hold an image") -> api.Refusal:
    return api.Refusal(name=name, sha256="0b" * 32, bytes=0, reason=reason)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_every_field_and_full_precision() -> None:
    first, second = read(export.as_csv([verdict(), refusal()]))
    assert tuple(first) == export.FIELDS
    assert (first["adversarial_probability"], first["high"]) == ("0.9990001", "70.25")
    assert (first["warnings"], first["weights_sha256"]) == ("One. Two.", "5e" * 32)
    assert (second["conclusion"], second["refused_because"]) == ("refused", "file must hold an image")
    assert second["attack"] == ""


def test_a_lower_bound_has_no_upper_end() -> None:
    values = export.row(verdict(symbol="κ", unit="logits", saturated=True))
    assert values["high"] is None
    assert values["is_lower_bound"] is True


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "  =1", '=HYPERLINK("http://evil.example")', "＝1"]
)
def test_no_cell_is_a_formula(name: str) -> None:
    rows = read(export.as_csv([verdict(name), refusal(name)]))
    assert [row["file"] for row in rows] == [f"'{name}"] * 2


def test_names_with_commas_quotes_and_breaks_stay_one_cell() -> None:
    name = 'a,"b"\nc;é.png'
    (row,) = read(export.as_csv([verdict(name)]))
    assert row["file"] == name


def test_json_is_the_records_themselves() -> None:
    results = [verdict("é.png"), refusal()]
    content = export.as_json(results)
    assert "é.png" in content.decode()
    first, second = json.loads(content)
    assert api.Verdict.model_validate(first) == results[0]
    assert api.Refusal.model_validate(second) == results[1]


def test_a_verdict_that_names_nobody_has_no_names() -> None:
    destroyed = Attributability(answer="destroyed", grounds=[], measures={})
    values = export.row(verdict().model_copy(update={"attributability": destroyed}))
    assert values["evidence"] == "destroyed"
    assert not {"attack", "attack_probability", "source_model", "adversarial_probability"} & values.keys()

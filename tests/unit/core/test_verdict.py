"""Verdicts of version 2 are what their schema says, and those of version 1 are still read."""

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from typer.testing import CliRunner

from mtaa.cli.commands import app
from mtaa.core.verdict import Verdict
from tests.unit.core.test_answers import verdict

# As version 0.1.0 wrote it before there were levels, sets and the gate.
FIRST = json.loads("""
{"schema_version": 1, "warnings": [],
 "observed": {"name": "a.png", "sha256": "ab", "bytes": 1, "format": "PNG", "mode": "L", "width": 28, "height": 28,
              "notes": []},
 "derived": {"channels": 1, "levels": 9, "minimum": 0, "maximum": 255, "mean": 30.5, "roughness": 12.0,
             "reference": null},
 "inferred": {"conclusion": "adversarial", "adversarial_probability": 0.99,
              "attack": {"label": "fgsm", "title": "FGSM", "probability": 0.99,
                         "probabilities": {"fgsm": 0.99, "clean": 0.01}},
              "victim": {"label": "vgg16", "title": "VGG16", "probability": 1.0, "probabilities": {"vgg16": 1.0}},
              "hyperparameter": {"symbol": "ε", "unit": "1/255", "value": 40, "low": 31, "high": 52, "level": 0.9,
                                 "saturated": false},
              "sentence": "FGSM (99.0%) on VGG16 (> 99.9%), ε = 40.0/255 (31.0 to 52.0)."},
 "checkpoint": {"name": "mnist", "weights_sha256": "5e", "scenario": "ab", "code_version": "0.1.0"}}
""")


def test_the_first_version_is_read_as_it_is() -> None:
    found = Verdict.model_validate(FIRST)
    assert found.schema_version == 1
    assert (found.inferred.kind, found.inferred.coverage) == (None, [])


def test_a_version_to_come_is_refused() -> None:
    with pytest.raises(ValidationError):
        Verdict.model_validate(FIRST | {"schema_version": 3})


def test_a_verdict_is_what_the_printed_schema_says() -> None:
    printed = CliRunner().invoke(app, ["schema", "verdict"], catch_exceptions=False).stdout
    schema = Draft202012Validator(json.loads(printed))
    document = verdict().model_dump(mode="json")
    assert document["schema_version"] == 2
    assert list(schema.iter_errors(document)) == []
    broken = document | {"inferred": document["inferred"] | {"conclusion": "perhaps"}, "more": 2}
    assert sorted(fault.validator for fault in schema.iter_errors(broken)) == ["additionalProperties", "enum"]

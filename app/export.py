"""Results as rows, CSV and JSON: functions of plain values."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from app.service import Result
from mtaa import api

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FIELDS = (
    "file",
    "conclusion",
    "standing",
    "evidence",
    "adversarial_probability",
    "attack",
    "attack_probability",
    "source_model",
    "source_model_probability",
    "likeliest_attack",
    "likeliest_source_model",
    "hyperparameter",
    "intensity",
    "low",
    "high",
    "unit",
    "is_lower_bound",
    "warnings",
    "refused_because",
    "sha256",
    "checkpoint",
    "weights_sha256",
)


def row(result: Result) -> dict[str, Any]:
    """One result as plain values under some of `FIELDS`; a refused image has its reason."""
    if isinstance(result, api.Refusal):
        return {"file": result.name, "conclusion": "refused", "refused_because": result.reason, "sha256": result.sha256}
    said, strength = result.inferred, result.inferred.hyperparameter
    values: dict[str, Any] = {
        "file": result.observed.name,
        "conclusion": said.conclusion,
        "standing": result.standing,
        "evidence": None if result.attributability is None else result.attributability.answer,
        "warnings": " ".join(result.warnings),
        "sha256": result.observed.sha256,
        "checkpoint": result.checkpoint.name,
        "weights_sha256": result.checkpoint.weights_sha256,
    }
    if not result.names_nobody:
        values |= {
            "adversarial_probability": said.adversarial_probability,
            **_named("attack", said.attack, said.kind),
            **_named("source_model", said.victim, said.source),
        }
    if strength is not None:
        values |= {
            "hyperparameter": strength.symbol,
            "intensity": strength.value,
            "low": strength.low,
            "high": None if strength.saturated else strength.high,
            "unit": strength.unit,
            "is_lower_bound": strength.saturated,
        }
    return values


def _named(what: str, ranking: api.Ranking, support: api.Support | None) -> dict[str, Any]:
    """What a verdict names, as narrowly as it does, with its probability; and the likeliest name, which may be more."""
    title, share = (ranking.title, ranking.probability) if support is None else (support.title, support.probability)
    if support is not None and support.level == "none":
        title = "undecided"
    return {what: title, f"{what}_probability": share, f"likeliest_{what}": ranking.title}


def as_csv(results: list[Result]) -> bytes:
    """All results as CSV."""
    return rows_as_csv(FIELDS, [row(result) for result in results])


def rows_as_csv(fields: Sequence[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """Rows as CSV, in UTF-8 with the mark by which spreadsheets know it.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fields)
    writer.writeheader()
    for values in rows:
        writer.writerow({name: _inert(value) for name, value in values.items()})
    return buffer.getvalue().encode("utf-8-sig")


def as_json(results: list[Result]) -> bytes:
    """The verdicts and refusals in full."""
    documents = [result.model_dump(mode="json") for result in results]
    return (json.dumps(documents, ensure_ascii=False, indent=2) + "\n").encode()


def _inert(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value

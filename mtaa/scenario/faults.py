"""What is wrong with a document that should be a scenario, every fault in a sentence."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from mtaa.scenario import constraints
from mtaa.scenario.record import Scenario


def found(document: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each fault by its dotted path, such as `attacks.0.intensities.stop`; empty where all is well.

    The path of what concerns the scenario as a whole is empty.
    """
    try:
        Scenario.model_validate(document)
    except ValidationError as error:
        return {path(fault): words(fault, fields_at(fault["loc"][:-1])) for fault in reversed(error.errors())}
    return {}


def path(fault: Any) -> str:
    """Where a fault of pydantic is."""
    return ".".join(str(part) for part in fault["loc"])


def words(fault: Any, fields: list[str]) -> str:
    """A fault of pydantic in words; `fields` are the settings there are in its place."""
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(str(fault["loc"][-1]), fields, n=2, cutoff=0.5) or fields
        return f"not a setting; did you mean {' or '.join(near)}?" if near else "not a setting; there is none here"
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    if fault["type"] == "missing":
        return "must be given; compare it with a preset"
    return constraints.said(fault)


def located(where: str, words: str) -> str:
    """A fault in words with the setting that it is at: what is a predicate of it needs no colon."""
    if words.startswith("not a setting"):
        return f"{where} is {words}"
    return f"{where} {words}" if words.startswith("must ") else f"{where}: {words}"


def fields_at(location: tuple[int | str, ...]) -> list[str]:
    """The settings that the record at a dotted path has."""
    record: type[BaseModel] = Scenario
    for part in location:
        if isinstance(part, str) and part in record.model_fields:
            annotation: Any = record.model_fields[part].annotation
            inner = [annotation, *getattr(annotation, "__args__", ())]
            inner += [argument for kind in inner for argument in getattr(kind, "__args__", ())]
            record = next((kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)), record)
    return sorted(record.model_fields)

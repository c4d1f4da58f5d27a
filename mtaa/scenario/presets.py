"""Scenarios by name (the presets beside this file) or by the path of a YAML file."""

from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from mtaa.core.errors import InputError, UnknownNameError
from mtaa.scenario.record import Scenario


def names() -> list[str]:
    """The presets."""
    folder = resources.files("mtaa.scenario") / "presets"
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def load(name_or_path: str) -> Scenario:
    """A preset's name or the path of a YAML file. Raises `InputError` with the dotted path of the first fault."""
    if name_or_path.endswith((".yaml", ".yml")):
        path = Path(name_or_path)
        if not path.is_file():
            raise InputError(f"scenario file must exist, got {name_or_path}; presets are {', '.join(names())}")
        return parse(path.read_text(encoding="utf-8"), origin=path.name)
    if name_or_path not in names():
        raise UnknownNameError("scenario", name_or_path, names())
    text = (resources.files("mtaa.scenario") / "presets" / f"{name_or_path}.yaml").read_text(encoding="utf-8")
    return parse(text, origin=name_or_path)


def parse(text: str, origin: str = "scenario") -> Scenario:
    """A scenario from YAML text. Names of attacks, victims and sources are checked where they are registered."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" at line {place.line + 1}" if place else ""
        raise InputError(f"{origin} must be YAML, got something else{line}; compare it with a preset") from error
    if not isinstance(raw, dict):
        raise InputError(f"{origin} must be a mapping of settings, got {type(raw).__name__}; compare it with a preset")
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise InputError(_sentence(origin, raw, error)) from error


def dump(scenario: Scenario) -> str:
    """The YAML text that `parse` reads back to an equal record."""
    return yaml.safe_dump(scenario.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True)


def _sentence(origin: str, raw: dict[str, Any], error: ValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"]) or "as a whole"
    if fault["type"] == "extra_forbidden":
        fields = _fields_at(fault["loc"][:-1])
        near = get_close_matches(str(fault["loc"][-1]), fields, n=2, cutoff=0.5) or fields
        return f"{origin}: {where} is not a setting; did you mean {' or '.join(near)}?"
    if fault["type"] == "value_error":
        return f"{origin}: {where}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{origin}: {where} must be given; compare it with a preset"
    return f"{origin}: {where}: {fault['msg'][0].lower()}{fault['msg'][1:]}, got {fault['input']!r}"


def _fields_at(location: tuple[int | str, ...]) -> list[str]:
    """The settings that the record at a dotted path has."""
    record: type[BaseModel] = Scenario
    for part in location:
        if isinstance(part, str) and part in record.model_fields:
            annotation: Any = record.model_fields[part].annotation
            inner = [annotation, *getattr(annotation, "__args__", ())]
            inner += [argument for kind in inner for argument in getattr(kind, "__args__", ())]
            record = next((kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)), record)
    return sorted(record.model_fields)

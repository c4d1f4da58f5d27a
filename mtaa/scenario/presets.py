"""Scenarios by name (the presets beside this file), by the path of a YAML file, or of a checkpoint."""

from importlib import resources
from pathlib import Path

import yaml
from pydantic import ValidationError

from mtaa.core import card as cards
from mtaa.core.card import Card
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.scenario import faults
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


def learnt_share(card: Card) -> float:
    """The share of adversarial images among those that a checkpoint was trained on, where it has grown at the last.

    Raises `UnknownNameError` or `InputError`.
    """
    told = card.training.get("adversarial_share")
    return of_checkpoint(card.name).adversarial_share("train") if told is None else float(told)


def of_checkpoint(name: str) -> Scenario:
    """The scenario that a checkpoint was trained on. Raises `UnknownNameError` or `InputError`."""
    path = cards.folder(name) / cards.SCENARIO
    if not path.is_file():
        raise InputError(f"checkpoint {name} must have its scenario, got no {path.name}; start from a preset")
    return parse(path.read_text(encoding="utf-8"), f"{name}/{path.name}")


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
        raise InputError(_sentence(origin, error)) from error


def dump(scenario: Scenario) -> str:
    """The YAML text that `parse` reads back to an equal record."""
    return yaml.safe_dump(scenario.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True)


def _sentence(origin: str, error: ValidationError) -> str:
    fault = error.errors()[0]
    where, words = faults.path(fault) or "as a whole", faults.words(fault, faults.fields_at(fault["loc"][:-1]))
    return f"{origin}: {faults.located(where, words)}"

"""`mtaa list`: the registries and what lies on disk, as a table or as JSON."""

import json as jsonlib
from typing import Any

from rich.console import Console
from rich.table import Table

from mtaa.core import card
from mtaa.core.titles import title


def show(kind: str, as_json: bool) -> None:
    """Print one kind of thing."""
    rows = _ROWS[kind]()
    if as_json:
        print(jsonlib.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table()
    for column in rows[0] if rows else ["nothing yet"]:
        table.add_column(column)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


def _registry(registry: Any) -> list[dict[str, Any]]:
    return [{"name": e.name, "title": e.title, "description": e.description, **e.facts} for e in registry]


def _attacks() -> list[dict[str, Any]]:
    from mtaa.attacks import ATTACKS

    rows = zip(_registry(ATTACKS), ATTACKS, strict=True)
    return [{**row, "unit": entry.value.unit} for row, entry in rows]


def _controls() -> list[dict[str, Any]]:
    from mtaa.images.controls import CONTROLS

    return _registry(CONTROLS)


def _victims() -> list[dict[str, Any]]:
    from mtaa.victims import ARCHITECTURES
    from mtaa.victims.store import own_cards

    brought = [
        {
            "name": card.name,
            "title": title(card.name),
            "description": f"brought for {card.images.source} as {card.architecture}, {card.accuracy:.2%} right",
            "sides": [card.side],
        }
        for card in own_cards()
    ]
    return [*_registry(ARCHITECTURES), *brought]


def _datasets() -> list[dict[str, Any]]:
    from mtaa.images import SOURCES

    return [{"name": e.name, "title": e.title, "description": e.description} for e in SOURCES]


def _backbones() -> list[dict[str, Any]]:
    from mtaa.models.backbones import BACKBONES

    return _registry(BACKBONES)


def _scenarios() -> list[dict[str, Any]]:
    from mtaa import scenario

    found = [scenario.load(name) for name in scenario.names()]
    return [
        {
            "name": s.name,
            "train": s.total("train"),
            "test": s.total("test"),
            "hash": s.hash[:12],
            "description": s.description,
        }
        for s in found
    ]


def _checkpoints() -> list[dict[str, Any]]:
    found = [card.read(name) for name in card.names()]
    return [
        {
            "name": c.name,
            "attacks": c.attacks,
            "victims": c.victims,
            "parameters": c.parameters,
            "sha256": c.weights_sha256[:12],
        }
        for c in found
    ]


def _experiments() -> list[dict[str, Any]]:
    from mtaa.experiments import EXPERIMENTS

    return _registry(EXPERIMENTS)


def _jobs() -> list[dict[str, Any]]:
    from mtaa.jobs import client

    return [
        {
            "id": job.id,
            "state": job.state,
            "stage": job.stage,
            "scenario": job.request.scenario.name,
            "checkpoint": job.request.checkpoint,
            "asked_by": job.request.asked_by,
            "created": job.created.isoformat(timespec="seconds"),
            "error": job.error,
        }
        for job in client.jobs()
    ]


_ROWS = {
    "attacks": _attacks,
    "controls": _controls,
    "victims": _victims,
    "datasets": _datasets,
    "backbones": _backbones,
    "scenarios": _scenarios,
    "checkpoints": _checkpoints,
    "experiments": _experiments,
    "jobs": _jobs,
}

"""`mtaa checkpoint`: which checkpoint is active, and checkpoints as files that leave and arrive."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from mtaa.cli.attributing import JsonOption
from mtaa.core import active, paths
from mtaa.core import card as cards
from mtaa.core.errors import InputError

NameArgument = Annotated[str, typer.Argument(help="A name from: mtaa checkpoint list")]


def show(json: JsonOption = False) -> None:
    """List the checkpoints with their main figures; the active one is marked."""
    current = active.active() if cards.names() else ""
    rows = [_row(name, name == current) for name in cards.names()]
    if json:
        changes = [change.model_dump(mode="json") for change in active.history()]
        print(jsonlib.dumps({"checkpoints": rows, "history": changes}, ensure_ascii=False, indent=2))
        return
    table = Table("", "name", "kind", "attack or clean", "source model", "weights")
    for row in rows:
        shares = ("" if row[part] is None else f"{row[part]:.1%}" for part in ("attack_accuracy", "victim_accuracy"))
        mark = "active" if row["active"] else ""
        table.add_row(mark, row["name"], row["kind"], *shares, row["weights_sha256"][:12])
    Console().print(table)


def activate(name: NameArgument) -> None:
    """Make a checkpoint the one that judges where none is named."""
    active.activate(name)
    _print_active()


def roll_back() -> None:
    """Make the checkpoint active again that was so before."""
    active.roll_back()
    _print_active()


def export(
    name: NameArgument,
    to: Annotated[
        Path | None, typer.Option(help="A new zip, or without that ending a new folder; by default NAME.zip here.")
    ] = None,
) -> None:
    """Write a checkpoint as one file or folder to hand on, its hashes checked."""
    from mtaa.exchange import pack

    print(pack.export(name, to or Path(f"{name}.zip")))


def import_checkpoint(
    source: Annotated[Path, typer.Argument(help="What `mtaa checkpoint export` wrote.")],
    name: Annotated[str | None, typer.Option(help="Another name than its card's.")] = None,
) -> None:
    """Check a zip or a folder against its own card, and take it in. Nothing of it is ever run."""
    from mtaa.exchange import unpack

    if source.is_file():
        with source.open("rb") as file:
            card = unpack.from_zip(file, name)
    else:
        card = unpack.from_folder(source, name)
    print(f"{card.name}: weights {card.weights_sha256[:12]}; make it active with: mtaa checkpoint activate {card.name}")


def delete(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a retrained or imported checkpoint for good."""
    folder = cards.folder(name)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("deleting must be confirmed, got no terminal to ask at; give --yes")
        typer.confirm(f"Delete {folder} for good?", abort=True)
    active.delete(name)
    print(f"{name}: deleted; its record in {paths.results().name}/ stays")


def _print_active() -> None:
    name, before = active.active(), active.earlier()
    print(f"{name} is active" + (f"; before it was {before}: mtaa checkpoint rollback" if before else ""))


def _row(name: str, is_active: bool) -> dict[str, Any]:
    card = cards.read(name)
    overall = card.metrics.get("overall", {})
    values = {
        part: overall.get(figure, {}).get("value")
        for part, figure in (("attack_accuracy", "attack_accuracy"), ("victim_accuracy", "victim_accuracy_adversarial"))
    }
    return {
        "name": name,
        "active": is_active,
        "kind": "bundled" if name in cards.BUNDLED else "added",
        **values,
        "weights_sha256": card.weights_sha256,
        "description": card.description,
    }

"""`mtaa report` and `mtaa cases`: evidence as a file to hand on, what is kept, and whether it is what was put there."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer
from rich.console import Console
from rich.table import Table

from mtaa.cases.records import Query
from mtaa.cli.attributing import CheckpointOption, DeviceOption, JsonOption
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.verdict import Verdict

Kind = Literal["html", "json", "pdf"]
_PAGE = 50


def report(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    images: Annotated[list[Path] | None, typer.Argument(help="Image files; or give --case.")] = None,
    case: Annotated[int | None, typer.Option(help="A case's number, from: mtaa cases list")] = None,
    kind: Annotated[Kind | None, typer.Option("--format", help="By default what the file's name ends in.")] = None,
    title: Annotated[str, typer.Option(help="The title of a report on images.")] = "Report on adversarial images",
    written_at: Annotated[
        str | None, typer.Option(help="A time to print in it; without one, equal evidence gives equal bytes.")
    ] = None,
    checkpoint: CheckpointOption = "mnist",
    device: DeviceOption = "auto",
) -> None:
    """Write a report on images or on a case. Exit code 2 when an image can't be analysed; then nothing is written."""
    from mtaa.cases.report import of_case, of_images, render

    if bool(images) == (case is not None):
        raise InputError(f"a report must be on images or on a case, got {'both' if images else 'neither'}; give one")
    wanted = kind or _kind(out)
    if case is None:
        made = render(*of_images(_judged(images or [], checkpoint, device), title, written_at), wanted)
        _write(out, made)
        return
    from mtaa.cases.store import Store
    from mtaa.core.active import user

    store = Store()
    made = render(*of_case(store, case, written_at=written_at), wanted)
    _write(out, made)
    store.log_report(case, wanted, files.sha256_bytes(made), user())


def show(
    text: Annotated[str, typer.Argument(help="Words of a title, note, name or tag; the start of a SHA-256.")] = "",
    page: Annotated[int, typer.Option(min=1, help=f"{_PAGE} cases a page.")] = 1,
    json: JsonOption = False,
) -> None:
    """List cases, latest change first."""
    from mtaa.cases.store import Store

    found = Store().list_cases(Query(text=text), page, _PAGE)
    if json:
        print(found.model_dump_json(indent=2))
        return
    table = Table("case", "title", "status", "images", "tags", "changed")
    for one in found.cases:
        table.add_row(str(one.number), one.title, one.status, str(one.images), ", ".join(one.tags), one.changed_at)
    Console().print(table)
    print(f"{len(found.cases)} of {found.total} cases")


def verify(json: JsonOption = False) -> None:
    """Check the audit trail, the cases against it, and the bytes of images. Exit code 2 where anything is wrong."""
    from mtaa.cases.store import Store

    found = Store().verify()
    if json:
        print(jsonlib.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        print(f"{found.entries} audit entries, {found.cases} cases, {found.images} images; last entry {found.head}")
        if found.leftovers:
            print(f"{found.leftovers} files belong to no case; remove them: mtaa cases sweep")
    for fault in found.faults:
        print(f"mtaa: {fault}", file=sys.stderr)
    if found.faults:
        raise typer.Exit(2)


def sweep() -> None:
    """Remove files of the evidence store that no case refers to, which a killed process left."""
    from mtaa.cases.store import Store

    print(f"{Store().sweep()} files removed")


def _judged(images: list[Path], checkpoint: str, device: str) -> list[tuple[bytes, Verdict]]:
    from mtaa.attribution import Attributor

    contents = [(path.name, _bytes(path)) for path in images]
    judged = []
    for (name, data), result in zip(contents, Attributor.open(checkpoint, device).attribute(contents), strict=True):
        if not isinstance(result, Verdict):
            raise InputError(f"{name}: {result.reason}")
        judged.append((data, result))
    return judged


def _kind(out: Path) -> Kind:
    kind = out.suffix.removeprefix(".").lower()
    if kind not in {"html", "json", "pdf"}:
        raise InputError(f"format must be html, json or pdf, got {out.name}; name the file so or give --format")
    return cast(Kind, kind)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} must be a readable file, got: {error.strerror}; check the path") from error


def _write(out: Path, made: bytes) -> None:
    try:
        with files.atomic(out) as temporary:
            temporary.write_bytes(made)
    except OSError as error:
        raise InputError(f"{out} must be a file that can be written, got: {error.strerror}; give another") from error
    print(f"{out}: {len(made):,} bytes, SHA-256 {files.sha256_bytes(made)}")

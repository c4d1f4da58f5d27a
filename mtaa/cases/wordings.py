"""Notes and their wordings: the first stands in the note's row, each later one is appended and counts instead."""

from collections import defaultdict
from typing import cast

from sqlmodel import Session, col, select

from mtaa.cases.records import Note, Wording
from mtaa.cases.tables import NoteRow, WordingRow
from mtaa.core import files

Written = tuple[NoteRow, list[WordingRow]]
"""A note and its later wordings, oldest first."""


def written(session: Session, number: int) -> list[Written]:
    """The notes of a case, in the order in which they were first written."""
    later: dict[int, list[WordingRow]] = defaultdict(list)
    for row in session.exec(select(WordingRow).where(WordingRow.case_number == number).order_by(col(WordingRow.id))):
        later[row.note_id].append(row)
    notes = session.exec(select(NoteRow).where(NoteRow.case_number == number).order_by(col(NoteRow.id)))
    return [(first, later[cast(int, first.id)]) for first in notes]


def note(first: NoteRow, later: list[WordingRow]) -> Note:
    """The note as a record."""
    wordings = [
        Wording(text=first.text, at=first.at, by=first.by),
        *(Wording(text=row.text, at=row.at, by=row.by) for row in later),
    ]
    return Note(
        id=cast(int, first.id),
        text=wordings[-1].text,
        sha256=first.sha256,
        at=first.at,
        by=first.by,
        edited_at=later[-1].at if later else None,
        edited_by=later[-1].by if later else None,
        earlier=wordings[:-1],
    )


def digests(first: NoteRow, later: list[WordingRow]) -> list[str]:
    """The digest of each wording, oldest first. A later one covers the one it replaces, and so all before it."""
    found = [files.canonical_hash({"text": first.text, "image": first.sha256})]
    for row in later:
        edit = {"text": row.text, "image": first.sha256, "replaces": found[-1], "at": row.at, "by": row.by}
        found.append(files.canonical_hash(edit))
    return found

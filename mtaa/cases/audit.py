"""The audit trail: entries chained by hash, so that none can be changed or taken out of the middle unseen.

Each entry's SHA-256 covers its canonical JSON, in which the hash of the entry before it stands. Whoever may write to
the database can still recompute the whole chain, or cut off its end: a report carries the hash of an entry, and one
kept elsewhere gives both away.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from mtaa.cases.records import Entry
from mtaa.cases.tables import AuditRow
from mtaa.core import files

GENESIS = "0" * 64
_BATCH = 1000


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: equal values, equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def append(session: Session, at: str, actor: str, action: str, case: int | None, details: dict[str, Any]) -> AuditRow:
    """Add an entry to the end of the chain, within the writer's transaction."""
    last = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc()).limit(1)).first()
    row = AuditRow(
        sequence=1 if last is None else last.sequence + 1,
        at=at,
        actor=actor,
        action=action,
        case_number=case,
        details=canonical(details),
        previous=GENESIS if last is None else last.sha256,
        sha256="",
    )
    row.sha256 = digest(row)
    session.add(row)
    session.flush()
    return row


def digest(row: AuditRow) -> str:
    """What the entry's `sha256` must be."""
    return files.sha256_bytes(
        canonical(
            {
                "sequence": row.sequence,
                "at": row.at,
                "actor": row.actor,
                "action": row.action,
                "case": row.case_number,
                "details": row.details,
                "previous": row.previous,
            }
        ).encode()
    )


def entry(row: AuditRow) -> Entry:
    """The entry as a record."""
    return Entry(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        case=row.case_number,
        details=parsed(row.details),
        previous=row.previous,
        sha256=row.sha256,
    )


def parsed(details: str) -> dict[str, Any]:
    """The details of an entry. What somebody broke stands as it is, for the verification to name."""
    try:
        found = json.loads(details)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"unreadable": details}


def of_case(session: Session, number: int) -> list[Entry]:
    """All entries of one case, oldest first."""
    rows = session.exec(select(AuditRow).where(AuditRow.case_number == number).order_by(col(AuditRow.sequence)))
    return [entry(row) for row in rows]


def head(session: Session) -> tuple[int, str]:
    """How many entries there are, and the hash of the last."""
    count = session.exec(select(func.count()).select_from(AuditRow)).one()
    last = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc()).limit(1)).first()
    return count, GENESIS if last is None else last.sha256


def fault(session: Session) -> str | None:
    """The first entry at which the chain is broken, in a sentence; None where it is whole."""
    expected, previous = 1, GENESIS
    for row in _all(session):
        if row.sequence != expected:
            return f"Audit entry {expected} is missing: entry {row.sequence} follows entry {expected - 1}."
        if row.previous != previous:
            return f"Audit entry {row.sequence} is broken: it does not follow from entry {row.sequence - 1}."
        if digest(row) != row.sha256:
            return f"Audit entry {row.sequence} is broken: it was changed after it was written."
        expected, previous = expected + 1, row.sha256
    return None


def _all(session: Session) -> Iterator[AuditRow]:
    """All entries in order, a batch in memory at a time."""
    batch = select(AuditRow).order_by(col(AuditRow.sequence)).limit(_BATCH)
    rows = session.exec(batch).all()
    while rows:
        yield from rows
        after = rows[-1].sequence
        session.expunge_all()
        rows = session.exec(batch.where(AuditRow.sequence > after)).all()

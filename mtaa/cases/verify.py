"""Whether the evidence is what was put there: the chain, the cases against it, the bytes against their names."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, col, select

from mtaa.cases import audit, contents, wordings
from mtaa.cases.blobs import Blobs
from mtaa.cases.database import Database
from mtaa.cases.records import Check
from mtaa.cases.tables import AssessmentRow, AuditRow, BlobRow, CaseRow, ImageRow, VerdictRow
from mtaa.core import files

Trace = tuple[str, ...]
_UNSOUND = "Bytes of image {} are missing or changed."
_NAMES = {"verdict": "a verdict on image", "note": "a note", "assessment": "the analyst's verdict on image"}


def verify(database: Database, blobs: Blobs) -> Check:
    """Check everything, one case in memory at a time, in one state of the store."""
    with database.reading() as session:
        entries, head = audit.head(session)
        broken = audit.fault(session)
        faults = [] if broken is None else [broken]
        present = set(session.exec(select(CaseRow.number)))
        told = set(session.exec(select(AuditRow.case_number).distinct()))
        for number in sorted(number for number in present | told if number is not None):
            faults += _case_faults(session, number, number in present)
        known, held = set(session.exec(select(BlobRow.sha256))), _held(session)
    unsound = [sha256 for sha256 in sorted(held) if not blobs.is_sound(sha256)]
    with database.reading() as session:  # what was deleted meanwhile is no fault
        unsound = [sha256 for sha256 in unsound if sha256 in _held(session)]
    return Check(
        entries=entries,
        cases=len(present),
        images=len(held),
        head=head,
        faults=faults + [_UNSOUND.format(sha256[:12]) for sha256 in unsound],
        leftovers=sum(1 for _ in blobs.strays(known)),
    )


def verify_case(database: Database, blobs: Blobs, number: int) -> list[str]:
    """What is wrong with the chain of audit entries, with one case, and with the bytes of its images."""
    with database.reading() as session:
        broken = audit.fault(session)
        faults = [] if broken is None else [broken]
        faults += _case_faults(session, number, session.get(CaseRow, number) is not None)
        images = [image.sha256 for image in contents.rows_of(session, ImageRow, number)]
    return faults + [_UNSOUND.format(sha256[:12]) for sha256 in images if not blobs.is_sound(sha256)]


def _held(session: Session) -> set[str]:
    return set(session.exec(select(ImageRow.sha256).distinct()))


def _case_faults(session: Session, number: int, is_present: bool) -> Iterator[str]:
    rows = session.exec(
        select(AuditRow.action, AuditRow.details).where(AuditRow.case_number == number).order_by(col(AuditRow.sequence))
    )
    expected = trail(rows)
    if expected is None or not is_present:
        if expected is None and is_present:
            yield f"Case {number} is there, but the audit trail knows it as deleted or not at all."
        if expected is not None:
            yield f"Case {number} is gone, but no audit entry says that it was deleted."
        return
    found = traces(session, number)
    for trace in sorted(expected - found):
        yield f"Case {number}: {_words(trace)} is missing or was changed."
    for trace in sorted(found - expected):
        yield f"Case {number}: {_words(trace)} is not what the audit trail says."


def traces(session: Session, number: int) -> Counter[Trace]:
    """What the tables hold of a case, in the form in which `trail` tells what they must hold."""
    row = contents.case_row(session, number)
    found: Counter[Trace] = Counter([("title", row.title), ("status", row.status)])
    found.update(("tag", tag) for tag in contents.tags_of(session, number))
    found.update(("image", image.sha256, image.name) for image in contents.rows_of(session, ImageRow, number))
    for kept in contents.rows_of(session, VerdictRow, number):
        found["verdict", kept.sha256, _digest(kept.document)] += 1
    for first, later in wordings.written(session, number):
        found.update(("note", first.sha256 or "", digest) for digest in wordings.digests(first, later))
    for said in contents.rows_of(session, AssessmentRow, number):
        found["assessment", said.sha256, contents.of_assessment(said)] += 1
    return found


def _digest(document: str) -> str:
    try:
        return files.canonical_hash(json.loads(document))
    except ValueError:
        return "unreadable"


def trail(entries: Iterable[tuple[str, str]]) -> Counter[Trace] | None:
    """What the audit entries of one case, (action, details) in order, say that the tables hold; None once deleted.

    None as well where there are no entries at all.
    """
    expected: Counter[Trace] | None = None
    for action, written in entries:
        details = audit.parsed(written)
        image = str(details.get("image") or "")
        if action == "case opened":
            expected = Counter((name, str(details.get(name))) for name in ("title", "status"))
        elif action == "case deleted" or expected is None:
            expected = None
        elif action in {"title changed", "status changed"}:
            name = action.split()[0]
            expected = Counter(one for one in expected.elements() if one[0] != name)
            expected[name, str(details.get(name))] += 1
        elif action == "tagged":
            expected["tag", str(details.get("tag"))] += 1
        elif action == "tag removed":
            expected["tag", str(details.get("tag"))] -= 1
        elif action == "image added":
            expected["image", image, str(details.get("name"))] += 1
        elif action == "image removed":
            expected = Counter(one for one in expected.elements() if len(one) < 3 or one[1] != image)
        elif action == "note deleted":
            expected.subtract(("note", image, str(digest)) for digest in _listed(details.get("digests")))
        elif "digest" in details:
            expected[action.split()[0], image, str(details["digest"])] += 1
    return expected


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(trace: Trace) -> str:
    kind, *rest = trace
    if kind == "image":
        return f"image {rest[0][:12]}"
    if kind in _NAMES:
        return f"{_NAMES[kind]} {rest[0][:12]}".rstrip()
    return f"{kind} “{rest[0]}”"

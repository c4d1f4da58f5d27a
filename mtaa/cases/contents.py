"""A case as the tables hold it, and the digests by which the audit trail vouches for each part."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError
from sqlmodel import Session, col, select

from mtaa.cases import wordings
from mtaa.cases.records import Assessment, Case, Conclusion, Exhibit, Kept, Status
from mtaa.cases.tables import AssessmentRow, BlobRow, CaseRow, ImageRow, TagRow, VerdictRow
from mtaa.core import files
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.verdict import Verdict


def case_row(session: Session, number: int) -> CaseRow:
    """The row of a case. Raises `InputError` where there is none."""
    row = session.get(CaseRow, number)
    if row is None:
        raise InputError(f"case must exist, got number {number}; it was deleted or never opened, see the list of cases")
    return row


def rows_of(session: Session, table: type[Any], number: int) -> Sequence[Any]:
    """What belongs to a case, oldest first."""
    return session.exec(select(table).where(table.case_number == number).order_by(table.id)).all()


def tags_of(session: Session, number: int) -> list[str]:
    """The tags of a case, in alphabetical order."""
    return sorted(session.exec(select(TagRow.tag).where(TagRow.case_number == number)))


def read(session: Session, number: int) -> Case:
    """The case in full. Raises `InputError` where there is none."""
    row = case_row(session, number)
    verdicts, assessments = defaultdict(list), defaultdict(list)
    for kept in rows_of(session, VerdictRow, number):
        verdicts[kept.sha256].append(_kept(kept))
    for said in rows_of(session, AssessmentRow, number):
        assessments[said.sha256].append(_assessment(said))
    sizes = _sizes(session, number)
    images = [
        Exhibit(
            sha256=image.sha256,
            name=image.name,
            bytes=sizes[image.sha256],
            at=image.at,
            by=image.by,
            verdicts=verdicts[image.sha256],
            assessments=assessments[image.sha256],
        )
        for image in rows_of(session, ImageRow, number)
    ]
    return Case(
        number=number,
        title=row.title,
        status=cast(Status, row.status),
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        changed_at=row.changed_at,
        tags=tags_of(session, number),
        images=images,
        notes=[wordings.note(first, later) for first, later in wordings.written(session, number)],
    )


def of_verdict(verdict: Verdict) -> tuple[str, str]:
    """JSON of a verdict, rankings in their order, and the SHA-256 of its canonical form."""
    document = verdict.model_dump(mode="json")
    return json.dumps(document, ensure_ascii=False), files.canonical_hash(document)


def of_assessment(row: AssessmentRow) -> str:
    """The digest of an analyst's verdict."""
    return files.canonical_hash({"image": row.sha256, "conclusion": row.conclusion, "words": row.words})


def verdict_of(row: VerdictRow) -> Verdict:
    """The verdict of a row. Raises `IntegrityError` where it can't be read."""
    try:
        return Verdict.model_validate_json(row.document)
    except ValidationError as error:
        raise IntegrityError(
            f"verdict {row.id} of case {row.case_number} can't be read by this version; restore a backup or update mtaa"
        ) from error


def _kept(row: VerdictRow) -> Kept:
    return Kept(verdict=verdict_of(row), digest=row.digest, at=row.at, by=row.by)


def _assessment(row: AssessmentRow) -> Assessment:
    return Assessment(
        conclusion=cast(Conclusion, row.conclusion), words=row.words, sha256=row.sha256, at=row.at, by=row.by
    )


def _sizes(session: Session, number: int) -> dict[str, int]:
    """Bytes of each image of a case, by hash."""
    found = session.exec(
        select(BlobRow.sha256, BlobRow.bytes)
        .join(ImageRow, col(ImageRow.sha256) == col(BlobRow.sha256))
        .where(ImageRow.case_number == number)
    )
    return {sha256: size for sha256, size in found}

"""Finding cases: a page at a time, whatever the store holds."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, func, or_, select

from mtaa.cases import contents
from mtaa.cases.records import CONCLUSIONS, Choices, Conclusion, Listing, Preview, Query, Status, Summary
from mtaa.cases.tables import AssessmentRow, CaseRow, ImageRow, NoteRow, TagRow, VerdictRow, WordingRow
from mtaa.core.errors import InputError

PREVIEWS = 4
SHORTEST_PREFIX = 8
_HASH = re.compile(r"[0-9a-f]{4,64}")


def listing(session: Session, query: Query, page: int, size: int) -> Listing:
    """Page `page`, counted from 1, of what `query` finds, latest change first."""
    where = conditions(query)
    total = session.exec(select(func.count()).select_from(CaseRow).where(*where)).one()
    rows = session.exec(
        select(CaseRow)
        .where(*where)
        .order_by(col(CaseRow.changed_at).desc(), col(CaseRow.number).desc())
        .offset((max(1, page) - 1) * size)
        .limit(size)
    ).all()
    return Listing(cases=_summaries(session, rows), total=total)


def conditions(query: Query) -> list[ColumnElement[bool]]:
    """What a row of `cases` must fulfil."""
    found = [_has_word(word) for word in query.text.lower().split()]
    if query.status is not None:
        found.append(col(CaseRow.status) == query.status)
    if query.tag is not None:
        found.append(_has(TagRow, col(TagRow.tag) == query.tag))
    if query.attack is not None:
        found.append(_has(VerdictRow, col(VerdictRow.attack) == query.attack))
    if query.victim is not None:
        found.append(_has(VerdictRow, col(VerdictRow.victim) == query.victim))
    return found


def titles(session: Session, size: int) -> dict[int, str]:
    """Numbers and titles of the cases changed last that are not closed."""
    rows = session.exec(
        select(CaseRow.number, CaseRow.title)
        .where(CaseRow.status != "closed")
        .order_by(col(CaseRow.changed_at).desc(), col(CaseRow.number).desc())
        .limit(size)
    )
    return {cast(int, number): title for number, title in rows}


def choices(session: Session) -> Choices:
    """Tags in use, attacks and victims named."""

    def distinct(column: Any) -> list[str]:
        return sorted(filter(None, session.exec(select(column).distinct())))  # a verdict may name nobody

    return Choices(tags=distinct(TagRow.tag), attacks=distinct(VerdictRow.attack), victims=distinct(VerdictRow.victim))


def holding(session: Session, prefix: str) -> list[tuple[int, str]]:
    """(case, SHA-256) of images whose hash begins with `prefix`. Raises `InputError` on what is no such prefix."""
    wanted = prefix.strip().lower()
    if not _HASH.fullmatch(wanted) or len(wanted) < SHORTEST_PREFIX:
        raise InputError(
            f"image must be named by {SHORTEST_PREFIX} to 64 hex digits of its SHA-256, got {prefix[:80]!r}; "
            "copy them anew"
        )
    where = col(ImageRow.sha256).startswith(wanted)
    rows = session.exec(select(ImageRow.case_number, ImageRow.sha256).where(where).order_by(col(ImageRow.id)))
    return [(number, sha256) for number, sha256 in rows]


def _has(table: type[Any], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(table.case_number) == col(CaseRow.number), *where)


def _replaced() -> ColumnElement[bool]:
    """Whether a wording is followed by another."""
    later = aliased(WordingRow)
    return exists().where(col(later.note_id) == col(WordingRow.note_id), col(later.id) > col(WordingRow.id))


def _has_word(word: str) -> ColumnElement[bool]:
    def within(column: Any) -> ColumnElement[bool]:
        return func.lower(column).contains(word, autoescape=True)

    places = [
        within(CaseRow.title),
        _has(TagRow, within(TagRow.tag)),
        _has(NoteRow, within(NoteRow.text), ~exists().where(col(WordingRow.note_id) == col(NoteRow.id))),
        _has(WordingRow, within(WordingRow.text), ~_replaced()),
        _has(AssessmentRow, within(AssessmentRow.words)),
        _has(ImageRow, within(ImageRow.name)),
    ]
    if _HASH.fullmatch(word):
        places.append(_has(ImageRow, col(ImageRow.sha256).startswith(word)))
    return or_(*places)


def _summaries(session: Session, rows: Sequence[CaseRow]) -> list[Summary]:
    numbers = [cast(int, row.number) for row in rows]
    tags, counts = defaultdict(list), dict.fromkeys(numbers, 0)
    for tag in session.exec(select(TagRow).where(col(TagRow.case_number).in_(numbers)).order_by(TagRow.tag)):
        tags[tag.case_number].append(tag.tag)
    counted = (
        select(ImageRow.case_number, func.count())
        .where(col(ImageRow.case_number).in_(numbers))
        .group_by(col(ImageRow.case_number))
    )
    counts.update({number: count for number, count in session.exec(counted)})
    conclusions = _conclusions(session, numbers)
    return [
        Summary(
            number=number,
            title=row.title,
            status=cast(Status, row.status),
            changed_at=row.changed_at,
            tags=tags[number],
            images=counts[number],
            conclusions=conclusions[number],
            previews=_previews(session, number),
        )
        for number, row in zip(numbers, rows, strict=True)
    ]


def _conclusions(session: Session, numbers: Sequence[int]) -> dict[int, dict[Conclusion, int]]:
    """Of each case how many images are what, in the order of `CONCLUSIONS`; what there are none of is left out."""
    newest = (
        select(func.max(VerdictRow.id))
        .where(col(VerdictRow.case_number).in_(numbers))
        .group_by(col(VerdictRow.case_number), col(VerdictRow.sha256))
    )
    counts: dict[int, Counter[Conclusion]] = {number: Counter() for number in numbers}
    for row in session.exec(select(VerdictRow).where(col(VerdictRow.id).in_(newest))):
        counts[row.case_number][contents.verdict_of(row).inferred.conclusion] += 1
    return {number: {one: found[one] for one in CONCLUSIONS if found[one]} for number, found in counts.items()}


def _previews(session: Session, number: int) -> list[Preview]:
    images = select(ImageRow).where(ImageRow.case_number == number).order_by(col(ImageRow.id)).limit(PREVIEWS)
    found = []
    for image in session.exec(images):
        newest = (
            select(VerdictRow)
            .where(VerdictRow.case_number == number, VerdictRow.sha256 == image.sha256)
            .order_by(col(VerdictRow.id).desc())
            .limit(1)
        )
        verdict = contents.verdict_of(session.exec(newest).one())
        found.append(
            Preview(
                sha256=image.sha256,
                name=image.name,
                sentence=verdict.inferred.sentence,
                channels=verdict.derived.channels,
                side=verdict.observed.width,
            )
        )
    return found

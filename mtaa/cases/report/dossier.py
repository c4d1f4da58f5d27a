"""What a report says, as one record; HTML, PDF and JSON are three forms of it."""

from mtaa.cases.records import Assessment, Entry, Note
from mtaa.core.card import Card
from mtaa.core.verdict import Record, Verdict

SCHEMA_VERSION = 2  # notes say whether they were edited


class Finding(Record):
    """A verdict, the SHA-256 of its canonical JSON, and when and for whom it was recorded, if it was."""

    verdict: Verdict
    digest: str
    at: str | None = None
    by: str | None = None


class Piece(Record):
    """One image. `is_sound`: its bytes, hashed again for this report, have the hash they are known by."""

    sha256: str
    name: str
    bytes: int
    is_sound: bool
    at: str | None = None
    by: str | None = None
    findings: list[Finding]
    assessments: list[Assessment]
    notes: list[Note]


class Model(Record):
    """A checkpoint that spoke. `card` is None where these weights are not installed here any longer."""

    name: str
    weights_sha256: str
    card: Card | None


class Head(Record):
    """The case that the images belong to."""

    number: int
    status: str
    opened_at: str
    opened_by: str
    tags: list[str]


class Dossier(Record):
    """The whole. `trail` leaves out entries about reports, so that one report does not change the next.

    `faults` is what a check of the audit trail, the case and its images found; None where there is no case.
    """

    schema_version: int = SCHEMA_VERSION
    title: str
    written_at: str | None
    code_version: str
    case: Head | None
    images: list[Piece]
    notes: list[Note]
    models: list[Model]
    limits: list[str]
    trail: list[Entry]
    faults: list[str] | None

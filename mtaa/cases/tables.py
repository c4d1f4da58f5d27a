"""The tables of the evidence store. Verdicts, notes, wordings, assessments and audit entries are only ever appended."""

from sqlalchemy import Index
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

SCHEMA_VERSION = 2  # 1 had no wordings


class Base(SQLModel, registry=registry()):
    """Tables of their own, whatever else this process or this database holds."""


class StoreRow(Base, table=True):
    """One row: the schema that the tables have."""

    __tablename__ = "case_store"

    id: int = Field(primary_key=True)
    schema_version: int


class CaseRow(Base, table=True):
    """Numbers are never used twice, since the audit trail goes on naming a deleted case."""

    __tablename__ = "cases"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    title: str
    status: str = Field(index=True)
    opened_at: str
    opened_by: str
    changed_at: str = Field(index=True)


class BlobRow(Base, table=True):
    """The bytes of one image, which lie in a file under their hash. A row that no case refers to is to be erased."""

    __tablename__ = "case_blobs"

    sha256: str = Field(primary_key=True)
    bytes: int


class ImageRow(Base, table=True):
    """An image in a case. Only added and removed."""

    __tablename__ = "case_images"
    __table_args__ = (Index("case_images_once", "case_number", "sha256", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="cases.number")
    sha256: str = Field(foreign_key="case_blobs.sha256", index=True)
    name: str
    at: str
    by: str


class VerdictRow(Base, table=True):
    """`document` is the verdict's JSON, `digest` the SHA-256 of its canonical form; other columns are for searching."""

    __tablename__ = "case_verdicts"

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="cases.number", index=True)
    sha256: str
    attack: str = Field(index=True)
    victim: str = Field(index=True)
    document: str
    digest: str
    at: str
    by: str


class NoteRow(Base, table=True):
    """A note on a case, or on one of its images."""

    __tablename__ = "case_notes"

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="cases.number", index=True)
    sha256: str | None
    text: str
    at: str
    by: str


class WordingRow(Base, table=True):
    """A later wording of a note, which counts instead of those before it."""

    __tablename__ = "case_wordings"

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="cases.number", index=True)
    note_id: int = Field(foreign_key="case_notes.id", index=True)
    text: str
    at: str
    by: str


class AssessmentRow(Base, table=True):
    """What the analyst concludes of an image."""

    __tablename__ = "case_assessments"

    id: int | None = Field(default=None, primary_key=True)
    case_number: int = Field(foreign_key="cases.number", index=True)
    sha256: str
    conclusion: str
    words: str
    at: str
    by: str


class TagRow(Base, table=True):
    """A tag on a case."""

    __tablename__ = "case_tags"

    case_number: int = Field(foreign_key="cases.number", primary_key=True)
    tag: str = Field(primary_key=True, index=True)


class AuditRow(Base, table=True):
    """An entry of the audit trail. `details` is canonical JSON."""

    __tablename__ = "case_audit"

    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str
    actor: str
    action: str
    case_number: int | None = Field(index=True)
    details: str
    previous: str
    sha256: str


# Tables whose rows are never changed, each with its key.
APPENDED = {
    "case_audit": "sequence",
    "case_verdicts": "id",
    "case_notes": "id",
    "case_wordings": "id",
    "case_assessments": "id",
}

"""Cases: evidence that is kept. Free of the database until the store is opened."""

import importlib.util
import os
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from mtaa.cases.records import (
    CONCLUSIONS,
    LOCAL,
    STATUSES,
    Case,
    Check,
    Choices,
    Entry,
    Exhibit,
    Kept,
    Listing,
    Note,
    Preview,
    Query,
    Status,
    Summary,
    Wording,
)
from mtaa.cases.words import details
from mtaa.core import files, paths
from mtaa.images import intake

if TYPE_CHECKING:
    from mtaa.cases.store import Store

ReportKind = Literal["html", "json", "pdf"]
REPORT_KINDS: tuple[ReportKind, ...] = get_args(ReportKind)

__all__ = [
    "CONCLUSIONS",
    "LOCAL",
    "REPORT_KINDS",
    "STATUSES",
    "Case",
    "Check",
    "Choices",
    "Entry",
    "Exhibit",
    "Kept",
    "Listing",
    "Note",
    "Preview",
    "Query",
    "ReportKind",
    "Status",
    "Store",
    "Summary",
    "Wording",
    "can_write_pdf",
    "details",
    "open_store",
    "pixels",
    "place",
    "report",
]


def place() -> tuple[str, str]:
    """Where the evidence lies: the folder, and the database's URL where one is given. For telling stores apart."""
    return str(paths.home() / "cases"), os.environ.get("MTAA_DATABASE_URL", "")


def open_store() -> "Store":
    """The evidence store. Raises `InputError`, `IntegrityError` or `StoreUnavailable`."""
    from mtaa.cases.store import Store

    return Store()


def pixels(data: bytes, channels: int, side: int) -> np.ndarray:
    """Pixels uint8 (C, side, side) of an image as it was judged. Raises `InputError`."""
    return intake.read(data, "", channels, side).pixels


def can_write_pdf() -> bool:
    """Whether the package for PDF is installed."""
    return importlib.util.find_spec("weasyprint") is not None


def report(store: "Store", number: int, kind: ReportKind, sha256: str | None = None, actor: str = LOCAL) -> bytes:
    """The report of a case, or of one of its images, which is noted in the audit trail. Raises `InputError`."""
    from mtaa.cases.report import of_case, render

    made = render(*of_case(store, number, sha256), kind)
    store.log_report(number, kind, files.sha256_bytes(made), actor)
    return made

"""From a case, or from images that were judged, to a dossier and its pictures; every hash is computed anew."""

from collections.abc import Iterable, Sequence

from mtaa import __version__
from mtaa.cases import contents
from mtaa.cases.change import Finding as Judged
from mtaa.cases.records import Case, Exhibit
from mtaa.cases.report.dossier import Dossier, Finding, Head, Model, Piece
from mtaa.cases.report.limits import limits
from mtaa.cases.store import Store
from mtaa.core import card as cards
from mtaa.core import files
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError, MtaaError
from mtaa.core.verdict import Verdict
from mtaa.images import intake
from mtaa.images.containers import as_png

Pictures = dict[str, bytes]


def of_case(
    store: Store, number: int, sha256: str | None = None, written_at: str | None = None
) -> tuple[Dossier, Pictures]:
    """The dossier of a case, or of one of its images, with PNG pictures by hash. Raises `InputError`."""
    case = store.case(number)
    exhibits = [image for image in case.images if sha256 in (None, image.sha256)]
    if sha256 is not None and not exhibits:
        raise InputError(f"image must be in case {number}, got {sha256[:12]}; it may have been removed meanwhile")
    pieces, pictures = [], {}
    for exhibit in exhibits:
        data = _bytes(store, exhibit.sha256)
        pieces.append(_piece(exhibit, case, data is not None))
        if data is not None and exhibit.verdicts:
            pictures[exhibit.sha256] = picture(data, exhibit.verdicts[-1].verdict)
    models = _models(pieces)
    trail = [entry for entry in store.trail(number) if entry.action != "report written"]
    if sha256 is not None:
        trail = [entry for entry in trail if entry.details.get("image") in (None, sha256)]
    dossier = Dossier(
        title=case.title,
        written_at=written_at,
        code_version=__version__,
        case=Head(
            number=number, status=case.status, opened_at=case.opened_at, opened_by=case.opened_by, tags=case.tags
        ),
        images=pieces,
        notes=[note for note in case.notes if note.sha256 is None],
        models=models,
        limits=limits([model.card for model in models if model.card is not None]),
        trail=trail,
        faults=store.check_case(number),
    )
    return dossier, pictures


def of_images(judged: Sequence[Judged], title: str, written_at: str | None = None) -> tuple[Dossier, Pictures]:
    """The dossier of images outside any case, each with its verdict, and PNG pictures by hash."""
    pieces, pictures = [], {}
    for data, verdict in judged:
        seen = verdict.observed
        finding = Finding(verdict=verdict, digest=contents.of_verdict(verdict)[1])
        is_sound = files.sha256_bytes(data) == seen.sha256
        pieces.append(
            Piece(
                sha256=seen.sha256,
                name=seen.name,
                bytes=len(data),
                is_sound=is_sound,
                findings=[finding],
                assessments=[],
                notes=[],
            )
        )
        if is_sound:
            pictures[seen.sha256] = picture(data, verdict)
    models = _models(pieces)
    dossier = Dossier(
        title=title,
        written_at=written_at,
        code_version=__version__,
        case=None,
        images=pieces,
        notes=[],
        models=models,
        limits=limits([model.card for model in models if model.card is not None]),
        trail=[],
        faults=None,
    )
    return dossier, pictures


def picture(data: bytes, verdict: Verdict) -> bytes:
    """The pixels as they were judged, as PNG at true size."""
    return as_png(intake.read(data, "", verdict.derived.channels, verdict.observed.width).pixels)


def _bytes(store: Store, sha256: str) -> bytes | None:
    try:
        return store.image(sha256)
    except IntegrityError:
        return None  # the report says so, at the image and among the faults


def _piece(exhibit: Exhibit, case: Case, is_sound: bool) -> Piece:
    return Piece(
        sha256=exhibit.sha256,
        name=exhibit.name,
        bytes=exhibit.bytes,
        is_sound=is_sound,
        at=exhibit.at,
        by=exhibit.by,
        findings=[Finding(**dict(kept)) for kept in exhibit.verdicts],
        assessments=exhibit.assessments,
        notes=[note for note in case.notes if note.sha256 == exhibit.sha256],
    )


def _models(pieces: Iterable[Piece]) -> list[Model]:
    """The checkpoints that spoke, in the order they are met."""
    marks = [finding.verdict.checkpoint for piece in pieces for finding in piece.findings]
    spoke = dict.fromkeys((mark.name, mark.weights_sha256) for mark in marks)
    return [Model(name=name, weights_sha256=digest, card=_card(name, digest)) for name, digest in spoke]


def _card(name: str, weights_sha256: str) -> Card | None:
    try:
        card = cards.read(name)
    except MtaaError:
        return None
    return card if card.weights_sha256 == weights_sha256 else None

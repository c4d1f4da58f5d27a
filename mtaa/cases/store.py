"""`Store`: cases kept on this machine. Every change stands in the audit trail, in the same transaction."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import col, select

from mtaa.cases import audit, contents, search, words
from mtaa.cases.blobs import Blobs
from mtaa.cases.change import Change, Finding
from mtaa.cases.database import Database
from mtaa.cases.records import CONCLUSIONS, LOCAL, STATUSES, Case, Check, Choices, Entry, Erased, Listing, Query
from mtaa.cases.tables import BlobRow, CaseRow, ImageRow
from mtaa.cases.verify import verify, verify_case
from mtaa.core import paths
from mtaa.core.errors import InputError

PAGE = 20


def now() -> str:
    """The time as records hold it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Store:
    """Cases, images by content, verdicts, notes, and who did what when. May be shared between threads.

    Each method that changes something takes the `actor` it is done for.
    """

    def __init__(self, folder: Path | None = None, url: str | None = None, clock: Callable[[], str] = now):
        """`folder` is `cases` under `MTAA_HOME` by default; it always holds the bytes of images, and the database too
        unless `url` or `MTAA_DATABASE_URL` names another.

        Raises `InputError`, `IntegrityError` or `StoreUnavailable`.
        """
        place = folder or paths.home() / "cases"
        self._blobs, self._clock = Blobs(place / "images"), clock
        self._database = Database(place, url)
        self._erase_unused()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def open_case(self, title: str, findings: Iterable[Finding] = (), actor: str = LOCAL) -> int:
        """Open a case, with images and verdicts at once where there are some, and return its number."""
        wanted, at = words.title(title), self._clock()
        with self._database.writing() as session:
            row = CaseRow(title=wanted, status=STATUSES[0], opened_at=at, opened_by=actor, changed_at=at)
            session.add(row)
            session.flush()
            change = Change(session, row, actor, at)
            change.log("case opened", title=wanted, status=row.status)
            change.add(findings, self._blobs)
            return change.number

    def add(self, number: int, findings: Iterable[Finding], actor: str = LOCAL) -> int:
        """Add images with their verdicts to a case, and return how many verdicts are new in it.

        An image that the case has keeps its name and gets the verdict beside its earlier ones; the same verdict is
        kept once. Raises `InputError` where bytes are not those that a verdict speaks of; then none is added.
        """
        with self._changing(number, actor) as change:
            return change.add(findings, self._blobs)

    def note(self, number: int, text: str, sha256: str | None = None, actor: str = LOCAL) -> int:
        """Write a note on a case or on one of its images, and return its id."""
        kept = words.prose(text, "note")
        with self._changing(number, actor) as change:
            return change.note(kept, sha256)

    def edit_note(self, number: int, note: int, text: str, seen: int, actor: str = LOCAL) -> int:
        """Give a note, of which the editor saw `seen` wordings, another one, and return how many it has now.

        Raises `InputError` where it was edited or deleted meanwhile.
        """
        kept = words.prose(text, "note")
        with self._changing(number, actor) as change:
            return change.edit_note(note, kept, seen)

    def delete_note(self, number: int, note: int, seen: int, actor: str = LOCAL) -> int:
        """Delete a note with all its wordings, and return how many it had; the trail keeps a digest of each.

        Raises `InputError` where it was edited or deleted meanwhile.
        """
        with self._changing(number, actor) as change:
            return change.delete_note(note, seen)

    def assess(self, number: int, sha256: str, conclusion: str, reason: str = "", actor: str = LOCAL) -> None:
        """Record the analyst's own verdict on an image; earlier ones are kept."""
        if conclusion not in CONCLUSIONS:
            raise InputError(f"analyst's verdict must be one of {', '.join(CONCLUSIONS)}, got {conclusion!r}")
        kept = words.prose(reason, "reason") if reason.strip() else ""
        with self._changing(number, actor) as change:
            change.assess(sha256, conclusion, kept)

    def rename(self, number: int, title: str, actor: str = LOCAL) -> None:
        """Give a case another title."""
        wanted = words.title(title)
        with self._changing(number, actor) as change:
            if change.row.title != wanted:
                change.log("title changed", title=wanted, before=change.row.title)
                change.row.title = wanted

    def set_status(self, number: int, status: str, actor: str = LOCAL) -> None:
        """Set where work on a case stands."""
        if status not in STATUSES:
            raise InputError(f"status must be one of {', '.join(STATUSES)}, got {status!r}")
        with self._changing(number, actor) as change:
            if change.row.status != status:
                change.log("status changed", status=status, before=change.row.status)
                change.row.status = status

    def set_tags(self, number: int, tags: Iterable[str], actor: str = LOCAL) -> None:
        """Give a case exactly these tags."""
        wanted = {words.tag(tag) for tag in tags}
        with self._changing(number, actor) as change:
            change.set_tags(wanted)

    def remove_image(self, number: int, sha256: str, actor: str = LOCAL) -> Erased:
        """Take an image out of a case, with all that was said of it; its bytes go where no other case holds it."""
        with self._changing(number, actor) as change:
            change.remove_image(sha256)
        return Erased(images=1, bytes_erased=self._erase_unused())

    def delete_case(self, number: int, actor: str = LOCAL) -> Erased:
        """Delete a case for good. Its audit entries stay, and one more says who deleted it and what it held."""
        with self._changing(number, actor) as change:
            images = change.delete()
        return Erased(images=len(images), bytes_erased=self._erase_unused())

    def log_report(self, number: int, kind: str, sha256: str, actor: str = LOCAL) -> None:
        """Say in the audit trail that a report of a case was written. It does not count as a change of the case."""
        with self._database.writing() as session:
            contents.case_row(session, number)
            audit.append(session, self._clock(), actor, "report written", number, {"format": kind, "report": sha256})

    def has(self, number: int) -> bool:
        """Whether there is a case of this number."""
        with self._database.reading() as session:
            return session.get(CaseRow, number) is not None

    def case(self, number: int) -> Case:
        """A case in full. Raises `InputError` where there is none."""
        with self._database.reading() as session:
            return contents.read(session, number)

    def trail(self, number: int) -> list[Entry]:
        """The audit entries of a case, oldest first; those of a deleted one too."""
        with self._database.reading() as session:
            return audit.of_case(session, number)

    def image(self, sha256: str) -> bytes:
        """The bytes of an image, hashed again. Raises `IntegrityError` where they are missing or changed."""
        return self._blobs.read(sha256)

    def list_cases(self, query: Query | None = None, page: int = 1, size: int = PAGE) -> Listing:
        """A page of the cases that `query` finds, counted from 1."""
        with self._database.reading() as session:
            return search.listing(session, query or Query(), page, size)

    def titles(self, size: int = 200) -> dict[int, str]:
        """Numbers and titles of the cases changed last that are not closed."""
        with self._database.reading() as session:
            return search.titles(session, size)

    def choices(self) -> Choices:
        """What a list can be narrowed to."""
        with self._database.reading() as session:
            return search.choices(session)

    def holding(self, prefix: str) -> list[tuple[int, str]]:
        """(case, SHA-256) of the images whose hash begins with `prefix`, of at least 8 hex digits."""
        with self._database.reading() as session:
            return search.holding(session, prefix)

    def verify(self) -> Check:
        """Check the chain of audit entries, the cases against it, and each image's bytes against their hash."""
        return verify(self._database, self._blobs)

    def check_case(self, number: int) -> list[str]:
        """What is wrong with the audit trail, with one case, and with the bytes of its images."""
        return verify_case(self._database, self._blobs, number)

    def sweep(self) -> int:
        """Remove files that no case refers to, and return how many there were."""
        with self._database.writing() as session:  # nobody else is adding one meanwhile
            strays = list(self._blobs.strays(set(session.exec(select(BlobRow.sha256)))))
            for path in strays:
                path.unlink(missing_ok=True)
        return len(strays)

    @contextmanager
    def _changing(self, number: int, actor: str) -> Iterator[Change]:
        with self._database.writing() as session:
            yield Change(session, contents.case_row(session, number), actor, self._clock())

    def _erase_unused(self) -> int:
        """Erase the bytes of images that no case holds any longer; what a killed process left undone as well."""
        unused = select(BlobRow).where(col(BlobRow.sha256).not_in(select(ImageRow.sha256)))
        with self._database.reading() as session:
            if session.exec(unused.limit(1)).first() is None:
                return 0
        with self._database.writing() as session:
            rows = session.exec(unused).all()
            for row in rows:
                self._blobs.erase(row.sha256)
                session.delete(row)
            return len(rows)

"""One change of one case: rows and audit entry in the same transaction."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, delete, func, select

from mtaa.cases import audit, contents, wordings
from mtaa.cases.blobs import Blobs
from mtaa.cases.tables import AssessmentRow, BlobRow, CaseRow, ImageRow, NoteRow, TagRow, VerdictRow, WordingRow
from mtaa.cases.words import line
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.verdict import Verdict

LONGEST_NAME = 255

Finding = tuple[bytes, Verdict]


class Change:
    """What `actor` does to the case of `row` at the time `at`."""

    def __init__(self, session: Session, row: CaseRow, actor: str, at: str):
        assert row.number is not None
        self.session, self.row, self.number, self.actor, self.at = session, row, row.number, actor, at

    def log(self, action: str, **details: Any) -> None:
        """Append to the audit trail; the case counts as changed."""
        audit.append(self.session, self.at, self.actor, action, self.number, details)
        self.row.changed_at = self.at

    def add(self, findings: Iterable[Finding], blobs: Blobs) -> int:
        """Add images and verdicts; how many verdicts are new."""
        return sum(self._add_one(data, verdict, blobs) for data, verdict in findings)

    def note(self, text: str, sha256: str | None) -> int:
        """Append a note, and return its id."""
        if sha256 is not None:
            self.must_hold(sha256)
        row = NoteRow(case_number=self.number, sha256=sha256, text=text, at=self.at, by=self.actor)
        self.session.add(row)
        self.log("note written", image=sha256, digest=wordings.digests(row, [])[0])
        assert row.id is not None
        return row.id

    def edit_note(self, note: int, text: str, seen: int) -> int:
        """Append a wording to a note of which the editor saw `seen`, and return how many it has."""
        first, later = self._written(note, seen)
        if text == (later[-1] if later else first).text:
            return seen
        before = wordings.digests(first, later)[-1]
        row = WordingRow(case_number=self.number, note_id=note, text=text, at=self.at, by=self.actor)
        self.session.add(row)
        digest = wordings.digests(first, [*later, row])[-1]
        self.log("note edited", image=first.sha256, digest=digest, replaces=before)
        return seen + 1

    def delete_note(self, note: int, seen: int) -> int:
        """Delete a note with its wordings, and return how many; their digests stay in the trail."""
        first, later = self._written(note, seen)
        digests = wordings.digests(first, later)
        self.session.exec(delete(WordingRow).where(col(WordingRow.note_id) == note))
        self.session.exec(delete(NoteRow).where(col(NoteRow.id) == note))
        self.log("note deleted", image=first.sha256, digests=digests)
        return len(digests)

    def assess(self, sha256: str, conclusion: str, words: str) -> None:
        """Append an analyst's verdict."""
        self.must_hold(sha256)
        row = AssessmentRow(
            case_number=self.number, sha256=sha256, conclusion=conclusion, words=words, at=self.at, by=self.actor
        )
        self.session.add(row)
        self.log("assessment given", image=sha256, conclusion=conclusion, digest=contents.of_assessment(row))

    def set_tags(self, wanted: set[str]) -> None:
        """Give exactly these tags."""
        present = set(contents.tags_of(self.session, self.number))
        for tag in sorted(wanted - present):
            self.session.add(TagRow(case_number=self.number, tag=tag))
            self.log("tagged", tag=tag)
        for tag in sorted(present - wanted):
            self.session.delete(self.session.get_one(TagRow, (self.number, tag)))
            self.log("tag removed", tag=tag)

    def remove_image(self, sha256: str) -> None:
        """Take an image out, with all that was said of it."""
        self.must_hold(sha256)
        where_noted = (NoteRow.case_number == self.number, NoteRow.sha256 == sha256)
        noted = select(NoteRow.id).where(*where_noted)
        self.session.exec(delete(WordingRow).where(col(WordingRow.note_id).in_(noted)))
        for table in (VerdictRow, NoteRow, AssessmentRow, ImageRow):
            where = (col(table.case_number) == self.number, col(table.sha256) == sha256)
            self.session.exec(delete(table).where(*where))
        self.log("image removed", image=sha256)

    def delete(self) -> list[str]:
        """Delete the case, and return the hashes of its images."""
        images = [image.sha256 for image in contents.rows_of(self.session, ImageRow, self.number)]
        for table in (VerdictRow, WordingRow, NoteRow, AssessmentRow, TagRow, ImageRow):
            self.session.exec(delete(table).where(col(table.case_number) == self.number))
        self.log("case deleted", images=images)
        self.session.delete(self.row)
        return images

    def holds(self, sha256: str) -> bool:
        """Whether the image is in the case."""
        where = (ImageRow.case_number == self.number, ImageRow.sha256 == sha256)
        return self.session.exec(select(func.count()).select_from(ImageRow).where(*where)).one() > 0

    def must_hold(self, sha256: str) -> None:
        """Raises `InputError` where it is not."""
        if not self.holds(sha256):
            raise InputError(
                f"image must be in case {self.number}, got {sha256[:12]}; it may have been removed meanwhile"
            )

    def _written(self, note: int, seen: int) -> wordings.Written:
        """The note and its later wordings. Raises `InputError` where there is none, or where it has changed since."""
        for first, later in wordings.written(self.session, self.number):
            if first.id == note:
                if len(later) + 1 != seen:
                    newest = (later[-1] if later else first).by
                    raise InputError(
                        f"note must be as you saw it, got one that {newest} has edited; read it, then try again"
                    )
                return first, later
        raise InputError(f"note must be in case {self.number}, got {note}; it may have been deleted meanwhile")

    def _add_one(self, data: bytes, verdict: Verdict, blobs: Blobs) -> bool:
        sha256 = verdict.observed.sha256
        name = line(verdict.observed.name, LONGEST_NAME) or "unnamed"
        if files.sha256_bytes(data) != sha256:
            raise InputError(f"bytes must be those that were judged, got others for {name}; analyse the image again")
        if not self.holds(sha256):
            if self.session.get(BlobRow, sha256) is None:
                self.session.add(BlobRow(sha256=sha256, bytes=len(data)))
                self.session.flush()
            blobs.write(data)
            self.session.add(ImageRow(case_number=self.number, sha256=sha256, name=name, at=self.at, by=self.actor))
            self.log("image added", image=sha256, name=name)
        return self._keep(verdict)

    def _keep(self, verdict: Verdict) -> bool:
        document, digest = contents.of_verdict(verdict)
        sha256, mark = verdict.observed.sha256, verdict.checkpoint
        same = (VerdictRow.case_number == self.number, VerdictRow.sha256 == sha256, VerdictRow.digest == digest)
        if self.session.exec(select(VerdictRow.id).where(*same)).first() is not None:
            return False
        row = VerdictRow(
            case_number=self.number,
            sha256=sha256,
            attack="" if verdict.names_nobody else verdict.inferred.attack.label,
            victim="" if verdict.names_nobody else verdict.inferred.victim.label,
            document=document,
            digest=digest,
            at=self.at,
            by=self.actor,
        )
        self.session.add(row)
        about = {"checkpoint": mark.name, "weights": mark.weights_sha256, "code": mark.code_version}
        self.log("verdict added", image=sha256, digest=digest, **about)
        return True

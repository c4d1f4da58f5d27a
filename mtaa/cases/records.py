"""What the evidence store hands out: typed records, free of any database. Times are UTC, `2026-11-24T22:40:16.123Z`."""

from typing import Any, Literal, get_args

from pydantic import Field

from mtaa.core.verdict import Record, Verdict

Status = Literal["open", "to be checked", "closed"]
Conclusion = Literal["adversarial", "clean", "inconclusive"]
STATUSES: tuple[Status, ...] = get_args(Status)
CONCLUSIONS: tuple[Conclusion, ...] = get_args(Conclusion)
LOCAL = "local"  # who acts where nobody has logged in


class Kept(Record):
    """A verdict as it was appended. `digest` is the SHA-256 of its canonical JSON, which the audit trail holds too."""

    verdict: Verdict
    digest: str
    at: str
    by: str


class Wording(Record):
    """What a note said, from `at` on, as `by` put it."""

    text: str
    at: str
    by: str


class Note(Record):
    """What an analyst wrote, of the case or of one image (`sha256`): its newest wording, and when it was first written.

    `edited_at` and `edited_by` are None unless it was edited; `earlier` are the wordings replaced, oldest first.
    """

    id: int
    text: str
    sha256: str | None
    at: str
    by: str
    edited_at: str | None
    edited_by: str | None
    earlier: list[Wording]


class Assessment(Record):
    """The analyst's own verdict on one image; a later one stands beside it, and the last one counts."""

    conclusion: Conclusion
    words: str
    sha256: str
    at: str
    by: str


class Exhibit(Record):
    """One image of a case under the name it came with; verdicts and assessments in the order they were given."""

    sha256: str
    name: str
    bytes: int
    at: str
    by: str
    verdicts: list[Kept]
    assessments: list[Assessment]


class Case(Record):
    """A case in full, images in the order they were added."""

    number: int
    title: str
    status: Status
    opened_at: str
    opened_by: str
    changed_at: str
    tags: list[str]
    images: list[Exhibit]
    notes: list[Note]


class Preview(Record):
    """An image of a case for a list: its newest verdict in words, and how its pixels are read."""

    sha256: str
    name: str
    sentence: str
    channels: int
    side: int


class Summary(Record):
    """One case in a list. `conclusions`: how many of its images are what, by their newest verdicts. `previews` are the
    first of them.
    """

    number: int
    title: str
    status: Status
    changed_at: str
    tags: list[str]
    images: int
    conclusions: dict[Conclusion, int]
    previews: list[Preview]


class Query(Record):
    """What a list is narrowed to; None and an empty text narrow nothing.

    Each word of `text` must be found in the title, a tag, a note, an analyst's verdict or a file name, or begin an
    image's SHA-256. `attack` and `victim` are stored names, of any verdict in the case.
    """

    text: str = ""
    tag: str | None = None
    status: Status | None = None
    attack: str | None = None
    victim: str | None = None


class Listing(Record):
    """One page of the cases that a query finds, latest change first, and how many there are in all."""

    cases: list[Summary]
    total: int


class Choices(Record):
    """What cases can be narrowed to: the tags in use, and the attacks and victims that verdicts name."""

    tags: list[str]
    attacks: list[str]
    victims: list[str]


class Entry(Record):
    """One line of the audit trail: who did what, when. `sha256` covers all the rest, `previous` included."""

    sequence: int
    at: str
    actor: str
    action: str
    case: int | None
    details: dict[str, Any]
    previous: str
    sha256: str


class Check(Record):
    """What a verification found. `faults` are sentences, the first broken audit entry first; none is good.

    `head` is the hash of the last audit entry: noted elsewhere, it shows later whether entries were cut off the end.
    `leftovers` are files under no image's name, left by a process that was killed.
    """

    entries: int
    cases: int
    images: int
    head: str
    faults: list[str]
    leftovers: int


class Erased(Record):
    """What a deletion took away: images of the case, and how many of them no other case holds."""

    images: int
    bytes_erased: int = Field(description="images whose bytes are gone")

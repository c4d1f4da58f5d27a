"""The errors a user can cause. Each carries one sentence: what must hold, what was got, what to do instead."""

from collections.abc import Iterable
from difflib import get_close_matches


class MtaaError(Exception):
    """Base of all errors whose message is meant for the user. The command line prints it and exits with 2."""


class InputError(MtaaError):
    """Something the user gave can't be used: an option, a file, a scenario."""


class UnknownNameError(InputError):
    """A name that nothing is registered under; the message lists the near ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        self.kind, self.name, self.known = kind, name, sorted(known)
        near = get_close_matches(name, self.known, n=3, cutoff=0.5) or self.known
        hint = f"did you mean {' or '.join(near)}?" if near else "none is available"
        super().__init__(f"{kind} {name!r} is unknown; {hint}")


class IntegrityError(MtaaError):
    """A stored file is not what its record says it is."""


class Cancelled(MtaaError):
    """The work was asked to stop between two batches; whole results made so far are kept."""

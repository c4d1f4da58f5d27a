"""What went wrong, in one sentence for a person."""

import errno
from collections.abc import Iterator

from mtaa.core import paths
from mtaa.core.errors import MtaaError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# torch says it by a RuntimeError on a CPU, by a class of its own on a GPU.
_NO_MEMORY = ("allocate memory", "bad_alloc", "out of memory")


def sentence(error: Exception, stage: str) -> str:
    """One line: what must hold, what was got, what to do."""
    if isinstance(error, MtaaError):
        return " ".join(str(error).split())
    behind = list(_chain(error))  # torch's writer closes its file where a write failed, and that fails in other words
    if any(_is_full_disk(one) for one in behind):
        return f"the disk under {paths.home()} must have room, got a full one; free some, then retry the job"
    if any(_is_no_memory(one) for one in behind):
        return f"memory must suffice for stage {stage}, got too little; free some, then retry the job"
    text = " ".join(str(error).split())
    return f"stage {stage} failed unexpectedly ({type(error).__name__}: {text[:300]}); the job's log says more"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full_disk(error: BaseException) -> bool:
    return getattr(error, "errno", None) in _FULL or any(f"os error {number}" in str(error) for number in _FULL)


def _is_no_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(words in str(error) for words in _NO_MEMORY)

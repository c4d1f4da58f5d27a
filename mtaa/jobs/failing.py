"""What went wrong, in one sentence for a person."""

import errno

from mtaa.core import paths
from mtaa.core.errors import MtaaError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# torch says it by a RuntimeError on a CPU, by a class of its own on a GPU.
_NO_MEMORY = ("allocate memory", "bad_alloc", "out of memory")


def sentence(error: Exception, stage: str) -> str:
    """One line: what must hold, what was got, what to do."""
    text = " ".join(str(error).split())
    if isinstance(error, MtaaError):
        return text
    if getattr(error, "errno", None) in _FULL or any(f"os error {number}" in text for number in _FULL):
        return f"the disk under {paths.home()} must have room, got a full one; free some, then retry the job"
    if isinstance(error, MemoryError) or any(words in text for words in _NO_MEMORY):
        return f"memory must suffice for stage {stage}, got too little; free some, then retry the job"
    return f"stage {stage} failed unexpectedly ({type(error).__name__}: {text[:300]}); the job's log says more"

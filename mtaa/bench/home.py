"""A home of a benchmark's own, so that it finds nothing made before and leaves nothing behind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def home(folder: Path, **more: str) -> Iterator[None]:
    """Everything that this process and its children make goes to `folder`; `more` variables hold meanwhile."""
    given = {"MTAA_HOME": str(folder), "MTAA_CHECKPOINTS": str(folder / "checkpoints"), "MTAA_STORE": "", **more}
    kept = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

"""Hundreds of malformed files: each is taken or refused in one plain sentence, in bounded time and memory."""

import tracemalloc
import warnings
from collections import Counter

import pytest

from mtaa.core.errors import InputError
from mtaa.images.intake import read
from tests.malformed import OUTCOMES, TAKEN, Malformed, all_of_them, outcome

SIDE, FEWEST = 28, 250
ALLOWED_BYTES = 150_000_000  # beside the file itself: what decoders may hold at once


def sentence(file: Malformed) -> str | None:
    """What is said of a refused file; None where it is taken. Anything but a refusal in plain words fails."""
    try:
        taken = read(file.data, file.name, 1, SIDE)
    except InputError as error:
        said = str(error)
        assert len(said.splitlines()) == 1, file.name[:80]
        assert "must" in said, file.name[:80]
        assert "; " in said or said.endswith("decoded"), f"{file.name[:80]}: no word of what to do in {said}"
        assert len(file.name) < 4 or file.name not in said
        cause = error.__cause__
        assert cause is None or len(str(cause)) < 4 or str(cause) not in said, f"quotes a library: {said}"
        return said
    assert taken.pixels.shape == (1, SIDE, SIDE), file.name[:80]
    assert taken.observed.name == file.name
    return None


def test_each_is_taken_or_refused_in_one_plain_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    astray = []
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what it mends
        for file in all_of_them():
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            became = outcome(sentence(file))
            counts[became] += 1
            if became not in file.outcomes:
                astray.append(f"{file.name[:60]}: {became}")
            assert tracemalloc.get_traced_memory()[1] - before < ALLOWED_BYTES, file.name[:60]
    tracemalloc.stop()
    with capsys.disabled():
        print("\n", counts.total(), "malformed files:", dict(counts.most_common()))
    assert astray == []
    assert counts.total() >= FEWEST
    assert set(counts) == {TAKEN, *OUTCOMES}  # every kind of refusal is met

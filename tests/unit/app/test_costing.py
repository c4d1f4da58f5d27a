import pytest

from app import costing


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (84_700_000, "85 MB"), (2.5e12, "2.5 TB")],
)
def test_bytes(count: float, said: str) -> None:
    assert costing.written_bytes(count) == said


@pytest.mark.parametrize(("seconds", "said"), [(3, "3 s"), (89, "89 s"), (720, "12 min"), (12_600, "3.5 h")])
def test_times(seconds: float, said: str) -> None:
    assert costing.duration(seconds) == said

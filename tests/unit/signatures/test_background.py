"""A map is made by a process of its own, one at a time, and can be stopped."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.signatures import background, made
from mtaa.signatures.desk import Desk
from mtaa.signatures.maps import Layout
from mtaa.signatures.request import MapRequest
from tests.signature_sets import QUICK
from tests.unit.signatures.conftest import CARD

REQUEST = MapRequest(features="layer1", layout=QUICK)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path / "home"))


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Python code that is run in place of the command, the last one of the list."""
    code: list[str] = ["import time; time.sleep(60)"]
    popen = subprocess.Popen

    def begun(command: list[str], **options: Any) -> Any:
        return popen([sys.executable, "-c", code[-1]], **options)

    monkeypatch.setattr(background.subprocess, "Popen", begun)
    return code


def wait(key: str) -> None:
    """Until the process that was started has ended."""
    background._children[key].wait(30)


def test_the_command_says_what_its_method_reads() -> None:
    request = MapRequest(method="umap", features="both", layout=Layout(neighbours=9, min_dist=0.3, seed=4))
    words = "map --checkpoint mnist --method umap --dimensions 2 --features both --seed 4 --neighbours 9 --min-dist 0.3"
    assert " ".join(background.arguments("mnist", request)) == words


def test_one_at_a_time_until_it_is_cancelled(instead: list[str]) -> None:
    key = background.start(CARD, REQUEST)
    child = background._children[key]
    assert [one.state for one in background.running()] == ["starting"]
    assert background.start(CARD, REQUEST) == key
    assert background._children[key] is child
    with pytest.raises(InputError, match="one at a time"):
        background.start(CARD, MapRequest(layout=QUICK))
    background.cancel(key)
    assert child.poll() is not None
    assert background.running() == []


def test_a_process_that_could_not_begin_says_why(instead: list[str]) -> None:
    instead.append("import sys; sys.exit('mtaa: no such thing')")
    key = background.start(CARD, REQUEST)
    wait(key)
    (one,) = background.running()
    assert (one.state, one.error) == ("failed", "no such thing")
    instead.append("import time; time.sleep(60)")
    assert background.start(CARD, REQUEST) == key  # a failure is no obstacle
    background.cancel(key)


def test_one_that_another_app_started_is_asked_to_stop(instead: list[str]) -> None:
    desk = Desk(REQUEST.key(CARD))
    with desk.work(REQUEST, CARD.weights_sha256, Silent()):
        background.cancel(desk.key)
        assert desk.stop.exists()


@pytest.mark.slow
def test_a_real_map_outlives_who_asked_for_it(checkpoint: tuple[Card, Examples]) -> None:
    card, _ = checkpoint
    key = background.start(card, REQUEST)
    background._children.pop(key)  # as an app that was started anew would see it
    deadline = time.monotonic() + 120
    while not made.path(key).is_file() and time.monotonic() < deadline:
        time.sleep(0.5)
        assert not [one for one in background.running() if one.state == "failed"]
    assert made.read(key, card).points.shape == (80, 2)

"""A map under way tells where it is; one that failed, died or was stopped is known as such."""

import time
from pathlib import Path

import pytest

from mtaa.core.errors import Cancelled, InputError, IntegrityError
from mtaa.core.progress import Silent
from mtaa.signatures import desk as desks
from mtaa.signatures.desk import Desk, UnderWay, under_way
from mtaa.signatures.request import MapRequest

KEY = "0123456789abcdef"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    monkeypatch.setattr(desks, "WRITE_SECONDS", 0.0)
    monkeypatch.setattr(desks, "_PATIENCE", 0.1)
    return Desk(KEY)


def told(state: desks.State, ago: float = 0) -> UnderWay:
    return UnderWay(key=KEY, request=MapRequest(), weights_sha256="ef", state=state, told=time.time() - ago)


def stop(desk: Desk, telling: desks.Telling) -> None:
    telling.raise_if_cancelled()
    desk.stop.touch()
    telling.raise_if_cancelled()


def test_progress_is_told_until_it_is_done(desk: Desk) -> None:
    with desk.work(MapRequest(), "ef", Silent()) as telling:
        telling.start("t-SNE", 1000, "steps")
        telling.advance(50)
        telling.advance(50)
        (one,) = under_way()
        assert (one.state, one.task, one.done, one.total) == ("running", "t-SNE", 100, 1000)
        with pytest.raises(InputError, match="another process is making"), desk.work(MapRequest(), "ef", Silent()):
            pass
        assert desk.read() is not None
    assert under_way() == []
    assert not desk.is_taken()


def test_a_failure_stays_with_its_reason(desk: Desk) -> None:
    with pytest.raises(InputError), desk.work(MapRequest(), "ef", Silent()):
        raise InputError("perplexity must be less")
    (one,) = under_way()
    assert (one.state, one.error) == ("failed", "perplexity must be less")
    with pytest.raises(ZeroDivisionError), desk.work(MapRequest(), "ef", Silent()) as telling:
        telling.advance(1 // 0)
    assert under_way()[0].error == "unexpectedly: ZeroDivisionError"


def test_asked_to_stop_it_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Cancelled), desk.work(MapRequest(), "ef", Silent()) as telling:
        stop(desk, telling)
    assert under_way() == []
    assert not desk.stop.exists()


def test_a_process_that_died_counts_as_failed(desk: Desk) -> None:
    desk.tell(told("running"))
    (one,) = under_way()
    assert one.state == "failed"
    assert "ended early; make it again" in one.error
    desk.tell(told("starting"))
    assert under_way()[0].state == "starting"
    desk.tell(told("starting", ago=desks.START_SECONDS + 1))
    assert under_way()[0].state == "failed"


def test_a_broken_note_is_refused(desk: Desk) -> None:
    desk.tell(told("running"))
    desk.told.write_text("{}", encoding="utf-8")
    with pytest.raises(IntegrityError, match="delete it"):
        under_way()

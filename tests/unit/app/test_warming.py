"""The heavy libraries are loaded early once, after the first page, and only where the server asked for it."""

import threading

import pytest

from app import warming


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(warming, "_asked", threading.Event())
    monkeypatch.setattr(warming, "_begun", threading.Event())
    monkeypatch.setattr("mtaa.api.preload", lambda: done.append(threading.current_thread().name))
    return done


def wait() -> None:
    for thread in threading.enumerate():
        if thread.name == "preload":
            thread.join()


def test_nothing_is_loaded_early_without_a_server(loads: list[str]) -> None:
    warming.drawn()
    wait()
    assert loads == []


def test_the_first_page_starts_the_loading_once_and_in_a_thread_of_its_own(loads: list[str]) -> None:
    warming.ask()
    assert loads == []
    warming.drawn()
    warming.drawn()
    wait()
    assert loads == ["preload"]

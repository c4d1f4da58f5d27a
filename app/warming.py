"""Loads the heavy libraries in the background once the first page is drawn; before, they would only delay it."""

import threading

from mtaa import api

_asked = threading.Event()
_begun = threading.Event()


def ask() -> None:
    """What the server says at its start; a script run without it, as in a test, loads nothing early."""
    _asked.set()


def drawn() -> None:
    """What a page says at its end: the first one in the process starts the loading."""
    if _asked.is_set() and not _begun.is_set():
        _begun.set()
        threading.Thread(target=api.preload, name="preload", daemon=True).start()

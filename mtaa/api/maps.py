"""Maps of a checkpoint's known examples as somebody asks for them: made in the background, and kept. Free of torch."""

from mtaa.core.card import Card
from mtaa.signatures import background, made
from mtaa.signatures.desk import UnderWay
from mtaa.signatures.made import Made, MadeOf
from mtaa.signatures.maps import Layout
from mtaa.signatures.request import Features, MapRequest

__all__ = [
    "Features",
    "Layout",
    "Made",
    "MadeOf",
    "MapRequest",
    "UnderWay",
    "cancel",
    "delete",
    "kept",
    "read",
    "running",
    "start",
]


def start(card: Card, request: MapRequest) -> str:
    """Have a map made in a process of its own; its key. Raises `InputError` while another one is made."""
    return background.start(card, request)


def running(card: Card) -> list[UnderWay]:
    """The checkpoint's maps under way or failed. Raises `IntegrityError` where what is told of one is broken."""
    return [one for one in background.running() if one.key == one.request.key(card)]


def cancel(name: str) -> None:
    """Stop the map of this key, or forget that it failed."""
    background.cancel(name)


def kept(card: Card) -> tuple[list[MadeOf], list[str]]:
    """The checkpoint's maps, the newest first; and a sentence for each file that can't be read."""
    return made.kept(card)


def read(name: str, card: Card) -> Made:
    """The map of this key. Raises `InputError` or `IntegrityError`."""
    return made.read(name, card)


def delete(name: str) -> None:
    """Forget the map of this key."""
    made.delete(name)

"""The pixels as they are analysed, for display: a page shows what was judged, not what a browser makes of the file."""

import numpy as np

from mtaa.core.card import Card
from mtaa.core.errors import InputError
from mtaa.images import intake


def pixels(data: bytes, card: Card) -> np.ndarray | None:
    """Pixels uint8 (C, side, side) that the checkpoint would judge; None where the file would be refused."""
    try:
        return intake.read(data, "", card.images.channels, card.images.side).pixels
    except InputError:
        return None

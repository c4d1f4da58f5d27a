"""What is known of the examples of a map, in words and as rows: functions of plain values."""

from typing import Any

import numpy as np

from app.scatter import GREY, Group
from app.words import NOBODY
from mtaa import api

CLEAN = "clean"
FIELDS = (
    "example",
    "source_image",
    "attack",
    "source_model",
    "hyperparameter",
    "intensity",
    "said_attack",
    "said_source_model",
    "said_intensity",
    "right",
    "checkpoint",
    "weights_sha256",
)
VERDICTS = ("both right", "source model wrong", "attack wrong", "both wrong")


def truth(atlas: api.Atlas, card: api.Card, place: int) -> str:
    """What is true of an example: `PGD on VGG16, ε = 40/255`."""
    return _words(atlas, card, int(atlas.attack[place]), int(atlas.victim[place]), float(atlas.intensity[place]))


def hover(atlas: api.Atlas, card: api.Card) -> list[str]:
    """Of each example what is true, and where it is taken for something else, for what.

    Examples of one kind share one text: there are few kinds, and may be many examples.
    """
    labels = (atlas.attack, atlas.victim, atlas.said_attack, atlas.said_victim)
    kinds, first, which = np.unique(
        np.stack([*labels, atlas.intensity], 1, dtype=np.float64), axis=0, return_index=True, return_inverse=True
    )
    verdicts, texts = right(atlas), np.empty(len(kinds), object)
    for number, place in enumerate(map(int, first)):
        texts[number] = truth(atlas, card, place)
        if verdicts[place]:
            texts[number] += f": taken for {taken_for(atlas, place)}"
    found: list[str] = texts[which.ravel()].tolist()
    return found


def taken_for(atlas: api.Atlas, place: int) -> str:
    """What the network names an example: `PGD on VGG16`."""
    return _pair(atlas, int(atlas.said_attack[place]), int(atlas.said_victim[place]))


def right(atlas: api.Atlas) -> np.ndarray:
    """Places in `VERDICTS` (n,)."""
    return (atlas.said_victim != atlas.victim) + 2 * (atlas.said_attack != atlas.attack)


def kinds(atlas: api.Atlas, colour: str) -> list[Group]:
    """The examples by attack, by victim or by whether the network is right."""
    if colour == "correctness":
        verdicts, colours = right(atlas), (GREY, "#e8862e", "#a55a9c", "#d6336c")
        return [
            Group(name, np.flatnonzero(verdicts == number), colours[number]) for number, name in enumerate(VERDICTS)
        ]
    labels = atlas.about.attacks if colour == "attack" else atlas.about.victims
    values = atlas.attack if colour == "attack" else atlas.victim
    return [
        Group(_title(label), np.flatnonzero(values == number), GREY if label in (CLEAN, NOBODY) else None)
        for number, label in enumerate(labels)
    ]


def strength(atlas: api.Atlas, card: api.Card) -> tuple[np.ndarray, Group]:
    """Each intensity as a share of what is learnt of its attack (n,), since attacks have no common scale; the clean."""
    ends = np.array([card.intensity_grids.get(name, (0.0, 0.0)) for name in atlas.about.attacks])
    low, high = ends[atlas.attack].T
    is_clean = high <= low
    shares = np.where(is_clean, 0, (atlas.intensity - low) / np.where(is_clean, 1, high - low))
    return np.clip(shares, 0, 1), Group("without a strength", np.flatnonzero(is_clean))


def rows(atlas: api.Atlas, card: api.Card, places: np.ndarray) -> list[dict[str, Any]]:
    """Examples as plain values under `FIELDS`."""
    verdicts = right(atlas)
    attacks, victims = atlas.about.attacks, atlas.about.victims
    found = []
    for place in map(int, places):
        attack = attacks[atlas.attack[place]]
        values: dict[str, Any] = {
            "example": place,
            "source_image": str(atlas.source[place]),
            "attack": api.title(attack),
            "source_model": api.title(victims[atlas.victim[place]]),
            "said_attack": api.title(attacks[atlas.said_attack[place]]),
            "said_source_model": api.title(victims[atlas.said_victim[place]]),
            "right": VERDICTS[verdicts[place]],
            "checkpoint": card.name,
            "weights_sha256": card.weights_sha256,
        }
        if attack in card.symbols:
            values |= {"hyperparameter": card.symbols[attack], "intensity": float(atlas.intensity[place])}
        if attacks[atlas.said_attack[place]] in card.symbols:
            values["said_intensity"] = round(float(atlas.said_intensity[place]), 2)
        found.append(values)
    return found


def _words(atlas: api.Atlas, card: api.Card, attack: int, victim: int, intensity: float) -> str:
    name = atlas.about.attacks[attack]
    if name not in card.symbols:
        return _pair(atlas, attack, victim)
    return f"{_pair(atlas, attack, victim)}, {api.stated(card.symbols[name], intensity, card.units[name])}"


def _pair(atlas: api.Atlas, attack: int, victim: int) -> str:
    name = atlas.about.victims[victim]
    title = _title(atlas.about.attacks[attack])
    return title if name == NOBODY else f"{title} on {_title(name)}"


def _title(label: str) -> str:
    """A title as Plotly draws it; a retrained checkpoint's labels are what its user typed."""
    return api.title(label).replace("&", "&amp;").replace("<", "&lt;")

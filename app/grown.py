"""What a checkpoint learnt that started from another, and what it forgot for it: both on the same test images."""

import streamlit as st

from app.words import plain
from mtaa import api

FIGURES = {
    "attack_accuracy": "attack",
    "victim_accuracy": "source model",
    "intensity_rmse": "RMSE of strength",
    "false_alarm_rate": "false alarms",
    "missed_rate": "attacks missed",
}


def show(card: api.Card) -> None:
    """Render both tables; nothing for a checkpoint that started from none."""
    found = card.growth
    if found is None:
        return
    told = {**found.attacks, **found.victims}
    if told:
        st.markdown(f"**New beside what {plain(found.start)} knows**")
        st.table([_told(name, one) for name, one in told.items()], border="horizontal", hide_index=True)
    if found.labelled is not None:
        _labelled(found.labelled)
    st.markdown(f"**On the test images of {plain(found.start)}, before and after**")
    st.table(shifts(card), border="horizontal", hide_index=True)
    again = f"{found.replayed:,} known examples were trained on again beside the new ones. " if found.replayed else ""
    st.caption(
        f"{again}In brackets the 95% interval of the difference, image by image the same. An interval on one side of 0 "
        "is more than chance."
    )


def _labelled(own: api.Labelled) -> None:
    """What was learnt from an analyst's images, and what is said of those held out."""
    if own.right is None:
        return
    others = ", ".join(f"{plain(api.title(other))} {count}" for other, count in own.taken_for.items())
    st.caption(
        f"Of {plain(own.origin)}, {len(own.learnt)} images were learnt from as {plain(api.title(own.attack))}. Of the "
        f"{len(own.held_out)} held out, **{own.right:.1%}** ({own.low:.1%}–{own.high:.1%}) are named so"
        + (f"; else taken for: {others}." if others else ".")
    )


def shifts(card: api.Card) -> list[dict[str, str]]:
    """A row a figure: before, after, and the difference with its interval."""
    found = card.growth
    assert found is not None
    rows = [_shifted(words, found.figures[key], key, "") for key, words in FIGURES.items() if key in found.figures]
    for name, ones in found.by_attack.items():
        unit = api.SUFFIXES[card.units[name]] if name in card.units else ""
        title = plain(api.title(name))
        for key, one in ones.items():
            words = title if key == "attack_accuracy" else f"{title}, {FIGURES[key]}"
            rows.append(_shifted(words, one, key, unit))
    return rows


def _told(name: str, one: api.Told) -> dict[str, str]:
    others = ", ".join(f"{plain(api.title(other))} {count}" for other, count in one.taken_for.items())
    return {
        "": plain(api.title(name)),
        "examples learnt from": f"{one.trained_on:,}",
        "recognised": f"{one.right:.1%} :small[:gray[({one.low:.1%}–{one.high:.1%})]]",
        "of": f"{one.count:,}",
        "else taken for": others or "–",
    }


def _shifted(words: str, one: api.Shift, key: str, unit: str) -> dict[str, str]:
    if "rmse" in key:
        before, after = (f"{value:.2f}{unit}" for value in (one.before, one.after))
        change, low, high = (f"{value:+.2f}" for value in (one.difference, one.low, one.high))
    else:
        before, after = (f"{value:.1%}" for value in (one.before, one.after))
        change, low, high = (f"{100 * value:+.1f}" for value in (one.difference, one.low, one.high))
        change += " points"
    return {"": words, "before": before, "after": after, "difference": f"{change} :small[:gray[({low} to {high})]]"}

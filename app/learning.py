"""How a checkpoint was trained: the curves of its three tasks, epoch by epoch (Fig. 7 of the paper)."""

from typing import Any

import streamlit as st

from app import charts, figures
from app.figures import Line
from app.words import plain
from mtaa import api

# Title, unit of the vertical axis, form, and the recorded values of each line.
CHARTS = (
    (
        "Loss of each task, on training images",
        "loss",
        ".3f",
        {"attack": "train_attack", "source model": "train_victim", "strength": "train_intensity"},
    ),
    (
        "Named right, on validation images",
        "share right",
        ".1%",
        {"attack": "validation_attack_accuracy", "source model": "validation_victim_accuracy"},
    ),
    (
        "Error of the strength, on validation images",
        "RMSE",
        ".2f",
        {"RMSE": "validation_intensity_rmse"},
    ),
)


def curves(card: api.Card) -> None:
    """Render them; says so where the checkpoint has none."""
    if not card.curves:
        st.info("The curves of this checkpoint's training were not recorded.", icon=":material/show_chart:")
        return
    draw(card.curves)
    said = f"Trained with {_settings(card.training)}."
    if before := card.training.get("before"):
        said += f" It went on from a training with {_settings(before)}."
    st.caption(f"The errors mix attacks of different units here, so this curve shows the course alone. {plain(said)}")


def _settings(training: dict[str, Any]) -> str:
    told = ("network", "examples", "changed", "epochs", "batch", "optimiser", "learning_rate", "weighting", "seed")
    return ", ".join(f"{name.replace('_', ' ')} {training[name]}" for name in told if name in training)


def draw(epochs: list[dict[str, Any]]) -> None:
    """Render the recorded values of the epochs there are, a chart a kind."""
    for column, (title, up, form, named) in zip(st.columns(3, gap="medium"), CHARTS, strict=True):
        drawn = [line for words, key in named.items() if (line := _line(words, key, epochs)).x]
        if not drawn:
            continue
        with column:
            st.markdown(f"**{title}**")
            chart = figures.lines(drawn, "epoch", up, form=form)
            if up == "share right":
                chart.update_yaxes(tickformat=".0%")
            if up == "RMSE" and max(drawn[0].y) > 4 * min(drawn[0].y):
                # The first epochs know nothing yet, and would press all others into one line.
                chart.update_yaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100])
            last = ", ".join(f"{line.name} {line.y[-1]:{form}}" for line in drawn)
            alt = f"{title}, {len(epochs)} epochs; at the end {last}"
            st.plotly_chart(chart, key=f"curves-{up}", config=charts.CONFIG, alt=alt)


def _line(name: str, key: str, epochs: list[dict[str, Any]]) -> Line:
    known = [row for row in epochs if key in row]
    return Line(name, [float(row["epoch"]) for row in known], [float(row[key]) for row in known])

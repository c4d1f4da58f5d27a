"""What each part of the network is worth: the same training with one part left out (Table 13 of the paper)."""

import streamlit as st

from app import charts, figures, frame
from app.words import plain
from mtaa import api

# Column, figure, and whether it is a share.
FIGURES = (
    ("attack or clean", "attack_accuracy", True),
    ("source model", "victim_accuracy", True),
    ("RMSE of strength", "intensity_rmse", False),
    ("RMSE of ε (1/255)", "epsilon_rmse", False),
    ("RMSE of κ", "kappa_rmse", False),
    ("false alarms", "false_alarm_rate", True),
)
DRAWN = (
    ("Source model", "victim_accuracy", "change in points", 100.0),
    ("Strength", "intensity_rmse", "change of its RMSE", 1.0),
)


def show(card: api.Card) -> None:
    """Render the record, which is of networks and not of one checkpoint; where there is none, the command that makes
    it."""
    try:
        record = api.ablation()
    except api.MtaaError as error:
        frame.problem(error)
        return
    if record is None:
        st.info("It has not been measured here what the parts of the network are worth:", icon=":material/extension:")
        st.code("mtaa experiment ablation --scenario mnist", language=None)
        return
    reference = next(row for row in record.rows if row.variant == record.reference)
    changed = [row for row in record.rows if row.changes]
    st.markdown(f"**What a part is worth: figures of each variant less those of the {plain(reference.said)}**")
    for column, (title, key, across, factor) in zip(st.columns(2, gap="large"), DRAWN, strict=True):
        with column:
            _drawn(record, changed, title, key, across, factor)
    st.table([_row(record, row) for row in record.rows], border="horizontal", hide_index=True)
    st.caption(
        f"{plain(record.remark)} Trained on scenario {plain(record.settings.scenario)}, examined on "
        f"{record.test_examples:,} test images of other source images, at 8 bits. In brackets 95% intervals over test "
        f"images, not over seeds; {_floors(reference)}."
    )
    st.markdown("**The paper's own ablation**")
    st.table(
        [
            {
                "": plain(row.said),
                "attack": f"{row.attack_accuracy:.2%}",
                "source model": f"{row.victim_accuracy:.2%}",
                "RMSE of strength": f"{row.intensity_rmse:.2f}",
            }
            for row in record.paper.rows
        ],
        border="horizontal",
        hide_index=True,
    )
    st.caption(
        f"{plain(record.paper.source)}. Its victims and images are not public, and its rows add one part after "
        "another: compare what a part changes, not figures."
    )


def _drawn(
    record: api.AblationRecord, changed: list[api.AblationRow], title: str, key: str, across: str, factor: float
) -> None:
    names = [_said(record, row) for row in changed]
    values, low, high = (
        [factor * getattr(row.changes[key], part) for row in changed] for part in ("value", "low", "high")
    )
    st.markdown(f"**{title}**")
    told = ", ".join(f"{name} {value:+.2f}" for name, value in zip(names, values, strict=True))
    st.plotly_chart(
        figures.changes(names, values, low, high, across),
        key=f"ablation-{key}",
        config=charts.CONFIG,
        alt=f"{title}, {across}: {told}",
    )


def _row(record: api.AblationRecord, row: api.AblationRow) -> dict[str, str]:
    cells = {"": plain(_said(record, row))}
    for words, key, is_share in FIGURES:
        figure = row.figures.get(key)
        if figure is not None:
            value, low, high = (
                f"{one:.1%}" if is_share else f"{one:.2f}" for one in (figure.value, figure.low, figure.high)
            )
            cells[words] = f"{value} :small[:gray[({low}–{high})]]"
    cost = {"million parameters": f"{row.parameters / 1e6:.2f}", "MFLOPs": f"{row.flops / 1e6:,.0f}"}
    return cells | cost | {"seconds": f"{row.seconds:,.0f}"}


def _said(record: api.AblationRecord, row: api.AblationRow) -> str:
    return f"{row.said}, seed {row.seed}" if len(record.settings.seeds) > 1 else row.said


def _floors(row: api.AblationRow) -> str:
    """What the best constant answers get."""
    known = [(words, figure.floor, share) for words, key, share in FIGURES if (figure := row.figures.get(key))]
    texts = [f"{words} {f'{floor:.1%}' if share else f'{floor:.1f}'}" for words, floor, share in known if floor]
    return f"floors, the best constant answers: {', '.join(texts)}"

"""How good a checkpoint is in detail: tables of its card, and what its evaluation's record adds."""

from typing import Any

import streamlit as st

from app import charts, figures, frame
from app.words import NOBODY, plain
from mtaa import api

CLEAN = "clean"


def record(card: api.Card) -> api.EvaluationRecord | None:
    """The checkpoint's evaluation; None, with what to do on the page, where there is none."""
    try:
        found = api.evaluation(card)
    except api.MtaaError as error:
        frame.problem(error)
        return None
    if found is None:
        st.info("This checkpoint has not been evaluated here. Its test images came with it:", icon=":material/rule:")
        st.code(f"mtaa evaluate --checkpoint {card.name}", language=None)
    return found


def tables(card: api.Card) -> None:
    """Figures per attack and per source model, with 95 % intervals and floors."""
    for words, part, names in (
        ("Per attack", "by_attack", card.attacks),
        ("Per source model", "by_victim", [name for name in card.victims if name != NOBODY]),
    ):
        cells = card.metrics.get(part, {})
        if cells:
            st.markdown(f"**{words}**")
            st.table([_row(name, cells.get(name, {}), card) for name in names], border="horizontal", hide_index=True)
    st.caption(
        "In brackets 95% intervals: Wilson for shares, bootstrap over source images for errors. The floor is what the "
        "best constant answer would get. Errors over attacks of different units, as in the rows of source models, mix "
        "them and have no unit."
    )


def confusions(card: api.Card) -> None:
    """Which attack and which source model is taken for which."""
    found = record(card)
    if found is None:
        return
    for column, (head, words) in zip(
        st.columns(2, gap="large"), (("attack", "attack"), ("victim", "source model")), strict=True
    ):
        matrix = found.figures.confusion[head]
        titles = [api.title(name) for name in matrix["labels"]]
        total = sum(map(sum, matrix["counts"]))
        right = sum(line[place] for place, line in enumerate(matrix["counts"]))
        with column:
            st.markdown(f"**True {words} against the one that was named**")
            st.plotly_chart(
                figures.confusion(titles, matrix["counts"]),
                key=f"confusion-{head}",
                config=charts.CONFIG,
                alt=f"Confusion of {words}: {right:,} of {total:,} named right. {_worst(titles, matrix['counts'])}",
            )
            st.caption(plain(_worst(titles, matrix["counts"])))


def errors(card: api.Card) -> None:
    """Error and bias of the intensity by its true value, and what is named right there, one row an attack."""
    found = record(card)
    if found is None:
        return
    for name, levels in found.figures.by_intensity.items():
        symbol, unit = card.symbols[name], api.UNITS[card.units[name]]
        across = f"true {symbol} ({card.units[name]})"
        strengths = [float(level) for level in levels]
        sizes = [
            _line(words, strengths, [cells.get(key) for cells in levels.values()])
            for words, key in (("RMSE", "intensity_rmse"), ("bias", "intensity_bias"))
        ]
        shares = [
            _line(words, strengths, [cells.get(key) for cells in levels.values()])
            for words, key in (("attack", "attack_accuracy"), ("source model", "victim_accuracy"))
        ]
        st.markdown(f"**{plain(api.title(name))}**")
        for column, drawn, up, form, words in zip(
            st.columns(2, gap="large"),
            ([line for line in sizes if line], [line for line in shares if line]),
            (f"error of {symbol} ({card.units[name]})", "share right"),
            (f".{unit.digits + 1}f", ".1%"),
            ("RMSE and bias", "Named right"),
            strict=True,
        ):
            with column:
                chart = figures.lines(drawn, across, up, form=form)
                if form == ".1%":
                    chart.update_yaxes(tickformat=".0%", range=[0, 1.03])
                alt = f"{words} of {api.title(name)} by {across}, {_ends(drawn, form)}"
                st.plotly_chart(chart, key=f"errors-{name}-{up}", config=charts.CONFIG, alt=alt)
        if len(sizes) > 1 and sizes[1] is None:
            st.caption("The record has no bias; evaluate the checkpoint anew to add it.")
    st.caption(
        "RMSE: root mean square of told minus true. Bias: its mean; above 0 the strength is told too high. Bands are "
        "95% intervals, by bootstrap over source images, or Wilson for shares."
    )


def calibration(card: api.Card) -> None:
    """Whether told probabilities and intervals mean what they say."""
    found = record(card)
    if found is not None and found.reliability:
        for column, (head, one) in zip(st.columns(2, gap="large"), found.reliability.items(), strict=False):
            words = {"attack": "attack", "victim": "source model"}[head]
            with column:
                st.markdown(f"**Probability of the {words}**")
                chart = figures.reliability(
                    words,
                    [point.probability for point in one.bins],
                    [point.right.value for point in one.bins],
                    [point.right.low for point in one.bins],
                    [point.right.high for point in one.bins],
                )
                alt = f"Reliability of the {words}: calibration error {one.calibration_error:.1%} over {one.count:,}"
                st.plotly_chart(chart, key=f"reliability-{head}", config=charts.CONFIG, alt=alt)
                st.caption(f"Expected calibration error **{_error(one)}** over {one.count:,} answers.")
    elif found is not None:
        st.caption("The record has no reliability; evaluate the checkpoint anew to add it.")
    if found is not None and found.promises:
        _promises(found)
    _fitted(card)


def _error(one: api.Reliability) -> str:
    """The error with its interval, and that of the network's own probabilities."""
    ends = "" if one.low is None or one.high is None else f" ({one.low:.1%}–{one.high:.1%})"
    return f"{one.calibration_error:.1%}{ends}" + (f", {one.untempered:.1%} untempered" if one.untempered else "")


def _promises(found: api.EvaluationRecord) -> None:
    """Conformal sets and intervals against what they promise."""
    st.markdown("**How often the true answer is in the set or interval that is told**")
    rows = []
    for name in found.promises[0].attack:
        row = {"": "all" if name == "all" else plain(api.title(name))}
        for part, words in (("attack", "attack"), ("victim", "source model"), ("intensity", "strength")):
            for promise in found.promises:
                held = getattr(promise, part).get(name)
                share = "–" if held is None else f"{_share(held.coverage.model_dump())} · {held.size:.1f}"
                row[f"{words}, {promise.level:.0%} wanted"] = share
        rows.append(row)
    st.table(rows, border="horizontal", hide_index=True)
    st.caption(
        "Behind the dot the mean size: answers in a set, width of an interval. Attacks are counted by the true one, "
        "source models and strengths by the attack that is named. A set is never empty, so that it holds the truth at "
        "least as often as the likeliest answer is right."
    )


def _fitted(card: api.Card) -> None:
    """Temperatures, widths of intervals, and what they were fitted on."""
    fitted, spread = card.calibration, card.calibration.intensity
    rows = []
    for name in card.symbols:
        unit = api.UNITS[card.units[name]]
        held = card.metrics.get("by_attack", {}).get(name, {}).get("interval_coverage")
        if name in spread.low:
            rows.append(
                {
                    "attack": plain(api.title(name)),
                    "below": f"{spread.low[name]:.{unit.digits}f}{unit.suffix}",
                    "above": f"{spread.high[name]:.{unit.digits}f}{unit.suffix}",
                    f"held the truth ({spread.level:.0%} wanted)": _share(held) if held else "–",
                }
            )
    st.markdown("**Interval around the strength that is told**")
    st.table(rows, border="horizontal", hide_index=True)
    st.caption(
        f"Temperatures: attack {fitted.attack_temperature:.2f}, source model {fitted.victim_temperature:.2f}; above 1 "
        f"the network itself was too sure. {_set(card)}"
    )


def _set(card: api.Card) -> str:
    """What a card was calibrated on, in a sentence."""
    if card.calibration.conformal is None:
        return "Fitted on the validation split."
    made = card.calibration.conformal.fitted_on
    counts = ", ".join(f"{count:,} {plain(api.title(name))}" for name, count in made.examples.items())
    origin = "made for it alone" if made.fresh else "that the training was watched by"
    return f"Fitted on examples of validation images {origin} ({counts}; gradients in {made.precision})."


def _row(name: str, cells: dict[str, Any], card: api.Card) -> dict[str, str]:
    row = {"": plain(api.title(name))}
    for words, key in (("attack", "attack_accuracy"), ("source model", "victim_accuracy")):
        row[words] = _share(cells[key]) if key in cells else "–"
    error = cells.get("intensity_rmse")
    unit = api.UNITS[card.units[name]] if name in card.units else None
    digits, suffix = (unit.digits + 1, unit.suffix) if unit else (2, "")
    row["RMSE of strength"] = "–"
    if error:
        low, high = error["low"], error["high"]
        row["RMSE of strength"] = (
            f"{error['value']:.{digits}f}{suffix} :small[:gray[({low:.{digits}f}–{high:.{digits}f})]]"
        )
    row["floor of RMSE"] = f"{error['floor']:.1f}" if error and error.get("floor") is not None else "–"
    row["images"] = f"{cells['attack_accuracy']['count']:,}" if "attack_accuracy" in cells else "–"
    return row


def _share(figure: dict[str, Any]) -> str:
    return f"{figure['value']:.1%} :small[:gray[({figure['low']:.1%}–{figure['high']:.1%})]]"


def _line(name: str, x: list[float], found: list[api.Figure | None]) -> figures.Line | None:
    known = [one for one in found if one is not None]
    if len(known) < len(x):
        return None
    return figures.Line(name, x, [one.value for one in known], [one.low for one in known], [one.high for one in known])


def _ends(drawn: list[figures.Line], form: str) -> str:
    return "; ".join(
        f"{line.name} {line.y[0]:{form}} at {line.x[0]:g} to {line.y[-1]:{form}} at {line.x[-1]:g}" for line in drawn
    )


def _worst(titles: list[str], counts: list[list[int]]) -> str:
    """The commonest confusion, in words."""
    wrong = [
        (count, true, named) for true, line in enumerate(counts) for named, count in enumerate(line) if named != true
    ]
    count, true, named = max(wrong, default=(0, 0, 0))
    if not count:
        return "None was taken for another."
    return f"Commonest confusion: {titles[true]} taken for {titles[named]}, {count:,} of {sum(counts[true]):,}."

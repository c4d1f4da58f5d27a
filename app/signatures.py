"""The three signatures of a verdict (INFERRED): attack algorithm, source model, hyperparameter."""

import streamlit as st

from app import charts
from app.words import NOBODY, plain
from mtaa import api


def show(verdict: api.Verdict, card: api.Card, known: api.Sample | None) -> None:
    """Render them side by side, each with its uncertainty, and with the truth where it is known."""
    mark = verdict.checkpoint
    st.markdown(
        f":violet-badge[INFERRED] :small[:gray[by checkpoint **{plain(mark.name)}**, weights] "
        f"`{mark.weights_sha256[:12]}`]"
    )
    attack, victim, strength = st.columns(3, gap="small", border=True)
    said = verdict.inferred
    with attack:
        _ranking("Attack algorithm", said.attack, None if known is None else known.attack, said.kind)
    with victim:
        if said.victim.label == NOBODY:
            _nothing("Source model (victim)", "A clean image was made on no model.", _model(known))
        else:
            _ranking("Source model (victim)", said.victim, None if known is None else known.victim, said.source)
    with strength:
        if said.hyperparameter is None:
            _nothing("Hyperparameter", "A clean image has no strength of attack.", _true_strength(known))
        else:
            _strength(said.hyperparameter, said, card, known)


def _ranking(heading: str, ranking: api.Ranking, true: str | None, support: api.Support | None) -> None:
    """`support` is how narrowly it can be named, where a verdict says that."""
    if support is None or support.level in ("attack", "model"):
        _result(heading, ranking.title, f"Probability {api.percent(ranking.probability)}")
    elif support.level == "none":
        _result(heading, "undecided", f"Likeliest {support.title}, {api.percent(support.probability)}")
    else:
        _result(heading, support.title, f"Probability {api.percent(support.probability)}; which of it is undecided")
    if true is not None:
        _truth(api.title(true), true in support.members if support is not None else true == ranking.label)
    shares = {name: share for name, share in ranking.probabilities.items() if name != NOBODY}
    figure = charts.bars(
        {api.title(name): share for name, share in shares.items()}, [api.percent(share) for share in shares.values()]
    )
    words = ", ".join(f"{api.title(name)} {api.percent(share)}" for name, share in shares.items())
    st.plotly_chart(figure, key=f"bars-{heading}", config=charts.CONFIG, alt=f"{heading}: {words}")


def _strength(found: api.Intensity, said: api.Inferred, card: api.Card, known: api.Sample | None) -> None:
    unit, learnt = api.SUFFIXES[found.unit], card.intensity_grids[said.attack.label]
    _result("Hyperparameter", api.size(found), f"{found.level:.0%} interval {api.interval(found)}")
    if known is not None:
        is_same = known.unit == found.unit and known.attack != "clean"
        high = float("inf") if found.saturated else found.high
        _truth(_strength_of(known), is_same and found.low <= known.intensity <= high)
    figure = charts.span(found.value, found.low, found.high, learnt, unit, found.saturated)
    words = f"{api.size(found)}, interval {api.interval(found)}, learnt {learnt[0]:g} to {learnt[1]:g}"
    st.plotly_chart(figure, key="span", config=charts.CONFIG, alt=f"Hyperparameter: {words}")
    st.caption(f"{_meaning(found)} The grey band is what the checkpoint has learnt: {learnt[0]:g} to {learnt[1]:g}.")


def _model(known: api.Sample | None) -> str | None:
    return None if known is None else NOBODY if known.attack == "clean" else api.title(known.victim)


def _true_strength(known: api.Sample | None) -> str | None:
    return None if known is None else _strength_of(known)


def _strength_of(known: api.Sample) -> str:
    return NOBODY if known.attack == "clean" else f"{known.symbol} = {known.intensity:g}"


def _meaning(found: api.Intensity) -> str:
    bound = " This source model is hardly ever driven further." if found.saturated else ""
    return f"{found.symbol}: {api.UNITS[found.unit].meaning}.{bound}"


def _nothing(heading: str, why: str, true: str | None) -> None:
    """`true` is what there was in truth, where that is known: NOBODY, or what was not found."""
    _result(heading, NOBODY, why)
    if true is not None:
        _truth(true, true == NOBODY)


def _result(heading: str, value: str, certainty: str) -> None:
    with st.container(gap=None):
        st.caption(heading)
        st.subheader(plain(value), anchor=False)
        st.caption(certainty)


def _truth(title: str, is_right: bool) -> None:
    icon, colour = (":material/check:", "green") if is_right else (":material/close:", "red")
    st.badge(f"truth: {plain(title)}", icon=icon, color=colour)  # type: ignore[arg-type]

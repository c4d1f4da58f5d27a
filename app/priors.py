"""How likely an attack was beforehand: the analyst says it, and the probability follows."""

import streamlit as st

from app import service
from app.words import plain
from mtaa import api

KEPT, AS_LEARNT = "prior", None
PRIORS = (AS_LEARNT, 0.0001, 0.001, 0.01, 0.1, 0.5, 0.9)


def show(verdict: api.Verdict, card: api.Card) -> None:
    """The probability that the image is adversarial, as the network has it and after the analyst's prior."""
    share = verdict.inferred.adversarial_probability
    if share is None or verdict.names_nobody:
        return
    prior = st.session_state.get(KEPT)
    learnt = service.learnt_share(card, card.scenario_sha256)
    if prior is not None:
        after = api.posterior(share, prior, learnt)
        st.markdown(
            f"Probability that it is adversarial: **{api.percent(share)}**; where {api.told_prior(prior)} is attacked: "
            f"**{api.percent(after)}**"
        )
    with st.expander("How likely was an attack beforehand?", icon=":material/balance:"):
        st.select_slider(
            "Attacked, of all images like this one",
            PRIORS,
            format_func=lambda value: "as learnt" if value is None else api.told_prior(value),
            key=KEPT,
            help="It holds for all images of this visit. Verdicts, reports and exports keep the network's own figure.",
        )
        st.caption(
            f"The network learnt on images of which {learnt:.0%} were adversarial. Among images of which fewer are, "
            "the same evidence is worth less: its odds are multiplied by those of the prior."
        )
        if prior is not None and (words := api.worked(prior, card.metrics)):
            st.caption(plain(words))

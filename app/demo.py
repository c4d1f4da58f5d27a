"""A guided tour in three steps on a bundled sample: pick it, read its verdict, see where it lies."""

import numpy as np
import streamlit as st

from app import atlas, choosing, known, placing, scatter, service, signatures
from app.choosing import Offer
from app.words import listed, plain, sentence, truth
from mtaa import api

HEAD: api.Head = "attack"
MAP = api.map_name("tsne", 2, HEAD)


def show(card: api.Card) -> None:
    """Render the steps that have been reached; nothing where no sample fits the checkpoint."""
    offers = _one_an_attack(choosing.offered(card))
    if not offers:
        return
    st.subheader("Try it in three steps", anchor=False)
    st.markdown("**1. Pick a sample** whose truth is known.")
    chosen = choosing.in_use(offers)
    choosing.tiles(offers, chosen)
    if chosen is None:
        st.caption("Then see the verdict, and where the image lies on the map.")
        return
    data = api.read_sample(chosen)
    st.markdown("**2. See the verdict**, each part beside the truth.")
    with st.spinner("Analysing the image…"):
        result = service.results([(chosen.file, data)], card, None, lambda _: None)[0]
    if isinstance(result, api.Refusal):
        st.error(plain(sentence(result.reason)), icon=":material/block:")
        return
    st.markdown(f"{plain(result.inferred.sentence)} Truth: **{plain(truth(chosen))}**.")
    if result.warnings:
        st.warning(listed(result.warnings))
    signatures.show(result, card, chosen)
    st.page_link("pages/attribute.py", label="The same in full, with its evidence", icon=":material/search:")
    _third(chosen, data, card)


def _one_an_attack(offers: list[Offer]) -> list[Offer]:
    """The sample of middling strength of each attack, and the one that was picked on another page."""
    of_attack: dict[str, list[Offer]] = {}
    for offer in offers:
        of_attack.setdefault(offer[0].attack, []).append(offer)
    found = [sorted(mine, key=lambda offer: offer[0].intensity)[len(mine) // 2] for mine in of_attack.values()]
    picked = choosing.in_use(offers)
    return found + [offer for offer in offers if offer[0] == picked and offer not in found]


def _third(chosen: api.Sample, data: bytes, card: api.Card) -> None:
    st.markdown("**3. See it on the map** of what this checkpoint knows.")
    if not card.signatures_sha256:
        atlas.empty(card)
        return
    # The map and its neighbours take seconds the first time; nobody waits who did not ask.
    if not st.toggle("Show it on the map", key="demo-map"):
        return
    everything = atlas.read(card)
    if everything is None or MAP not in everything.maps:
        return
    with st.spinner("Placing the image…"):
        found = service.placed([(chosen.file, data)], card)[0]
    if not isinstance(found, api.Placed):
        return
    around, points = found.neighbours[HEAD], everything.maps[MAP]
    figure = scatter.groups(points, known.kinds(everything, HEAD), atlas.labels(everything, card))
    figure = scatter.mark(figure, np.array([api.position(around, points)]), [plain(chosen.file)])
    words = f"t-SNE map of {len(everything):,} known examples coloured by attack, with the sample placed on it"
    st.plotly_chart(figure, key="demo-atlas", config=scatter.config(len(everything)), alt=words)
    st.markdown(placing.agreement(around, everything))
    st.page_link("pages/signatures.py", label="Maps of all kinds, and your own images on them", icon=":material/map:")

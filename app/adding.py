"""An attack or a source model more for the active checkpoint: few fields, what it costs, and the button."""

import hashlib
import secrets
from functools import partial

import streamlit as st

from app import acting, casebook, costing, fields, frame, hindering, job_list, offers, shelf
from app.who import who
from app.words import plain, sentence
from mtaa import api
from mtaa.api import growing, scenarios

GO = "Start adding"
FEWEST, USUAL, MOST = 20, 100, 100_000
ENDS = {"start": "from", "stop": "to", "step": "step"}
_TOKEN = "adding-token"


def show() -> None:
    """Render the fields beside the costs; says so where no checkpoint is active."""
    active = shelf.current()
    if not active:
        st.info("There is no active checkpoint to add to.", icon=":material/info:")
        return
    card, known = api.card(active), growing.of_checkpoint(active)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(border=True):
        st.markdown(f"**Add to {plain(active)}**, as a new checkpoint beside it")
        attacks = _attacks(card)
        victims = _victims(card, known)
        shots = st.number_input(
            "Examples of each to learn from",
            FEWEST,
            MOST,
            USUAL,
            step=10,
            key="adding-shots",
            help="As many again are made to calibrate, and some to measure. What the checkpoint knows is replayed.",
        )
        case = _case(attacks)
        added = [*attacks, *victims]
        usual = "-".join([active, *added]).replace(":", "-")[:64]
        name = st.text_input("Name of the checkpoint", usual, max_chars=64, key=f"adding-name-{usual}").strip()
    with right:
        specs = _specs(attacks)
        if not added:
            st.info("Choose what to add.", icon=":material/add:")
        elif specs is not None:
            _ready(card, known, specs, victims, shots, name, case)


def _attacks(card: api.Card) -> list[str]:
    """Render the choice of new attacks and the strengths of each; the fields hold them."""
    offered = [name for name in offers.attacks() if name not in card.attacks]
    chosen = st.multiselect(
        "Attacks", offered, format_func=api.title, key="adding-attacks", placeholder="None, or some that are new"
    )
    for name in chosen:
        offer, usual = offers.attacks()[name], growing.usual_strengths(card.name, name)
        start, stop, step = (usual.start, usual.stop, usual.step) if usual else (1.0, min(10.0, offer.limit), 1.0)
        for column, (end, words), value in zip(
            st.columns(3, gap="small"), ENDS.items(), (start, stop, step), strict=True
        ):
            label = f"{api.title(name)}: {offer.symbol} ({offer.unit}) {words}"
            column.number_input(label, value=float(value), format="%g", key=_key(name, end))
    return chosen


def _victims(card: api.Card, known: "scenarios.Scenario") -> list[str]:
    images = known.images
    offered = offers.victims(images.source, images.folder or "", images.channels, images.side)
    return st.multiselect(
        "Source models",
        [name for name in offered if name not in card.victims],
        format_func=api.title,
        key="adding-victims",
        placeholder="None, or some that are new",
    )


def _case(attacks: list[str]) -> int | None:
    """Render the choice of a case whose images show the one new attack, where there is one; None for no case."""
    if len(attacks) != 1:
        return None
    try:
        titles = casebook.store().titles()
    except api.MtaaError as error:
        frame.problem(error)
        return None
    if not titles:
        return None
    chosen: int | None = st.selectbox(
        "Images of a case, too",
        list(titles),
        index=None,
        format_func=lambda number: f"{number}: {titles[number]}",
        placeholder="None",
        key="adding-case",
        help="Those that its analyst calls adversarial, as images of this attack. Every fourth is held out to measure.",
    )
    return chosen


def _key(attack: str, end: str) -> str:
    return f"adding-{attack}-{end}"


def _specs(attacks: list[str]) -> "list[growing.AttackSpec] | None":
    """The attacks as the fields have them; None, with the fault on the page, where they are wrong."""
    try:
        return [growing.addition(name, *(st.session_state[_key(name, end)] for end in ENDS)) for name in attacks]
    except api.MtaaError as error:
        st.error(plain(sentence(str(error))), icon=":material/edit:")
        return None


def _ready(
    card: api.Card,
    known: "scenarios.Scenario",
    specs: "list[growing.AttackSpec]",
    victims: list[str],
    shots: int,
    name: str,
    case: int | None,
) -> None:
    """Render what it costs, and the button."""
    if problem := scenarios.check_name(name):
        st.error(plain(sentence(problem)), icon=":material/edit:")
        return
    try:
        labelled = growing.labelled(case, specs[0].name, card.name) if case is not None else None
    except api.MtaaError as error:
        st.error(plain(sentence(str(error))), icon=":material/edit:")
        return
    request = api.JobRequest(
        scenario=growing.few_shot(known, specs, victims, shots, name),
        checkpoint=name,
        network=card.training.get("network", "forensic"),
        start=card.name,
        shots=shots,
        labelled=labelled,
        asked_by=who(),
    )
    document = fields.document(request.scenario)
    if faults := offers.faults(document) or scenarios.untrainable(document):
        hindering.show(faults)
        st.button(GO, disabled=True, key="adding-no")
        return
    try:
        found = offers.growth_estimate(request.model_copy(update={"checkpoint": "", "asked_by": ""}), card)
    except api.MtaaError as error:
        frame.problem(error)
        return
    with st.container(border=True):
        acting.button(
            "start_job",
            GO,
            partial(_start, request, case),
            "The job is queued.",
            type="primary",
            icon=":material/play_arrow:",
            key="adding-go",
        )
        st.caption(
            "The heads learn what is new, with known examples among it; the rest of the network stays as it is. At the "
            "end it says what was learnt and what was forgotten; you then decide which checkpoint judges."
        )
        if labelled is not None:
            st.caption(
                f"{len(labelled.learnt)} images of case {case} are learnt from, too; {len(labelled.held_out)} held out."
            )
    with st.container(border=True):
        costing.show(found)


def _start(request: api.JobRequest, case: int | None) -> None:
    if case is not None and request.labelled is not None:
        growing.labelled(case, request.labelled.attack, request.start, keep=True)
    token = st.session_state.setdefault(_TOKEN, secrets.token_hex(8))
    key = hashlib.sha256(f"{token} {request.model_dump_json()}".encode()).hexdigest()
    st.query_params[job_list.KEY] = api.start_job(request, key).id

"""What a verdict rests on: OBSERVED facts of the file, DERIVED measures, and those against a clean original."""

import streamlit as st

from app import choosing, service
from app.words import plain, sentence
from mtaa import api

_ICONS = {
    "attributable": ":material/check:",
    "weakened": ":material/trending_down:",
    "destroyed": ":material/block:",
}

DOUBTED = "What is shown beneath as true may then be the difference of two pictures, and no attack's perturbation."


def show(verdict: api.Verdict, data: bytes, card: api.Card, known: api.Sample | None = None) -> bytes | None:
    """Render the three groups side by side, and return the clean original where a usable one is given or bundled."""
    observed, derived, reference = st.columns(3, gap="medium")
    with observed:
        _observed(verdict)
    with derived:
        _derived(verdict)
    with reference:
        return _reference(verdict, data, card, known)


def identity(name: str, size: int, sha256: str) -> None:
    """The name as it came, never read as Markdown or HTML, the size, and the hash ready to copy."""
    with st.container(gap="xsmall"):
        st.text(f"{name}\n{size:,} bytes, SHA-256:")
        st.code(sha256, language=None, wrap_lines=True)


def _head(label: str, words: str) -> None:
    st.markdown(f":{'gray' if label == 'OBSERVED' else 'blue'}-badge[{label}] :small[:gray[{words}]]")


def _pairs(rows: list[tuple[str, str]]) -> None:
    st.table(
        [{"what": name, "value": value} for name, value in rows], border="horizontal", hide_index=True, hide_header=True
    )


def _observed(verdict: api.Verdict) -> None:
    seen = verdict.observed
    _head("OBSERVED", "read off the bytes")
    identity(seen.name, seen.bytes, seen.sha256)
    _pairs(
        [
            ("format", f"{plain(seen.format)}, mode {plain(seen.mode)}"),
            ("pixels", f"{seen.width} × {seen.height}"),
        ]
    )
    _grounds(verdict, "OBSERVED")


def _derived(verdict: api.Verdict) -> None:
    measures = verdict.derived
    _head("DERIVED", "computed from the pixels")
    _pairs(
        [
            ("grey levels", f"{measures.levels}, from {measures.minimum} to {measures.maximum}"),
            ("mean level", f"{measures.mean:.1f}/255"),
            ("roughness (mean step between neighbours)", f"{measures.roughness:.1f}/255"),
            *_marks(verdict),
        ]
    )
    _grounds(verdict, "DERIVED")


def _marks(verdict: api.Verdict) -> list[tuple[str, str]]:
    if verdict.attributability is None:
        return []
    measures = verdict.attributability.measures
    # Older verdicts do not have them.
    crop, narrow, bits = (measures.get(name) for name in ("jpeg_displaced", "narrow_levels", "bit_depth"))
    return [
        ("JPEG ghost (near 0: was JPEG before)", f"{measures['jpeg_ghost']:.2f}"),
        *([] if crop is None else [("the same of displaced blocks (near 0: cut out of a JPEG)", f"{crop:.2f}")]),
        ("fine detail, share of variance", f"{measures['fine_share']:.1%}"),
        *([] if narrow is None else [("grey levels if all are lossy WebP's, else 0", f"{narrow:.0f}")]),
        *([] if bits is None else [("bits a value, by the levels there are", f"{bits:.0f}")]),
    ]


def _grounds(verdict: api.Verdict, kind: str) -> None:
    """Why the signature can be read or not, as far as findings of this kind say."""
    for ground in verdict.attributability.grounds if verdict.attributability else ():
        if ground.kind == kind:
            st.caption(f"{_ICONS[ground.answer]} {plain(ground.says)}")


def _reference(verdict: api.Verdict, data: bytes, card: api.Card, known: api.Sample | None) -> bytes | None:
    _head("DERIVED", "against the clean original")
    given = choosing.reference(verdict.observed.sha256)
    bundled = api.read_original(known) if given is None and known is not None else None
    original = given if bundled is None else bundled
    if original is None:
        st.caption("With the clean original at hand, drop it here for the true differences.")
        return None
    if bundled is not None:
        st.caption("Against the clean image this sample was made from; drop another to replace it.")
    try:
        again = service.results([(verdict.observed.name, data)], card, original, lambda _: None)[0]
    except api.MtaaError as error:
        st.error(f"**Not used.** {plain(sentence(str(error)))}", icon=":material/block:")
        return None
    if not isinstance(again, api.Verdict) or again.derived.reference is None:
        return None
    compared = again.derived.reference
    doubts = [warning for warning in again.warnings if warning not in verdict.warnings]
    for doubt in doubts:
        st.warning(plain(doubt), icon=":material/compare:")
    is_used = not doubts or st.checkbox("Use it all the same", key=f"doubted-{compared.sha256}", help=DOUBTED)
    _pairs(
        [
            ("largest difference (L∞)", f"{compared.linf}/255"),
            ("L2 difference (pixels from 0 to 1)", f"{compared.l2:.3f}"),
            ("pixels changed", f"{compared.changed_share:.1%}"),
            *([] if compared.at_bound is None else [("of these at the bound", f"{compared.at_bound:.1%}")]),
            ("SHA-256 of the original", f"`{compared.sha256[:16]}…`"),
        ]
    )
    _added(verdict, again.informed)
    if verdict.inferred.hyperparameter is not None and not doubts:
        st.caption(
            "Run the attack again below, under **Re-attack**: from the original it singles out the source model."
        )
    return original if is_used else None


def _added(blind: api.Verdict, informed: api.Inferred | None) -> None:
    """The strength from the image alone beside the one that the original shows."""
    alone, exact = blind.inferred.hyperparameter, informed.hyperparameter if informed else None
    if alone is None or exact is None:
        return
    _pairs(
        [
            ("strength, from the image alone", f"{api.size(alone)} ({api.interval(alone)})"),
            ("with the original, for certain", f"**{api.size(exact)}**"),
        ]
    )

"""Figures as static SVG, written by hand: a kilobyte each, no script, the same bytes on every machine.

Plotly would add 4.8 MB of script to each report, and Matplotlib's SVG depends on its version and on installed fonts.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from mtaa.core.verdict import Intensity, Ranking
from mtaa.core.wording import interval, percent, size

ACCENT, MUTED, BAND = "#1f5f8b", "#b8c2cc", "#e9edf1"
_LABEL, _BAR, _VALUE, _ROW = 84, 190, 56, 19


def bars(ranking: Ranking, titles: Sequence[str], alternative: str) -> Markup:
    """Horizontal bars of the probabilities, the first in colour, each with its value."""
    rows = list(zip(titles, ranking.probabilities.values(), strict=True))
    width, height = _LABEL + _BAR + _VALUE, _ROW * len(rows)
    parts = [_open(width, height, alternative)]
    for place, (name, share) in enumerate(rows):
        top, colour = place * _ROW, MUTED if place else ACCENT
        length = max(1.0, share * _BAR)
        parts.append(
            f'<text x="{_LABEL - 6}" y="{top + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{_LABEL}" y="{top + 3}" width="{length:.1f}" height="13" fill="{colour}"/>'
            f'<text x="{_LABEL + length + 5:.1f}" y="{top + 13}">{escape(percent(share))}</text>'
        )
    return Markup("".join([*parts, "</svg>"]))


def span(found: Intensity, learnt: tuple[float, float] | None) -> Markup:
    """The hyperparameter as a point with its interval, on a band of what the checkpoint has learnt.

    A lower bound ends in an arrow.
    """
    width, height, left = _LABEL + _BAR + _VALUE, 46, 12
    last = max(found.high, found.value, learnt[1] if learnt else 0.0) * 1.06
    end = last if found.saturated else found.high

    def at(value: float) -> float:
        return left + (width - 2 * left) * value / last

    parts = [_open(width, height, f"{size(found)}, {found.level:.0%} interval {interval(found)}")]
    if learnt is not None:
        low, high = at(learnt[0]), at(learnt[1])
        parts.append(f'<rect x="{low:.1f}" y="4" width="{high - low:.1f}" height="18" fill="{BAND}"/>')
        parts += [f'<text x="{at(edge):.1f}" y="38" text-anchor="middle">{edge:g}</text>' for edge in learnt]
    parts.append(
        f'<line x1="{at(found.low):.1f}" y1="13" x2="{at(end):.1f}" y2="13" stroke="{ACCENT}" stroke-width="3"/>'
        f'<circle cx="{at(found.value):.1f}" cy="13" r="5.5" fill="{ACCENT}"/>'
    )
    if found.saturated:
        tip = at(end)
        parts.append(f'<path d="M{tip - 2:.1f} 7 L{tip + 8:.1f} 13 L{tip - 2:.1f} 19 Z" fill="{ACCENT}"/>')
    return Markup("".join([*parts, "</svg>"]))


def _open(width: int, height: int, alternative: str) -> str:
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(alternative)}">'

"""What a checkpoint still reads after an image was saved again, resized, blurred or given noise: survival curves."""

import streamlit as st

from app import charts, figures
from app.words import plain
from mtaa import api

# Change, its title, what its strength is; the milder end is on the left.
CHANGES = (
    ("jpeg", "Saved as JPEG", "quality", True),
    ("jpeg_cropped", "Cut out of a larger JPEG", "quality", True),
    ("jpeg_twice", "Saved as JPEG, then as JPEG of quality 95", "quality of the first", True),
    ("webp", "Saved as lossy WebP", "quality", True),
    ("depth", "Kept with fewer bits", "bits a value", True),
    ("resize", "Resized and back", "size left, %", True),
    ("blur", "Blurred", "σ, pixels", False),
    ("noise", "Given noise", "σ, grey levels", False),
)
UNCHANGED = ("attack", "source model", "false alarms")


def show(card: api.Card) -> None:
    """Render the curves that the card keeps; where it has none, the command that measures them."""
    survival = card.survival
    if survival is None:
        words = "It has not been measured what this checkpoint still reads of a changed image:"
        st.info(words, icon=":material/healing:")
        st.code(f"mtaa experiment survival --checkpoint {card.name} --keep", language=None)
        return
    st.markdown(
        "**What is still named right after a change, and false alarms: clean images that are then called attacked**"
    )
    columns = st.columns(2, gap="large")
    for number, (name, title, unit, is_falling) in enumerate(CHANGES):
        rows = sorted((row for row in survival.changed if row.change == name), key=lambda row: row.strength)
        if len(rows) < 2:
            continue
        with columns[number % 2]:
            st.markdown(f"**{title}**")
            drawn = _lines(rows)
            chart = figures.lines(drawn, unit, "share of images", form=".1%")
            chart.update_yaxes(tickformat=".0%", range=[0, 1.03])
            if is_falling:
                chart.update_xaxes(autorange="reversed")
            told = "; ".join(f"{line.name} {_ends(line)}" for line in drawn)
            st.plotly_chart(chart, key=f"survival-{name}", config=charts.CONFIG, alt=f"{title}, by {unit}: {told}")
    st.caption(_unchanged(survival))
    st.caption(_marks(survival.marks))


def _lines(rows: list[api.Survived]) -> list[figures.Line]:
    strengths = [row.strength for row in rows]
    attack, victim, alarms = UNCHANGED
    found = [
        figures.Line(
            attack,
            strengths,
            [row.attack for row in rows],
            [row.attack_low for row in rows],
            [row.attack_high for row in rows],
        ),
        figures.Line(
            victim,
            strengths,
            [row.victim for row in rows],
            [row.victim_low for row in rows],
            [row.victim_high for row in rows],
        ),
    ]
    known = [row.false_alarms for row in rows if row.false_alarms is not None]
    return [*found, figures.Line(alarms, strengths, known)] if len(known) == len(rows) else found


def _ends(line: figures.Line) -> str:
    return f"{line.y[0]:.1%} at {line.x[0]:g} to {line.y[-1]:.1%} at {line.x[-1]:g}"


def _unchanged(survival: api.Survival) -> str:
    same = survival.unchanged
    alarms = "" if same.false_alarms is None else f", clean images called attacked {same.false_alarms:.1%}"
    return (
        f"Unchanged: attack {same.attack:.1%}, source model {same.victim:.1%}{alarms}. Test images of this checkpoint, "
        "rounded to 8 bits after the change; bands are 95% intervals. A verdict on a changed image is held against "
        "these figures: **attributable** where nothing is lost, **weakened** while the attack is right in nine of ten, "
        "else its evidence is **destroyed** and nobody is named."
    )


def _marks(marks: api.Marks) -> str:
    """By what a change is noticed, and how often that is wrong."""
    said = [
        f"a JPEG ghost below {marks.jpeg_ghost:.2f} ({marks.jpeg_ghost_false_alarms:.1%} of unchanged images have one)",
        f"less than {marks.fine_share:.1%} of the variance in fine detail ({marks.fine_share_false_alarms:.1%})",
    ]
    if marks.jpeg_displaced is not None and marks.jpeg_displaced_false_alarms is not None:
        said.insert(
            1, f"one of displaced blocks below {marks.jpeg_displaced:.2f} ({marks.jpeg_displaced_false_alarms:.1%})"
        )
    if marks.narrow_levels is not None and marks.narrow_levels_false_alarms is not None:
        said.append(
            f"more than {marks.narrow_levels} grey levels, all of them lossy WebP's "
            f"({marks.narrow_levels_false_alarms:.1%})"
        )
    if marks.bit_depth_false_alarms is not None:
        said.append(f"levels that fewer than 8 bits leave ({marks.bit_depth_false_alarms:.1%})")
    return plain(f"In the pixels a change is noticed by {', '.join(said[:-1])} or {said[-1]}.")

"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.titles import title
from mtaa.evaluation.record import Figure
from mtaa.experiments.survival.record import MARKS, Row, SurvivalRecord


def text(record: SurvivalRecord) -> str:
    """What was measured, one line a change, and how the marks were set."""
    rows = [record.unchanged, *record.rows]
    attacks = list(record.unchanged.by_attack)
    columns = ["after", "attack", *(title(name) for name in attacks), "source model", "RMSE of ε (1/255)"]
    columns += ["RMSE of κ", "false alarms", *MARKS.values()]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cells(row, attacks)) + " |" for row in rows]
    return "\n".join([_setting(record), "", *lines, "", _floors(record.unchanged)])


def _setting(record: SurvivalRecord) -> str:
    machine, marks = record.environment, record.marks
    crop = "" if marks.jpeg_displaced is None else f", or of displaced blocks below {marks.jpeg_displaced:.2f}"
    return (
        f"Checkpoint `{record.settings.checkpoint}` (weights {record.weights_sha256[:12]}) on "
        f"{record.unchanged.figures['attack_accuracy'].count:,} test examples, changed and rounded to 8 bits; seed "
        f"{record.settings.seed}, {machine.cpu}, torch {machine.torch}, {machine.date}. A JPEG ghost below "
        f"{marks.jpeg_ghost:.2f}{crop}, a share of fine detail below {marks.fine_share:.3f}, more than "
        f"{marks.narrow_levels} levels all of narrow-range luma, or levels that fewer than 8 bits leave mark an image; "
        "the values were chosen on unchanged examples of other source images than the "
        f"{record.unchanged.marked['any'].count} examples that the columns after false alarms are shares of. 95 % "
        "intervals in brackets."
    )


def _cells(row: Row, attacks: list[str]) -> list[str]:
    figures = row.figures
    return [
        row.said,
        _share(figures["attack_accuracy"]),
        *(f"{row.by_attack[name].value:.1%}" for name in attacks),
        _share(figures["victim_accuracy"]),
        *(f"{figures[name].value:.1f}" if name in figures else "–" for name in ("epsilon_rmse", "kappa_rmse")),
        f"{figures['false_alarm_rate'].value:.1%}" if "false_alarm_rate" in figures else "–",
        *(_marked(row, name) for name in MARKS),
    ]


def _marked(row: Row, name: str) -> str:
    return f"{row.marked[name].value:.1%}" if name in row.marked else "–"


def _share(figure: Figure) -> str:
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]"


def _floors(row: Row) -> str:
    figures = row.figures
    sizes = {"epsilon_rmse": "RMSE of ε", "kappa_rmse": "RMSE of κ"}
    known = [f"{words} {figures[name].floor:.1f}" for name, words in sizes.items() if name in figures]
    shares = {"attack_accuracy": "attack", "victim_accuracy": "source model"}
    known = [f"{words} {figures[name].floor:.1%}" for name, words in shares.items()] + known
    return f"Floors (the best constant answer): {', '.join(known)}."

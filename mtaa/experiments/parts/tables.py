"""The experiment's tables in Markdown, as functions of its record."""

from collections.abc import Iterable

from mtaa.core.titles import title
from mtaa.experiments import written
from mtaa.experiments.parts.paper import SOURCE, PaperRow
from mtaa.experiments.parts.record import PartsRecord


def text(record: PartsRecord) -> str:
    """The setting, the rows part by part, and the paper's own table."""
    shown = [entry for entry in written.FIGURES if any(entry[0] in row.figures for row in record.rows)]
    head = ["attacks", "source models", "labels", "", *(words for _, words, _ in shown), *written.COST]
    rows = [
        [
            listed(row.part.attacks),
            listed(row.part.victims),
            str(row.classes),
            written.named(row, record.settings),
            *(written.figure(row.figures[name], share) if name in row.figures else "" for name, _, share in shown),
            *written.cost(row),
        ]
        for row in record.rows
    ]
    number = record.experiment.removeprefix("table")
    words = (
        f"Parts of the scenario and the whole (Table {number}). One label: a class for each attack, source model and "
        "intensity. Three tasks: what they say counts as right where attack, source model and the nearest value of the "
        "grid are. In one part the examples are those of its labels alone."
    )
    setting = written.setting(record, record.settings)
    return "\n\n".join([f"{words} {setting}", written.table(head, rows), papers(record.paper, number)])


def papers(rows: tuple[PaperRow, ...], number: str) -> str:
    """The paper's own figures, with their source."""
    cells = [
        [
            listed(row.attacks),
            listed(row.victims),
            *(f"{value:.2f}%" for value in (row.self_built, row.deep, row.classifier, row.attack, row.victim)),
            f"{row.rmse:.2f}",
        ]
        for row in rows
    ]
    head = ["the paper's own", "source models", "one label [21]", "one label [22]", "one label, its own"]
    head += ["MTAA: attack", "MTAA: source model", "MTAA: RMSE of intensity"]
    return f"{written.table(head, cells)}\n\n{SOURCE}, Table {number}: its victims and images are not public."


def listed(names: Iterable[str]) -> str:
    """Names in words."""
    return ", ".join(map(title, names))

"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.core.titles import title
from mtaa.experiments import written
from mtaa.experiments.onelabel.paper import VICTIMS, PaperTable
from mtaa.experiments.onelabel.record import Cell, OneLabelRecord


def text(record: OneLabelRecord) -> str:
    """The setting, the rows, how often the label is right by attack and source model, and the paper's own table."""
    shown = [entry for entry in written.FIGURES if entry[0] in record.rows[0].figures]
    head = ["", "labels", *(words for _, words, _ in shown), *written.COST]
    rows = [
        [
            written.named(row, record.settings),
            str(row.classes),
            *(written.figure(row.figures[name], share) for name, _, share in shown),
            *written.cost(row),
        ]
        for row in record.rows
    ]
    what = "attack, source model and intensity" if record.settings.graded else "attack and source model"
    words = f"One label for {what} (Table {record.experiment.removeprefix('table')})."
    parts = [f"{words} {written.setting(record, record.settings)}", written.table(head, rows)]
    parts += [f"{written.named(row, record.settings)}:\n\n{matrix(row.cells)}" for row in record.rows]
    return "\n\n".join([*parts, written.floors(record.rows[0].figures), papers(record.paper)])


def matrix(cells: list[Cell]) -> str:
    """Attacks down, source models across, and means."""
    attacks, victims = ([*dict.fromkeys(getattr(cell, kind) for cell in cells)] for kind in ("attack", "victim"))
    found = {(cell.attack, cell.victim): cell.right for cell in cells}
    rows = [
        [title(attack), *(written.figure(found[attack, one], True) for one in victims), _mean(cells, "attack", attack)]
        for attack in attacks
    ]
    rows.append(["mean", *(_mean(cells, "victim", one) for one in victims), _mean(cells)])
    return written.table(["label right", *map(title, victims), "mean"], rows)


def papers(paper: PaperTable) -> str:
    """The paper's own figures, with their source."""
    rows = [
        [title(name), *(f"{value:.2f}%" for value in values), f"{sum(values) / len(values):.2f}%"]
        for name, values in paper.rows.items()
    ]
    columns = [sum(values) / len(values) for values in zip(*paper.rows.values(), strict=True)]
    rows.append(["mean", *(f"{value:.2f}%" for value in columns), f"{paper.average:.2f}%"])
    shown = written.table(["the paper's own", *map(title, VICTIMS), "mean"], rows)
    return f"{shown}\n\n{paper.source}: its victims and images are not public."


def _mean(cells: list[Cell], kind: str = "", name: str = "") -> str:
    values = [cell.right.value for cell in cells if not kind or getattr(cell, kind) == name]
    return f"{sum(values) / len(values):.1%}"

"""The experiment's table in Markdown, as a function of its record."""

from mtaa.experiments import written
from mtaa.experiments.table7.record import Table7Record


def text(record: Table7Record) -> str:
    """The setting, the rows with Δ_MTL, and the paper's own table."""
    shown = [entry for entry in written.FIGURES if entry[0] in record.rows[0].figures]
    head = ["", *(words for _, words, _ in shown), "Δ_MTL", *written.COST]
    rows = [
        [
            written.named(row, record.settings),
            *(written.figure(row.figures[name], share) for name, _, share in shown),
            f"{row.delta_mtl:+.2%}",
            *written.cost(row),
        ]
        for row in record.rows
    ]
    words = "One network for three tasks beside three networks, one a task, on the same examples."
    parts = [f"{words} {written.setting(record, record.settings)}", written.table(head, rows)]
    return "\n\n".join([*parts, written.floors(record.rows[0].figures), papers(record)])


def papers(record: Table7Record) -> str:
    """The paper's own figures, with their source."""
    rows = [
        [
            row.said,
            f"{row.attack_accuracy:.2%}",
            f"{row.victim_accuracy:.2%}",
            f"{row.intensity_rmse:.2f}",
            "" if row.delta_mtl is None else f"{row.delta_mtl:+.2%}",
            "" if row.millions is None else f"{row.millions:g}",
            "" if row.gflops is None else f"{1000 * row.gflops:,.0f}",
        ]
        for row in record.paper
    ]
    head = ["the paper's own", "attack", "source model", "RMSE of intensity", "Δ_MTL", "M parameters", "MFLOPs"]
    note = "eq. 15 on the figures it prints gives +2.19 %, not +1.17 %; its victims and images are not public"
    return f"{written.table(head, rows)}\n\n{record.paper_source}: {note}."

"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.experiments import written
from mtaa.experiments.contest.paper import SOURCE, PaperRow
from mtaa.experiments.contest.record import ContestRecord, Row


def text(record: ContestRecord) -> str:
    """The setting, the rows with Δ_MTL, what it is against, and the paper's own table."""
    shown = [entry for entry in written.FIGURES if entry[0] in record.rows[0].figures]
    head = ["", *(words for _, words, _ in shown), "Δ_MTL", *written.COST]
    rows = [
        [
            written.named(row, record.settings),
            *(written.figure(row.figures[name], share) for name, _, share in shown),
            "" if row.delta_mtl is None else f"{row.delta_mtl:+.2%}",
            *written.cost(row),
        ]
        for row in record.rows
    ]
    number = record.experiment.removeprefix("table")
    words = (
        f"One network for three tasks beside three networks, one a task, on the same examples (Table {number}). "
        "Δ_MTL, by eq. 15, is against three of the same backbone."
    )
    parts = [f"{words} {written.setting(record, record.settings)}", written.table(head, rows)]
    parts += [written.floors(record.rows[0].figures), shares(record.rows)]
    return "\n\n".join([*(one for one in parts if one), papers(record.paper, number)])


def shares(rows: list[Row]) -> str:
    """What the models of one network cost, beside those that they are held against."""
    found = []
    for row in rows:
        twin = next((one for one in rows if one.model == row.against and one.seed == row.seed), None)
        if twin and row.seed == rows[0].seed:
            parameters, flops = row.parameters / twin.parameters, row.flops / twin.flops
            found.append(f"{row.said} {parameters:.0%} of the parameters and {flops:.0%} of the FLOPs")
    return f"Of what it is held against has: {'; '.join(found)}." if found else ""


def papers(rows: tuple[PaperRow, ...], number: str) -> str:
    """The paper's own figures, with their source."""
    cells = [
        [
            row.said,
            f"{row.attack_accuracy:.2%}",
            f"{row.victim_accuracy:.2%}",
            f"{row.intensity_rmse:.2f}",
            "" if row.delta_mtl is None else f"{row.delta_mtl:+.2%}",
            "" if row.millions is None else f"{row.millions:g}",
            "" if row.gflops is None else f"{1000 * row.gflops:,.0f}",
        ]
        for row in rows
    ]
    head = ["the paper's own", "attack", "source model", "RMSE of intensity", "Δ_MTL", "M parameters", "MFLOPs"]
    note = "its victims and images are not public"
    if number == "7":
        note += "; eq. 15 on the figures it prints gives +2.19 %, not +1.17 %"
    return f"{written.table(head, cells)}\n\n{SOURCE}, Table {number}: {note}."

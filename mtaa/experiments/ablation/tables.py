"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.experiments import written
from mtaa.experiments.ablation.paper import PaperTable
from mtaa.experiments.ablation.record import AblationRecord


def text(record: AblationRecord) -> str:
    """The setting, the figures, their changes by part beside the paper's, and the paper's own table."""
    words = "What each part of the network is worth: one part is left out, all else is the same."
    parts = [
        f"{words} {written.setting(record, record.settings)}",
        figures(record),
        written.floors(record.rows[0].figures),
        changes(record),
        papers(record.paper),
    ]
    return "\n\n".join(parts)


def figures(record: AblationRecord) -> str:
    """What each variant gets right, and what it costs."""
    head = ["", *(words for _, words, _ in _shown(record)), *written.COST]
    rows = [
        [
            written.named(row, record.settings),
            *(written.figure(row.figures[name], share) for name, _, share in _shown(record)),
            *written.cost(row),
        ]
        for row in record.rows
    ]
    return written.table(head, rows)


def changes(record: AblationRecord) -> str:
    """What each part changes, image by image, beside what the paper has for it."""
    shown = [(name, words, share) for name, words, share in _shown(record) if name != "false_alarm_rate"]
    reference = next(row.said for row in record.rows if row.variant == record.reference)
    head = [f"less the figure of: {reference}", *(words for _, words, _ in shown), "in the paper"]
    rows = [
        [
            written.named(row, record.settings),
            *(written.change(row.changes[name], share) for name, _, share in shown),
            _paper(row.paper),
        ]
        for row in record.rows
        if row.changes
    ]
    return written.table(head, rows)


def papers(table: PaperTable) -> str:
    """The paper's own figures, with their source."""
    rows = [
        [row.said, f"{row.attack_accuracy:.2%}", f"{row.victim_accuracy:.2%}", f"{row.intensity_rmse:.2f}"]
        for row in table.rows
    ]
    shown = written.table(["the paper's own", "attack", "source model", "RMSE of intensity"], rows)
    return f"{shown}\n\n{table.source}: its victims and images are not public, and its rows add one part after another."


def _shown(record: AblationRecord) -> list[tuple[str, str, bool]]:
    return [entry for entry in written.FIGURES if entry[0] in record.rows[0].figures]


def _paper(there: dict[str, float]) -> str:
    if not there:
        return "–"
    attack, victim = 100 * there["attack_accuracy"], 100 * there["victim_accuracy"]
    return f"{attack:+.2f} and {victim:+.2f} points, RMSE {there['intensity_rmse']:+.2f}"

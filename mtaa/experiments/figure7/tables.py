"""The experiment's table in Markdown, as a function of its record."""

from mtaa.experiments import written
from mtaa.experiments.figure7.record import Figure7Record

_WORDS = {"attack": "attack, share right", "victim": "source model, share right", "intensity": "RMSE of intensity"}


def text(record: Figure7Record) -> str:
    """A row a task: the course of its curve, and how soon it has risen."""
    head = ["on validation images", "first epoch", "best", "last", "half the way after", "nine tenths after"]
    rows = []
    for row in record.rows:
        form, best = (".2f", min) if row.task == "intensity" else (".1%", max)
        ends = [f"{value:{form}}" for value in (row.values[0], best(row.values), row.values[-1])]
        epochs = ["–" if epoch is None else f"epoch {epoch}" for epoch in (row.half, row.nine_tenths)]
        rows.append([_WORDS[row.task], *ends, *epochs])
    setting = (
        f"How soon each task is learnt, after the paper's Figure 7: {len(record.rows[0].values)} epochs of checkpoint "
        f"`{record.settings.checkpoint}` (weights {record.weights_sha256[:12]})."
    )
    return f"{setting}\n\n{written.table(head, rows)}"

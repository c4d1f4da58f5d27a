"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.titles import title
from mtaa.experiments.reattack.record import ReattackRecord, Row
from mtaa.experiments.written import figure, table


def text(record: ReattackRecord) -> str:
    """What was measured, one line an attack and mode."""
    columns = ["attack", "from", "images", "true source model agrees best", "decided", "of these right"]
    columns += ["network alone, same images", "correlation", "of the best other"]
    return "\n\n".join([_setting(record), table(columns, [_cells(row) for row in record.rows]), _originals(record)])


def _setting(record: ReattackRecord) -> str:
    machine, count = record.environment, len(record.victims_sha256)
    return (
        f"Checkpoint `{record.settings.checkpoint}` (weights {record.weights_sha256[:12]}), {count} source models "
        f"(chance {1 / count:.0%}); seed {record.settings.seed}, {machine.cpu}, torch {machine.torch}, {machine.date}. "
        f"Decided: one source model leads the others by {record.lead:g} in correlation and, from the "
        f"original, reaches {record.near:g}. 95 % intervals in brackets."
    )


def _originals(record: ReattackRecord) -> str:
    """How often a reference is doubted, one line an attack."""
    head = ["doubted, of references given", "the true original", "another picture", "the true one moved by a pixel"]
    doubted = {(one.attack, one.given): figure(one.doubted, share=True) for one in record.originals}
    attacks = dict.fromkeys(one.attack for one in record.originals)
    rows = [[title(name), *(doubted[name, given] for given in ("true", "other", "shifted"))] for name in attacks]
    return table(head, rows)


def _cells(row: Row) -> list[str]:
    return [
        title(row.attack),
        "clean original" if row.mode == "reference" else "estimate",
        f"{row.first.count:,}",
        figure(row.first, share=True),
        f"{row.decided.value:.1%}",
        "–" if row.right is None else figure(row.right, share=True),
        figure(row.verdict, share=True),
        f"{row.correlation:.2f}",
        f"{row.other:.2f}",
    ]

"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.titles import title
from mtaa.evaluation.record import Figure
from mtaa.experiments.reattack.record import ReattackRecord, Row


def text(record: ReattackRecord) -> str:
    """What was measured, one line an attack and mode."""
    columns = ["attack", "from", "images", "true source model agrees best", "decided", "of these right"]
    columns += ["network alone, same images", "correlation", "of the best other"]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in record.rows]
    return "\n".join([_setting(record), "", *lines, "", *_originals(record)])


def _setting(record: ReattackRecord) -> str:
    machine, count = record.environment, len(record.victims_sha256)
    return (
        f"Checkpoint `{record.settings.checkpoint}` (weights {record.weights_sha256[:12]}), {count} source models "
        f"(chance {1 / count:.0%}); seed {record.settings.seed}, {machine.cpu}, torch {machine.torch}, {machine.date}. "
        f"Decided: one source model leads the others by {record.lead:g} in correlation. 95 % intervals in brackets."
    )


def _originals(record: ReattackRecord) -> list[str]:
    """How often a reference is doubted, one line an attack."""
    by_attack = {
        one.attack: {o.given: o.doubted for o in record.originals if o.attack == one.attack} for one in record.originals
    }
    head = "| doubted, of references given | the true original | another picture | the true one moved by a pixel |"
    return [
        head,
        "|---|---|---|---|",
        *(
            f"| {title(attack)} | {_share(found['true'])} | {_share(found['other'])} | {_share(found['shifted'])} |"
            for attack, found in by_attack.items()
        ),
    ]


def _cells(row: Row) -> list[str]:
    return [
        title(row.attack),
        "clean original" if row.mode == "reference" else "estimate",
        f"{row.first.count:,}",
        _share(row.first),
        f"{row.decided.value:.1%}",
        "–" if row.right is None else _share(row.right),
        _share(row.verdict),
        f"{row.correlation:.2f}",
        f"{row.other:.2f}",
    ]


def _share(figure: Figure) -> str:
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]"

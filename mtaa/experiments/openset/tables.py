"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.core.standing import WORDS as STANDINGS
from mtaa.core.strange import UNUSUAL
from mtaa.core.titles import title
from mtaa.experiments.openset.record import OpensetRecord, Row, Task
from mtaa.experiments.written import figure, table

WORDS = {"softmax": "softmax", "energy": "energy", "neighbours": "nearest known", "mahalanobis": "Mahalanobis"}
STANDING: dict[str, str] = dict(STANDINGS) | {"undecided": "undecided", "destroyed": "evidence destroyed"}
TASKS: dict[Task, str] = {"attack": "attack", "victim": "source model"}


def text(record: OpensetRecord) -> str:
    """AUROC by score, what is found with 5 % of the known lost, and what the network says of it."""
    scores = list(record.rows[0].auroc)
    heads = ["unknown", "asked of", "images", *(f"AUROC, {WORDS[name]}" for name in scores)]
    heads += ["found, nearest known", "called adversarial", "taken for"]
    rates = [
        [TASKS[task], figure(record.accuracy[task], True), *(f"{rates[name]:.3f}" for name in scores)]
        for task, rates in record.oscr.items()
        if rates
    ]
    parts = [_setting(record), table(heads, [_cells(row, scores) for row in record.rows])]
    if any(row.standing for row in record.rows):
        said = [[row.said, *(f"{row.standing.get(one, 0) / row.count:.1%}" for one in STANDING)] for row in record.rows]
        parts.append(table(["what verdicts say", *STANDING.values()], said))
    if rates:
        parts.append(table(["OSCR", "right answers to the known", *(WORDS[name] for name in scores)], rates))
    return "\n\n".join(parts)


def _setting(record: OpensetRecord) -> str:
    machine, known = record.environment, " and ".join(f"{record.known[one]:,} ({TASKS[one]})" for one in TASKS)
    left = f" Left out, not being fetched: {', '.join(record.absent)}." if record.absent else ""
    return (
        f"Checkpoint `{record.settings.checkpoint}` (weights {record.weights_sha256[:12]}): what it does not know "
        f"against {known} known test examples of half of the source images, the other half being what scores compare "
        f"with; seed {record.settings.seed}, {machine.cpu}, torch {machine.torch}, {machine.date}. AUROC 0.5 is "
        f"chance. Found: the share beyond the value that {1 - UNUSUAL:.0%} of the known exceed which are named alike. "
        "In brackets 95 % intervals." + left
    )


def _cells(row: Row, scores: list[str]) -> list[str]:
    (first, most), *others = row.named.items()
    rest = f", {title(others[0][0])} {others[0][1] / row.count:.0%}" if others else ""
    return [
        row.said,
        TASKS[row.task],
        str(row.count),
        *(f"{row.auroc[name].value:.3f} [{row.auroc[name].low:.3f}, {row.auroc[name].high:.3f}]" for name in scores),
        figure(row.found["neighbours"], True),
        f"{row.called.value:.1%}",
        f"{title(first)} {most / row.count:.0%}{rest}",
    ]

"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.strange import UNUSUAL
from mtaa.core.titles import title
from mtaa.experiments.leftout.record import Left, LeftoutRecord
from mtaa.experiments.openset.tables import WORDS
from mtaa.experiments.written import figure, table


def text(record: LeftoutRecord) -> str:
    """AUROC by score, what is found where a verdict warns, and what the network takes the attack for."""
    scores, machine = list(record.rows[0].row.auroc), record.environment
    head = ["left out", "images", "accuracy on the rest", *(f"AUROC, {WORDS[name]}" for name in scores)]
    head += ["found, nearest known", "OSCR, nearest known", "called adversarial", "taken for"]
    words = (
        f"A network `{record.settings.network}` for each attack of scenario `{record.settings.scenario}`, trained on "
        f"the others; seed {record.settings.seeds[0]}, {machine.cpu}, torch {machine.torch}, {machine.date}. "
        f"{record.remark} Known test examples of half of the source images are what scores compare with, those of the "
        f"other half what the attack is told from. AUROC 0.5 is chance. Found: the share beyond the value that "
        f"{1 - UNUSUAL:.0%} of the known exceed which are named alike. In brackets 95 % intervals."
    )
    return "\n\n".join([words, table(head, [_cells(left, scores) for left in record.rows])])


def _cells(left: Left, scores: list[str]) -> list[str]:
    row = left.row
    return [
        title(left.attack),
        f"{row.count:,}",
        figure(left.accuracy, True),
        *(f"{row.auroc[name].value:.3f} [{row.auroc[name].low:.3f}, {row.auroc[name].high:.3f}]" for name in scores),
        figure(row.found["neighbours"], True),
        f"{left.oscr['neighbours']:.3f}",
        f"{row.called.value:.1%}",
        ", ".join(f"{title(name)} {count / row.count:.0%}" for name, count in list(row.named.items())[:2]),
    ]

"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.titles import title
from mtaa.experiments import written
from mtaa.experiments.figure2.record import NEIGHBOURS, Figure2Record


def text(record: Figure2Record) -> str:
    """The setting, how far the map can be believed, and how pure each class lies on it."""
    rows = [
        [
            title(row.attack),
            title(row.victim),
            str(row.count),
            f"{row.own:.1%}",
            f"{row.next}, {row.next_share:.1%}" if row.next else "–",
        ]
        for row in record.rows
    ]
    words = (
        f"A t-SNE map of the logits of {title(record.settings.backbone)}, which names attack and source model as one "
        f"label and is right in {written.figure(record.accuracy, True)} (after the paper's Figure 2). "
        f"{written.setting(record, record.settings)} Most of the {NEIGHBOURS} nearest on the map share the attack in "
        f"{written.figure(record.attack_knn, True)} and the source model in {written.figure(record.victim_knn, True)} "
        f"(chance {record.attack_knn.floor:.1%} and {record.victim_knn.floor:.1%}); trustworthiness {record.trust:.3f}."
    )
    head = ["attack", "source model", "images", f"of the {NEIGHBOURS} nearest alike", "most of the others"]
    return f"{words}\n\n{written.table(head, rows)}"

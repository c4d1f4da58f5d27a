"""The experiment's table in Markdown, as a function of its record."""

from mtaa.core.titles import title
from mtaa.experiments import written
from mtaa.experiments.figure6.record import Figure6Record


def text(record: Figure6Record) -> str:
    """The setting, and a row a block with each attack's measures."""
    attacks = list(dict.fromkeys(row.attack for row in record.rows))
    cells = {(row.attack, row.block): row for row in record.rows}
    blocks = list(dict.fromkeys(row.block for row in record.rows))
    head = ["block", *(f"{title(name)}: {words}" for name in attacks for words in ("MSE", "MAE", "relative MSE"))]
    rows = [
        [block.replace("_", " ")]
        + [
            text
            for name in attacks
            for text in (
                written.figure(cells[name, block].mse, share=False),
                written.figure(cells[name, block].mae, share=False),
                f"{cells[name, block].share.value:.1%}",
            )
        ]
        for block in blocks
    ]
    machine, count = record.environment, sum(cells[name, blocks[0]].mse.count for name in attacks)
    setting = (
        f"Feature maps of {count:,} adversarial test images of checkpoint `{record.settings.checkpoint}` (weights "
        f"{record.weights_sha256[:12]}) less those of their clean images, block by block, after the paper's Figure 6; "
        f"{machine.cpu}, {machine.date}. Relative: to the clean map's mean square. In brackets 95 % intervals."
    )
    return f"{setting}\n\n{written.table(head, rows)}"

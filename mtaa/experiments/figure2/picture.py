"""The map as a picture: colour tells the source model, the mark the attack."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mtaa.core import files
from mtaa.core.titles import title
from mtaa.dataset.picture import check
from mtaa.experiments.figure2.record import Figure2Record

MARKS = ("o", "^", "s", "D", "P", "X", "v", "*", "<")


def draw(record: Figure2Record, path: Path) -> None:
    """Write PNG, SVG or PDF by the ending of `path`. Raises `InputError` for another."""
    check(path)
    points, attack, victim = np.array(record.points), np.array(record.attack), np.array(record.victim)
    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.subplots()
    for number, name in enumerate(record.victims):
        for place, kind in enumerate(record.attacks):
            x, y = points[(victim == number) & (attack == place)].T
            colour, mark = f"C{number}", MARKS[place % len(MARKS)]
            axes.scatter(x, y, s=14, c=colour, marker=mark, label=f"{title(kind)}, {title(name)}", alpha=0.7)
    axes.set_xticks([])
    axes.set_yticks([])
    figure.legend(loc="outside right upper", fontsize=8, frameon=False)
    with files.atomic(path) as temporary:
        figure.savefig(temporary, format=path.suffix.lower()[1:], dpi=120)

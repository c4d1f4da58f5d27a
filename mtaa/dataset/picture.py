"""The identifiability report as a picture: one heat map an attack, victims down, intensities across."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from mtaa.attacks import ATTACKS
from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.core.titles import title
from mtaa.dataset.identifiability import REACHED, Identifiability

FORMATS = (".png", ".svg", ".pdf")


def check(path: Path) -> None:
    """Raises `InputError` where a picture can't have that name."""
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"picture must end in {', '.join(FORMATS)}, got {path.name}; rename it")


def draw(report: Identifiability, path: Path) -> None:
    """Write PNG, SVG or PDF by the ending of `path`: colour is the share fooled, a cross marks a κ out of reach."""
    check(path)
    attacks = list(dict.fromkeys(cell.attack for cell in report.cells))
    victims = list(dict.fromkeys(cell.victim for cell in report.cells))
    figure = Figure(figsize=(9, 1.2 + len(attacks) * (0.7 + 0.3 * len(victims))), layout="constrained")
    rows = figure.subplots(len(attacks), 1, squeeze=False)[:, 0]
    for axes, attack in zip(rows, attacks, strict=True):
        cells = [cell for cell in report.cells if cell.attack == attack]
        values = sorted({cell.intensity for cell in cells})
        shares = np.full((len(victims), len(values)), np.nan)
        for cell in cells:
            place = victims.index(cell.victim), values.index(cell.intensity)
            shares[place] = cell.fooled
            if cell.reached < REACHED:
                axes.plot(place[1], place[0], "x", color="tab:red", markersize=7)
        image = axes.imshow(shares, vmin=0, vmax=1, cmap="Greys", aspect="auto")
        axes.set_title(title(attack), loc="left", fontsize=10)
        axes.set_yticks(range(len(victims)), [title(name) for name in victims], fontsize=8)
        axes.set_xticks(range(len(values)), [f"{value:g}" for value in values], fontsize=8)
        axes.set_xlabel(f"{ATTACKS[attack].symbol} ({ATTACKS[attack].unit})", fontsize=8)
    figure.colorbar(image, ax=rows.tolist(), label="fooled after rounding", shrink=0.6)
    figure.suptitle(f"{report.scenario}, {report.images} images a cell; × = out of reach", fontsize=10)
    with files.atomic(path) as temporary:
        figure.savefig(temporary, format=path.suffix.lower()[1:], dpi=120)

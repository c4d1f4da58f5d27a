"""What the paper prints in these tables. Its victims and images are not public, so only rows of one table compare."""

from mtaa.experiments.record import Record

SOURCE = "Guo et al., arXiv 2302.14059"


class PaperRow(Record):
    """One row: GFLOPs and million parameters where it has them, accuracies as shares, Δ_MTL as it is printed."""

    said: str
    gflops: float | None
    millions: float | None
    attack_accuracy: float
    victim_accuracy: float
    intensity_rmse: float
    delta_mtl: float | None


def _row(
    said: str, cost: tuple[float, float] | None, attack: float, victim: float, rmse: float, delta: float | None = None
) -> PaperRow:
    gflops, millions = cost or (None, None)
    return PaperRow(
        said=said,
        gflops=gflops,
        millions=millions,
        attack_accuracy=round(attack / 100, 4),
        victim_accuracy=round(victim / 100, 4),
        intensity_rmse=rmse,
        delta_mtl=None if delta is None else round(delta / 100, 4),
    )


PAPER = {
    "table7": (
        _row("single task, self-built [21]", None, 95.36, 93.47, 9.64),
        _row("single task, ResNet50 [22]", (0.97, 71), 100, 99.81, 6.46),
        _row("MTAA, ResNet50", (0.77, 48), 100, 99.88, 6.04, 1.17),  # eq. 15 on the same figures gives 2.19
    ),
    "table8": (
        _row("single task, self-built [21]", None, 88.54, 83.22, 12.97),
        _row("single task, ResNet50 [22]", (12, 71), 97.43, 93.25, 7.93),
        _row("single task, ResNet101", (24, 128), 98.68, 94.72, 7.33),
        _row("MTAA, ResNet50", (9, 48), 99.68, 96.95, 7.32, 4.66),
        _row("MTAA, ResNet101", (21, 108), 99.78, 97.84, 6.79, 3.93),
    ),
    "table11": (
        _row("single task, ResNet50", (12, 71), 100, 99.89, 7.01),
        _row("MTAA, ResNet50", (9, 48), 100, 99.98, 6.51, 2.41),
    ),
    "table12": (
        _row("single task, ResNet101", (24, 128), 97.58, 94.45, 11.23),
        _row("MTAA, ResNet101", (21, 108), 99.81, 96.41, 7.21, 13.39),
    ),
}

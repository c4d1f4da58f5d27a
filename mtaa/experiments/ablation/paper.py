"""What the paper prints of its own ablation. Other victims, images and attacked pixels than ours: not to be compared
figure by figure, but part by part."""

from mtaa.experiments.record import Record


class PaperRow(Record):
    """One row: accuracies as shares, RMSE over all units."""

    said: str
    attack_accuracy: float
    victim_accuracy: float
    intensity_rmse: float


class PaperTable(Record):
    """A table and where it stands."""

    source: str
    rows: tuple[PaperRow, ...]


def _row(said: str, attack: float, victim: float, rmse: float) -> PaperRow:
    shares = {"attack_accuracy": round(attack / 100, 4), "victim_accuracy": round(victim / 100, 4)}
    return PaperRow(said=said, **shares, intensity_rmse=rmse)


TABLE_13 = PaperTable(
    source="Guo et al., arXiv 2302.14059, Table 13 (MNIST, 48,000 training examples)",
    rows=(
        _row("ResNet18, losses summed", 98.92, 84.72, 7.88),
        _row("ResNet18, uncertainty weighting", 99.54, 97.84, 7.21),
        _row("ResNet18, uncertainty weighting, task-specific layers", 99.79, 98.37, 7.02),
        _row("ResNet50, uncertainty weighting, task-specific layers", 99.94, 99.26, 6.42),
        _row("ResNet50, uncertainty weighting, task-specific layers, perturbation extractor", 100, 99.88, 6.04),
    ),
)


def change(first: int, second: int) -> dict[str, float]:
    """By figure, row `first` of Table 13 less row `second`."""
    one, two = (TABLE_13.rows[place].model_dump(exclude={"said"}) for place in (first, second))
    return {name: round(one[name] - two[name], 4) for name in one}

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


def _table(where: str, small: str, large: str, figures: list[tuple[float, float, float]]) -> PaperTable:
    weighted, specific = "uncertainty weighting", "task-specific layers"
    said = [
        f"{small}, losses summed",
        f"{small}, {weighted}",
        f"{small}, {weighted}, {specific}",
        f"{large}, {weighted}, {specific}",
        f"{large}, {weighted}, {specific}, perturbation extractor",
    ]
    rows = tuple(_row(words, *row) for words, row in zip(said, figures, strict=True))
    return PaperTable(source=f"Guo et al., arXiv 2302.14059, {where}, 48,000 training examples)", rows=rows)


TABLES = {
    "table13": _table(
        "Table 13 (MNIST",
        "ResNet18",
        "ResNet50",
        [(98.92, 84.72, 7.88), (99.54, 97.84, 7.21), (99.79, 98.37, 7.02), (99.94, 99.26, 6.42), (100, 99.88, 6.04)],
    ),
    "table14": _table(
        "Table 14 (ImageNet",
        "ResNet50",
        "ResNet101",
        [(98.12, 70.82, 8.7), (99.3, 95.98, 7.9), (99.48, 96.1, 7.81), (99.61, 97.13, 7.25), (99.78, 97.84, 6.79)],
    ),
}


def change(table: PaperTable, first: int, second: int) -> dict[str, float]:
    """By figure, row `first` of `table` less row `second`."""
    one, two = (table.rows[place].model_dump(exclude={"said"}) for place in (first, second))
    return {name: round(one[name] - two[name], 4) for name in one}

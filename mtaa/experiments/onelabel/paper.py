"""What the paper prints in Tables 2 to 5, in percent. Its victims and images are not public."""

from mtaa.experiments.record import Record

VICTIMS = ("inception_v3", "resnet18", "resnet50", "vgg16", "vgg19")


class PaperTable(Record):
    """Percent right by attack, for its five victims in the order of `VICTIMS`, and over all."""

    source: str
    rows: dict[str, tuple[float, float, float, float, float]]
    average: float


def _table(number: int, fgsm: list[float], pgd: list[float], cw: list[float], average: float) -> PaperTable:
    rows = {"fgsm": tuple(fgsm), "pgd": tuple(pgd), "cw": tuple(cw)}
    return PaperTable.model_validate(
        {"source": f"Guo et al., arXiv 2302.14059, Table {number}", "rows": rows, "average": average}
    )


PAPER = {
    "table2": _table(2, [100, 100, 100, 100, 100], [100, 97, 100, 99.75, 99.25], [99.75, 99.5, 100, 100, 99.75], 99.67),
    "table3": _table(3, [99.5, 99.25, 99, 99.5, 92.5], [99, 98, 98.5, 95.25, 98], [99.75, 98.5, 98, 98.75, 95], 97.9),
    "table4": _table(4, [97.25, 99.5, 99.75, 99.75, 98], [70, 86.5, 87, 78.5, 82.5], [13, 14.75, 16, 12, 7.75], 64.15),
    "table5": _table(
        5, [96.25, 89.75, 97, 92.5, 95.25], [71.25, 57.5, 60.75, 66.25, 61.5], [26, 25, 28.75, 23.5, 27], 61.22
    ),
}

"""What the paper prints in Tables 9 and 10: percent right of one label for all, then MTAA's three figures."""

from mtaa.experiments.record import Record

SOURCE = "Guo et al., arXiv 2302.14059"
_FIRST, _SECOND = ("inception_v3", "resnet18", "vgg16"), ("inception_v3", "resnet50", "vgg19")
PARTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("fgsm", "pgd", "cw"), ("inception_v3", "resnet18", "resnet50", "vgg16", "vgg19")),
    (("fgsm", "pgd"), _FIRST),
    (("fgsm", "cw"), _FIRST),
    (("fgsm", "pgd"), _SECOND),
    (("pgd", "cw"), _SECOND),
)


class PaperRow(Record):
    """One part, as above. self_built, deep, classifier: one label by [21], by [22], by the paper's pre-experiment."""

    attacks: tuple[str, ...]
    victims: tuple[str, ...]
    self_built: float
    deep: float
    classifier: float
    attack: float
    victim: float
    rmse: float


def _rows(*figures: tuple[float, ...]) -> tuple[PaperRow, ...]:
    names = ("self_built", "deep", "classifier", "attack", "victim", "rmse")
    return tuple(
        PaperRow.model_validate({"attacks": part[0], "victims": part[1], **dict(zip(names, row, strict=True))})
        for part, row in zip(PARTS, figures, strict=True)
    )


PAPER = {
    "table9": _rows(
        (57.53, 64.15, 64.15, 100, 99.88, 6.04),
        (83.74, 92.21, 92.21, 100, 100, 3.72),
        (55.76, 68.33, 68.33, 100, 99.96, 5.71),
        (85.54, 91.71, 91.71, 100, 100, 2.06),
        (50.06, 56.62, 56.62, 100, 99.96, 7.02),
    ),
    "table10": _rows(
        (50.71, 59.73, 61.22, 99.78, 97.84, 6.79),
        (71.26, 78.53, 82.96, 99.97, 98.93, 5.96),
        (49.98, 59.42, 62.33, 99.97, 98.24, 7.76),
        (63.76, 71.32, 84.07, 99.93, 98.69, 6.02),
        (39.98, 47.21, 48.04, 99.97, 98.21, 8.01),
    ),
}

"""The scenario behind a calibration: fresh examples of validation images, computed as those of a test are."""

from mtaa.core import seeds
from mtaa.scenario.record import AttackSpec, CellCounts, PrecisionSpec, Scenario

_WHAT = "calibration"
_LONGEST = 63


def calibration(known: Scenario, examples: int) -> Scenario:
    """`examples` of each cell of `known`, all of validation images, and as many clean ones as an attack has on average.

    The seed is another than that of `known`, so that other images are drawn than those a training was watched by.
    Gradients are in the precision of its test: what is promised of a test holds only where calibration examples are
    made like its own (exchangeable).
    """
    count = CellCounts(train=0, validation=examples, test=0)
    attacks = [spec.model_copy(update={"examples": count}) for spec in known.attacks]
    clean = CellCounts(train=0, validation=_mean(attacks, examples * len(known.victims)), test=0)
    changes = {
        "name": f"{known.name[: _LONGEST - 1 - len(_WHAT)]}-{_WHAT}",
        "description": f"For the calibration of a checkpoint of {known.name}: validation images alone.",
        "attacks": attacks,
        "examples": count,
        "clean": clean if known.clean else None,
        "controls": [one.model_copy(update={"examples": count}) for one in known.controls],
        "precision": PrecisionSpec(validation=known.precision.test),
        "seed": seeds.derive(_WHAT, known.seed),
    }
    return Scenario.model_validate(known.model_copy(update=changes).model_dump())


def _mean(attacks: list[AttackSpec], examples: int) -> int:
    """Examples of an attack over all its cells, `examples` a strength, on average."""
    return round(examples * sum(len(spec.intensities.values()) for spec in attacks) / len(attacks))

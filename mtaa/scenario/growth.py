"""What a checkpoint is to know beside what it knows: the joined scenario, and the parts that make its examples."""

from mtaa.core.errors import InputError
from mtaa.scenario.record import AttackSpec, CellCounts, ControlSpec, ImagesSpec, PrecisionSpec, Scenario

TEST = 200  # examples, over all its cells, on which a new attack is measured
REPLAYED = 4  # of each known cell, to be trained on again; for calibration a quarter
CLEAN_CELLS = 100  # clean images count as so many cells
_LONGEST = 63


def union(known: Scenario, wanted: Scenario) -> Scenario:
    """`wanted` with all that `known` has beside it, attacks and victims of `known` first.

    Where both specify an attack or a control, `wanted` counts. Raises `InputError` where their images differ.
    """
    if _geometry(known.images) != _geometry(wanted.images):
        raise InputError(
            f"images must be {_geometry(known.images)} as of the checkpoint to start from, got "
            f"{_geometry(wanted.images)}; train a new checkpoint on them"
        )
    specs = [(scenario.counts(spec), spec) for scenario in (known, wanted) for spec in scenario.attacks]
    attacks = {spec.name: spec.model_copy(update={"examples": counts}) for counts, spec in specs}
    controls = {spec.name: spec for spec in (*known.controls, *wanted.controls)}
    return wanted.model_copy(
        update={
            "victims": list(dict.fromkeys([*known.victims, *wanted.victims])),
            "attacks": list(attacks.values()),
            "clean": wanted.clean or known.clean,
            "controls": list(controls.values()),
            "weights": known.weights | wanted.weights,
        }
    )


def few_shot(known: Scenario, attacks: list[AttackSpec], victims: list[str], shots: int, name: str) -> Scenario:
    """`known` with few examples of what it has, and at least `shots` of each new attack and victim to train on and to
    calibrate.

    Raises `InputError` where nothing is to be added, or something that is known.
    """
    if not attacks and not victims:
        raise InputError("an attack or a source model to add must be named, got neither; see: mtaa list attacks")
    for kind, given, had in (
        ("attack", [spec.name for spec in attacks], [spec.name for spec in known.attacks]),
        ("source model", victims, known.victims),
    ):
        if again := [one for one in given if one in had]:
            raise InputError(f"{kind} must be new to the checkpoint, got {again[0]}, which it knows; leave it out")
    count = len(known.victims) + len(victims)
    added = [spec.model_copy(update={"examples": _cells(spec, count, shots)}) for spec in attacks]
    # Of a new victim all are of known attacks.
    least = -(-shots // sum(len(spec.intensities.values()) for spec in known.attacks)) if victims else 1
    kept = [spec.model_copy(update={"examples": _thin(known.counts(spec), least=least)}) for spec in known.attacks]
    made = known.model_copy(
        update={
            "name": "".join(letter if letter.isalnum() else "-" for letter in name.lower())[:_LONGEST],
            "description": "",
            "victims": [*known.victims, *victims],
            "attacks": [*kept, *added],
            "examples": _thin(known.examples),
            "clean": known.clean and _thin(known.clean, CLEAN_CELLS),
            "controls": [one.model_copy(update={"examples": _thin(one.examples)}) for one in known.controls],
            "precision": PrecisionSpec(),  # as attackers compute; few examples need no shortcut
        }
    )
    return Scenario.model_validate(made.model_dump())


def additions(known: Scenario, grown: Scenario) -> list[Scenario]:
    """What must be made for `grown` beside examples of what is known: its new attacks on all victims, and the known
    attacks on its new victims."""
    attacks, victims = new(known, grown)
    fresh = [spec for spec in grown.attacks if spec.name in attacks]
    old = [spec for spec in grown.attacks if spec.name not in attacks]
    parts = [_part(grown, "attacks", fresh, grown.victims)] if fresh else []
    return parts + ([_part(grown, "victims", old, victims)] if victims else [])


def replay(known: Scenario, grown: Scenario) -> Scenario:
    """The few examples of what is known: trained on beside what is new, lest it be forgotten.

    None is for a test; those come with the checkpoint.
    """
    names = {spec.name for spec in known.attacks}
    specs = [spec for spec in grown.attacks if spec.name in names]
    kept = [spec.model_copy(update={"examples": _untested(grown.counts(spec))}) for spec in specs]
    clean = grown.clean and _untested(grown.clean)
    controls = [one.model_copy(update={"examples": _untested(one.examples)}) for one in grown.controls]
    return _part(grown, "replay", kept, known.victims).model_copy(update={"clean": clean, "controls": controls})


def new(known: Scenario, grown: Scenario) -> tuple[list[str], list[str]]:
    """Attacks and victims of `grown` that `known` has not."""
    names = {spec.name for spec in known.attacks}
    attacks = [spec.name for spec in grown.attacks if spec.name not in names]
    return attacks, [name for name in grown.victims if name not in known.victims]


def _part(grown: Scenario, what: str, attacks: list[AttackSpec], victims: list[str]) -> Scenario:
    none: list[ControlSpec] = []
    name = f"{grown.name[: _LONGEST - 1 - len(what)]}-{what}"
    weights = {victim: digest for victim, digest in grown.weights.items() if victim in victims}
    changes = {"name": name, "attacks": attacks, "victims": victims, "clean": None, "controls": none}
    return grown.model_copy(update=changes | {"weights": weights})


def _cells(spec: AttackSpec, victims: int, shots: int) -> CellCounts:
    """Examples a cell so that there are at least `shots`, and `TEST` to measure on."""
    cells = len(spec.intensities.values()) * victims
    few = -(-shots // cells)
    return CellCounts(train=few, validation=few, test=-(-TEST // cells))


def _thin(counts: CellCounts, cells: int = 1, least: int = 1) -> CellCounts:
    return CellCounts(
        train=max(least, min(counts.train, REPLAYED * cells)),
        validation=max(least, min(counts.validation, REPLAYED // 4 * cells)),
        test=counts.test,
    )


def _untested(counts: CellCounts) -> CellCounts:
    return counts.model_copy(update={"test": 0})


def _geometry(images: ImagesSpec) -> str:
    return f"{images.source}, {images.channels} × {images.side} × {images.side}"

"""What a counter-check's answer is worth, as far as it was measured for a checkpoint. Free of torch."""

from mtaa.core.card import Card
from mtaa.core.countercheck import CounterCheck
from mtaa.core.titles import title
from mtaa.experiments.reattack.record import NAME, ReattackRecord, Row
from mtaa.experiments.registry import made

TRUSTED = 0.75  # an answer is heeded where it is right at least so often, by the lower end of the 95 % interval


def reliability(card: Card, attack: str, mode: str) -> Row | None:
    """The row of the record, or None where this checkpoint, attack and mode were not measured.

    Raises `IntegrityError` where the record can't be read.
    """
    found = made(NAME)
    assert found is None or isinstance(found, ReattackRecord)
    if found is None or found.weights_sha256 != card.weights_sha256:
        return None
    return next((row for row in found.rows if (row.attack, row.mode) == (attack, mode)), None)


def is_heeded(check: CounterCheck, worth: Row | None) -> bool:
    """Whether the answer counts. From the clean original it does unless measured otherwise; from an estimate, which may
    be far from it, only where it was measured."""
    if worth is None:
        return check.mode == "reference"
    return worth.right is not None and worth.right.low >= TRUSTED


def told(check: CounterCheck, attack: str, worth: Row | None) -> str:
    """How often such an answer is right, and whether it is to be heeded, in words."""
    where = "from the clean original" if check.mode == "reference" else "from an estimate of the original"
    if worth is None:
        said = f"How often this is right {where} was not measured for this checkpoint: mtaa experiment reattack."
    else:
        said = f"On {worth.first.count:,} test images of {title(attack)}, {where}, it decided {worth.decided.value:.0%}"
        if worth.right is not None:
            low, high = worth.right.low, worth.right.high
            said += f", {worth.right.value:.0%} of them right (95% interval {low:.0%} to {high:.0%})"
        said += f"; the network alone names the right source model in {worth.verdict.value:.0%}."
    return said if is_heeded(check, worth) else f"Do not rely on it. {said}"

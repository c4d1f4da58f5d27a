"""How likely an attack was beforehand, and what a verdict is worth then (Bayes' rule, base rates)."""

from typing import Any

MANY = 10_000  # images in the worked sentence


def posterior(probability: float, prior: float, learnt: float) -> float:
    """The probability that an image is adversarial where a share `prior` of all images is.

    `probability` is what the network says after it learnt on images of which a share `learnt` was adversarial; all
    three are in [0, 1]. Its odds are those of the evidence times the odds it learnt, which the prior's take the place
    of. Certain answers and certain priors stay as they are.
    """
    if learnt in (0, 1) or prior in (0, 1) or probability in (0, 1):
        return float(prior) if prior in (0, 1) else probability
    odds = _odds(probability) * _odds(prior) / _odds(learnt)
    return odds / (1 + odds)


def told(prior: float) -> str:
    """`1 image in 1,000`, `90%`."""
    return f"1 image in {round(1 / prior):,}" if prior <= 0.5 else f"{prior:.0%}"


def _odds(share: float) -> float:
    return share / (1 - share)


def worked(prior: float, metrics: dict[str, Any]) -> str | None:
    """What the prior means, in numbers of images; None where a card's `metrics` lack the rates for it.

    The rates are the worse ends of their 95 % intervals: a checkpoint that gave no false alarm may give some yet.
    """
    overall = metrics.get("overall", {})
    if not {"false_alarm_rate", "missed_rate"} <= overall.keys():
        return None
    alarms, missed = (overall[name]["high"] for name in ("false_alarm_rate", "missed_rate"))
    attacked = prior * MANY
    found, wrong = attacked * (1 - missed), (MANY - attacked) * alarms
    if found + wrong == 0:
        return None
    return (
        f"Of {MANY:,} images {attacked:,.0f} are attacked, and at least {found:,.0f} of these are called so; of the "
        f"{MANY - attacked:,.0f} clean ones up to {wrong:,.0f} are, too ({alarms:.1%} of them). So of those called "
        f"attacked at least {found / (found + wrong):.0%} are."
    )

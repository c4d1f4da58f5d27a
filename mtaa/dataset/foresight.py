"""What a scenario's labels can't mean, as far as it shows without computing; `identifiability` measures the rest."""

from mtaa.attacks import ATTACKS, build
from mtaa.core.errors import InputError
from mtaa.core.titles import title
from mtaa.scenario.record import AttackSpec, Scenario
from mtaa.victims import read_card

HALF_A_LEVEL = 0.5  # grey levels: less is rounded away


def foresee(scenario: Scenario) -> list[str]:
    """A sentence for each thing that makes a label doubtful. Raises `MtaaError` where a name or parameter is wrong."""
    said = [] if scenario.has_clean else ["Without a clean class every image, clean ones too, is said to be attacked."]
    for spec in scenario.attacks:
        said += [*_out_of_reach(scenario, spec), *_rounded_away(scenario, spec), *_like_fgsm(scenario, spec)]
    return said


def _out_of_reach(scenario: Scenario, spec: AttackSpec) -> list[str]:
    """κ beyond the margins in the victims' cards, which C&W with its own parameters was measured to reach."""
    if ATTACKS[spec.name].unit != "logits":
        return []
    over = {}
    for name in scenario.victims:
        try:
            margin = read_card(scenario.images, name).reachable_margin
        except InputError:  # not trained yet, so not measured
            continue
        if margin is not None and spec.intensities.values()[-1] > margin:
            over[name] = margin
    if not over:
        return []
    listed = ", ".join(f"{title(name)} {f'{margin:.1f}' if margin > 0 else 'none'}" for name, margin in over.items())
    return [
        f"{title(spec.name)} asks for κ up to {spec.intensities.values()[-1]:g}, but 95% of images reach only: "
        f"{listed}. Beyond that, κ can't be told from larger ones."
    ]


def _rounded_away(scenario: Scenario, spec: AttackSpec) -> list[str]:
    """Intensities that leave no trace, or the same one, in 8 bits."""
    unit, values = ATTACKS[spec.name].unit, spec.intensities.values()
    symbol = ATTACKS[spec.name].symbol
    if unit == "1/255":
        lost = [value for value in values if value < HALF_A_LEVEL]
        same = len({round(value) for value in values}) < len(values)
    elif unit == "L2":
        pixels = scenario.images.channels * scenario.images.side**2
        lost = [value for value in values if 255 * value / pixels**0.5 < HALF_A_LEVEL]
        same = False
    else:
        return []
    said = []
    if lost:
        said.append(
            f"{title(spec.name)} with {symbol} up to {lost[-1]:g} changes pixels by less than half a grey level; most "
            "of it is rounded away, and such images are clean ones under another name."
        )
    if same:
        said.append(
            f"{title(spec.name)} has values of {symbol} less than a grey level apart; rounded to 8 bits they are the "
            "same."
        )
    return said


def _like_fgsm(scenario: Scenario, spec: AttackSpec) -> list[str]:
    """Attacks whose first step already goes to the edge of the ε-ball, where FGSM ends."""
    fgsm = next((one for one in scenario.attacks if one.name == "fgsm"), None)
    if fgsm is None or spec.name == "fgsm":
        return []
    both = {round(value, 6) for value in fgsm.intensities.values()}
    shared = [value for value in spec.intensities.values() if round(value, 6) in both]
    settings = build(spec).parameters.model_dump()
    if spec.name == "pgd" and not settings["random_start"]:
        shared = [value for value in shared if value <= settings["step_size"]]
        why = f"α = {settings['step_size']:g} takes it to the edge of the ball in one step"
    elif spec.name == "bim" and settings["step_share"] >= 1:
        why = "α = ε takes it to the edge of the ball in one step"
    elif spec.name == "mi_fgsm" and settings["steps"] == 1:
        why = "it takes a single step"
    else:
        return []
    if not shared:
        return []
    which = ", ".join(f"{value:g}" for value in shared[:4]) + (", …" if len(shared) > 4 else "")
    return [
        f"{title(spec.name)} at ε = {which} may make the same image as FGSM at that ε: {why}. Raise ε above α, or make "
        "the step smaller."
        if spec.name != "mi_fgsm"
        else f"{title(spec.name)} at ε = {which} makes the same image as FGSM at that ε: {why}. Give it more steps."
    ]

"""Tables in Markdown, as functions of records."""

from mtaa.core.card import Card
from mtaa.core.growth import Shift
from mtaa.core.titles import title
from mtaa.evaluation.record import EvaluationRecord, Figure, Held, Reliability
from mtaa.victims import VictimCard


def summary(record: EvaluationRecord) -> str:
    """One checkpoint's figures, overall and by attack and by victim."""
    overall = record.figures.overall
    lines = [
        f"Checkpoint `{record.checkpoint}` (weights {record.weights_sha256[:12]}) on {record.examples:,} held-out "
        f"examples of {record.images}; {record.parameters / 1e6:.2f} M parameters, {record.flops / 1e6:,.0f} MFLOPs an "
        "image. In brackets 95 % intervals; the floor is the best constant answer.",
        "",
        "| | figure | floor |",
        "|---|---|---|",
    ]
    for name, words in _ROWS.items():
        if name in overall:
            figure = overall[name]
            shown = number(figure) if "rmse" in name else percent(figure)
            floor = "" if figure.floor is None else f"{figure.floor:.2f}" if "rmse" in name else f"{figure.floor:.1%}"
            lines.append(f"| {words} | {shown} | {floor} |")
    for name, figure in overall.items():
        if name.startswith("victim_accuracy_side_"):
            side = name.rsplit("_", 1)[1]
            floor = f"{figure.floor:.1%}" if figure.floor is not None else ""
            lines.append(f"| source model among those computing at {side} pixels | {percent(figure)} | {floor} |")
        if name.startswith("false_alarm_rate_"):
            control = title(name.removeprefix("false_alarm_rate_"))
            lines.append(f"| false alarms on clean images after {control} | {percent(figure)} |  |")
    lines += ["", "| | attack | source model | RMSE of intensity, in its unit | floor |", "|---|---|---|---|---|"]
    for name, cells in [*record.figures.by_attack.items(), *record.figures.by_victim.items()]:
        if name == "none":
            continue
        error = cells.get("intensity_rmse")
        size, floor = (number(error), f"{error.floor:.2f}") if error and error.floor is not None else ("", "")
        accuracies = f"{percent(cells['attack_accuracy'])} | {percent(cells['victim_accuracy'])}"
        lines.append(f"| {title(name)} | {accuracies} | {size} | {floor} |")
    if record.support:
        lines += ["", *_support(record)]
    if record.promises:
        lines += ["", *_promises(record)]
    return "\n".join(lines)


def _support(record: EvaluationRecord) -> list[str]:
    """How narrowly the source model is named: by itself, by its family, or not."""
    lines = [
        "| | source model named | of these right | only its family | of these right | undecided |",
        "|" + "---|" * 6,
    ]
    for name, cells in record.support.items():
        right = {level: percent(cells[f"{level}_right"]) if f"{level}_right" in cells else "" for level in _LEVELS}
        shares = " | ".join(f"{cells[level].value:.1%} | {right[level]}" for level in _LEVELS)
        lines.append(f"| {'all attacks' if name == 'all' else title(name)} | {shares} | {cells['none'].value:.1%} |")
    return lines


def _promises(record: EvaluationRecord) -> list[str]:
    """Sets and intervals against what they promise, the mean size of each behind a slash."""
    told = "; ".join(f"{_HEADS[head]} {calibration_error(one)}" for head, one in record.reliability.items())
    lines = [
        "How often the true answer is in a conformal set or interval, and after the slash how large that is on average "
        "(answers; grey levels or logits): the attack by the true one, the others by the one named. A set is never "
        f"empty, so that its rate is at least that of the likeliest answer. Calibration error (ECE): {told}.",
        "",
        "| | "
        + " | ".join(f"{words}, {one.level:.0%}" for words in _PROMISED.values() for one in record.promises)
        + " |",
        "|" + "---|" * (1 + len(_PROMISED) * len(record.promises)),
    ]
    for name in record.promises[0].attack:
        cells = [_held(getattr(one, part).get(name)) for part in _PROMISED for one in record.promises]
        lines.append(f"| {'all' if name == 'all' else title(name)} | {' | '.join(cells)} |")
    return lines


def _held(found: Held | None) -> str:
    return "" if found is None else f"{percent(found.coverage)} / {found.size:.1f}"


def calibration_error(found: Reliability) -> str:
    """The error with its interval, and what it was at temperature 1."""
    ends = "" if found.low is None or found.high is None else f" [{found.low:.1%}, {found.high:.1%}]"
    before = "" if found.untempered is None else f", untempered {found.untempered:.1%}"
    return f"{found.calibration_error:.1%}{ends}{before}"


def grown(card: Card) -> str:
    """What a checkpoint learnt that started from another, and what it forgot; empty for one that did not."""
    if (found := card.growth) is None:
        return ""
    lines = [f"Started from checkpoint `{found.start}` (weights {found.weights_sha256[:12]}). New to it:", ""]
    lines += ["| | trained on | recognised | of | taken for |", "|" + "---|" * 5]
    for name, told in [*found.attacks.items(), *found.victims.items()]:
        others = ", ".join(f"{title(other)} {count}" for other, count in told.taken_for.items())
        right = f"{told.right:.1%} [{told.low:.1%}, {told.high:.1%}]"
        lines.append(f"| {title(name)} | {told.trained_on} | {right} | {told.count} | {others or 'none'} |")
    if (own := found.labelled) is not None and own.right is not None:
        others = ", ".join(f"{title(other)} {count}" for other, count in own.taken_for.items())
        right = f"{own.right:.1%} [{own.low:.1%}, {own.high:.1%}]"
        words = f"{len(own.learnt)} images of {own.origin} were learnt from as {title(own.attack)}; of "
        words += f"{len(own.held_out)} held out, {right} are named so (taken for: {others or 'none'})."
        lines += ["", words]
    lines += ["", "Its old test examples, before and after, and the difference with its 95 % interval:", ""]
    lines += ["| | before | after | difference | of |", "|" + "---|" * 5]
    lines += [_shifted(_SHIFTED[key], shift, "rmse" in key) for key, shift in found.figures.items()]
    for name, shifts in found.by_attack.items():
        lines += [_shifted(f"{title(name)}: {_SHIFTED[key]}", shift, "rmse" in key) for key, shift in shifts.items()]
    return "\n".join(lines)


def _shifted(words: str, shift: Shift, is_size: bool) -> str:
    scale, form = (1, ".2f") if is_size else (100, ".1f")
    unit, points = ("", "") if is_size else (" %", " points")
    before, after = (f"{scale * value:{form}}{unit}" for value in (shift.before, shift.after))
    change, low, high = (f"{scale * value:+{form}}" for value in (shift.difference, shift.low, shift.high))
    return f"| {words} | {before} | {after} | {change}{points} [{low}, {high}] | {shift.count:,} |"


def victims(cards: list[VictimCard]) -> str:
    """The source models: how good they are, and how far C&W gets on them."""
    lines = [
        "| source model | side | accuracy on test images | C&W margin 95 % reach | half reach |",
        "|---|---|---|---|---|",
    ]
    for card in cards:
        low, high = card.accuracy_interval
        reach = f"{card.reach['margin_95_percent_reach']:.1f} | {card.reach['median']:.1f}" if card.reach else " | "
        accuracy = f"{card.accuracy:.2%} [{low:.2%}, {high:.2%}]"
        lines.append(f"| {title(card.called)} | {card.side} px | {accuracy} | {reach} |")
    return "\n".join(lines)


_HEADS = {"attack": "attack", "victim": "source model"}
_PROMISED = {"attack": "attack", "victim": "source model", "intensity": "intensity"}
_LEVELS = ("model", "family")
_SHIFTED = {
    "attack_accuracy": "attack",
    "victim_accuracy": "source model",
    "intensity_rmse": "RMSE of intensity",
    "false_alarm_rate": "false alarms on clean images",
    "missed_rate": "attacks taken for clean",
}
_ROWS = {
    "attack_accuracy": "attack or clean, all classes",
    "victim_accuracy": "source model, all classes",
    "victim_accuracy_adversarial": "source model, adversarial images",
    "joint_accuracy_adversarial": "all three right, intensity within one grid step",
    "intensity_rmse": "RMSE of intensity over all attacks",
    "intensity_rmse_reached": "RMSE of intensity, κ reached",
    "false_alarm_rate": "false alarms on clean images",
    "missed_rate": "attacks taken for clean",
    "interval_coverage": "true intensity inside the 90 % interval, attack named right",
    "fooling_rate": "fooled their victim after rounding",
}


def percent(figure: Figure) -> str:
    """A share with its interval."""
    return f"{figure.value:.1%} [{figure.low:.1%}, {figure.high:.1%}]"


def number(figure: Figure) -> str:
    """A number with its interval."""
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"

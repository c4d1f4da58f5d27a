"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.core.growth import Shift
from mtaa.core.titles import title
from mtaa.experiments.growing.record import GrowingRecord, Row


def text(record: GrowingRecord) -> str:
    """What was learnt and what was forgotten, one line a network."""
    added, stranger = title(record.settings.attack), record.settings.stranger
    columns = [f"{added} examples", "seed", "recognised", "else taken for", "source model", "RMSE of strength", "floor"]
    columns += ["old attack", "old source model", "old RMSE", "false alarms", "seconds"]
    columns += [f"{title(stranger)} taken for"] if stranger else []
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cells(row, record)) + " |" for row in record.rows]
    return "\n".join([_setting(record), "", *lines])


def _setting(record: GrowingRecord) -> str:
    settings, machine, first = record.settings, record.environment, record.rows[0].growth
    taught = f" {title(settings.stranger)} was taught to neither." if settings.stranger else ""
    before = "; ".join(f"{title(name)} for {_counts(counts)}" for name, counts in record.before.items())
    return (
        f"{title(settings.attack)} added to checkpoint `{settings.checkpoint}` (weights {record.weights_sha256[:12]}), "
        f"beside {first.replayed:,} replayed examples of {record.replay}; machine: {machine.cpu}, torch "
        f"{machine.torch}, {machine.date}. Old figures are of the checkpoint's own "
        f"{first.figures['attack_accuracy'].count:,} test examples: before, after, and the difference with its paired "
        f"95 % interval. Before, it took {before}." + taught
    )


def _cells(row: Row, record: GrowingRecord) -> list[str]:
    told, figures = row.growth.attacks[record.settings.attack], row.growth.figures
    error = row.rmse
    return [
        str(row.shots),
        str(row.seed),
        f"{told.right:.1%} [{told.low:.1%}, {told.high:.1%}] of {told.count}",
        _counts(told.taken_for),
        f"{row.victim.value:.1%} [{row.victim.low:.1%}, {row.victim.high:.1%}]",
        "–" if error is None else f"{error.value:.1f} [{error.low:.1f}, {error.high:.1f}]",
        "–" if error is None or error.floor is None else f"{error.floor:.1f}",
        _shares(figures["attack_accuracy"]),
        _shares(figures["victim_accuracy"]),
        _sizes(figures["intensity_rmse"]),
        _shares(figures["false_alarm_rate"]) if "false_alarm_rate" in figures else "–",
        f"{row.seconds:.0f}",
        *([_counts(row.stranger)] if record.settings.stranger else []),
    ]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{title(name)} {count}" for name, count in counts.items()) or "none"


def _shares(shift: Shift) -> str:
    low, high = 100 * shift.low, 100 * shift.high
    return f"{shift.before:.1%} → {shift.after:.1%}, {100 * shift.difference:+.1f} points [{low:+.1f}, {high:+.1f}]"


def _sizes(shift: Shift) -> str:
    return f"{shift.before:.2f} → {shift.after:.2f}, {shift.difference:+.2f} [{shift.low:+.2f}, {shift.high:+.2f}]"

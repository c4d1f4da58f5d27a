"""How figures and their changes are written in Markdown tables."""

from mtaa.evaluation.record import Figure
from mtaa.experiments.learning import Change, LearningRecord, LearningRow, LearningSettings

# Figure of `mtaa.experiments.exam`, its column, and whether it is a share.
FIGURES = (
    ("label_accuracy", "all that is asked", True),
    ("attack_accuracy", "attack or clean", True),
    ("victim_accuracy", "source model, adversarial images", True),
    ("intensity_rmse", "RMSE of intensity", False),
    ("epsilon_rmse", "RMSE of ε (1/255)", False),
    ("kappa_rmse", "RMSE of κ", False),
    ("false_alarm_rate", "false alarms", True),
)
COST = ["M parameters", "MFLOPs", "epochs", "seconds"]


def setting(record: LearningRecord, settings: LearningSettings) -> str:
    """How large the run was, what was trained and examined, and where."""
    machine, own = record.environment, f"scenario `{settings.scenario}`"
    whose = f"checkpoint `{settings.checkpoint}`" if settings.checkpoint else own
    return (
        f"{record.remark} Trained on {own} (data {record.data_sha256[:12]}), examined on {record.test_examples:,} test "
        f"images of {whose} ({record.test_sha256[:12]}) of other source images, at 8 bits; {machine.cpu}, "
        f"{machine.threads} thread{'s' if machine.threads > 1 else ''}, torch {machine.torch}, {machine.date}. In "
        "brackets 95 % intervals, over test images."
    )


def named(row: LearningRow, settings: LearningSettings) -> str:
    """What a row is of, with its seed where there are several."""
    return f"{row.said}, seed {row.seed}" if len(settings.seeds) > 1 else row.said


def cost(row: LearningRow) -> list[str]:
    """Under the columns `COST`."""
    return [f"{row.parameters / 1e6:.2f}", f"{row.flops / 1e6:,.0f}", str(row.epochs), f"{row.seconds:,.0f}"]


def figure(found: Figure, share: bool) -> str:
    """Its value and 95 % interval."""
    form = ".1%" if share else ".2f"
    return f"{found.value:{form}} [{found.low:{form}}, {found.high:{form}}]"


def change(found: Change, share: bool) -> str:
    """Its value and 95 % interval, in points where it is of a share."""
    value, low, high = found.value, found.low, found.high
    if share:
        return f"{100 * value:+.1f} points [{100 * low:+.1f}, {100 * high:+.1f}]"
    return f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def floors(figures: dict[str, Figure]) -> str:
    """What the best constant answers would get, in a sentence."""
    known = [(words, figures[name].floor, share) for name, words, share in FIGURES if name in figures]
    found = [f"{words} {f'{floor:.1%}' if share else f'{floor:.1f}'}" for words, floor, share in known if floor]
    return f"Floors (the best constant answer): {', '.join(found)}."


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

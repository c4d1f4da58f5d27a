"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.bench import tables as bench_tables
from mtaa.core.titles import title
from mtaa.experiments.faithfulness.record import ALL, Compared, FaithfulnessRecord, Row

_MEASURES = {"attack_accuracy": "attack", "victim_accuracy": "source model", "epsilon_rmse": "RMSE of ε"}
_SYMBOLS = {"epsilon_rmse": "RMSE of ε (1/255)", "kappa_rmse": "RMSE of κ", "margin_rmse": "RMSE to the margin reached"}


def text(record: FaithfulnessRecord) -> str:
    """All of a record: the setting, a table over all victims for each attack, one by victim, and the notes."""
    attacks = list(dict.fromkeys(row.attack for row in record.rows))
    parts = [setting(record)]
    parts += [table(record, attack) for attack in attacks if attack != ALL or len(attacks) > 2]
    parts += [by_victim(record, attack) for attack in attacks if attack != ALL]
    return "\n\n".join([*parts, notes(record)]).strip()


def setting(record: FaithfulnessRecord) -> str:
    """What was compared with what, on which machine, in sentences."""
    settings, machine = record.settings, record.environment
    versions = ", ".join(f"{title(name)} {version}" for name, version in machine.peers.items()) or "no toolbox"
    shares = "".join(f"; {name} {share:.0%} of them" for name, share in settings.shares.items())
    device = "" if machine.device == "cpu" else f"{machine.device}, "
    goals = record.targets
    return (
        f"Checkpoint `{settings.checkpoint}` (weights {record.weights_sha256[:12]}) on its own test examples "
        f"({settings.scale:.0%} of each cell, seed {settings.seed}{shares}), made again in float32 from the same clean "
        f"images, on the same victims and at the same intensities; {versions}; {device}{machine.cpu}, torch "
        f"{machine.torch}, {machine.date}, {record.seconds / 60:.0f} min. A figure is followed by its difference to "
        "our own examples of the same cells, with the paired 95 % interval; accuracies differ in points. “Shows ε” "
        "are images whose largest change is ε after rounding, with C&W those with margin κ before it; our own data "
        "draws another image where ε does not show, a toolbox can't, so “reached” is over those that do. Equal pixels "
        "are those of our own float32 example; an area is flat where 9 × 9 pixels have one grey level. The target "
        f"is met where the interval leaves no room for more than {100 * goals['attack_accuracy']:g} point of accuracy "
        f"or {goals['epsilon_rmse']:g}/255 of RMSE to the worse; κ has none, since it does not mean the same in every "
        "toolbox."
    )


def table(record: FaithfulnessRecord, attack: str) -> str:
    """One attack, or all of them, over all victims: a line a maker and population, below our own."""
    rows = [row for row in record.rows if (row.attack, row.victim) == (attack, ALL)]
    sizes = [name for name in _SYMBOLS if name in rows[0].figures]
    columns = ["made by", "images", "attack", "source model", *(_SYMBOLS[name] for name in sizes)]
    columns += [
        "fooled",
        "shows ε" if attack not in ("cw", ALL) else "reached",
        "equal pixels",
        "in flat areas",
        "elsewhere",
        "target",
    ]
    lines = [
        f"{'All attacks' if attack == ALL else title(attack)}, all source models:",
        "",
        "| " + " | ".join(columns) + " |",
        "|---" * len(columns) + "|",
    ]
    return "\n".join([*lines, *("| " + " | ".join(_cells(row, sizes)) + " |" for row in rows), "", _floors(rows[0])])


def by_victim(record: FaithfulnessRecord, attack: str) -> str:
    """The accuracy of the source model with one attack, a column a victim."""
    rows = [row for row in record.rows if row.attack == attack and row.victim != ALL and row.population == "all"]
    victims = list(dict.fromkeys(row.victim for row in rows))
    lines = [
        f"{title(attack)}, source model named right, by source model:",
        "",
        "| made by | " + " | ".join(title(name) for name in victims) + " |",
        "|---" * (len(victims) + 1) + "|",
    ]
    for maker in dict.fromkeys(row.maker for row in rows):
        found = {row.victim: _percent(row.figures["victim_accuracy"]) for row in rows if row.maker == maker}
        lines.append(f"| {title(maker)} | " + " | ".join(found.get(name, "") for name in victims) + " |")
    return "\n".join(lines)


def notes(record: FaithfulnessRecord) -> str:
    """What is known of the toolboxes, and how to get those that did not run."""
    lines = [
        f"- {title(maker)}, {title(attack)}: {words}"
        for maker, texts in record.notes.items()
        for attack, words in texts.items()
    ]
    lines += [f"- {bench_tables.left_out(name, how)}" for name, how in record.environment.left_out.items()]
    return "\n".join(lines)


def _cells(row: Row, sizes: list[str]) -> list[str]:
    figures, shares = row.figures, ("fooled", "reached")
    return [
        title(row.maker) + (", reached" if row.population == "reached" else ""),
        f"{row.count:,}",
        _percent(figures["attack_accuracy"]),
        _percent(figures["victim_accuracy"]),
        *(_number(figures[name]) if name in figures else "–" for name in sizes),
        *(f"{figures[name].value:.1%} (ours {figures[name].own:.1%})" for name in shares),
        f"{row.equal_pixels:.1%}",
        *("" if share is None else f"{share:.1%}" for share in (row.equal_flat, row.equal_elsewhere)),
        ", ".join(f"{_MEASURES[name]} {said}" for name, said in row.verdicts.items()),
    ]


def _floors(row: Row) -> str:
    found = [
        f"{words} {figure.floor:.1%}" if not name.endswith("rmse") else f"{words} {figure.floor:.2f}"
        for name, words in {**_MEASURES, **_SYMBOLS}.items()
        if (figure := row.figures.get(name)) and figure.floor is not None
    ]
    return f"Floors (the best constant answer): {', '.join(found)}."


def _percent(figure: Compared) -> str:
    low, high = 100 * figure.difference_low, 100 * figure.difference_high
    return f"{figure.value:.1%} ({100 * figure.difference:+.1f} [{low:+.1f}, {high:+.1f}])"


def _number(figure: Compared) -> str:
    difference = f"{figure.difference:+.2f} [{figure.difference_low:+.2f}, {figure.difference_high:+.2f}]"
    return f"{figure.value:.2f} ({difference})"

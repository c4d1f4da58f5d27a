"""Tables in Markdown, as functions of a record."""

from mtaa.bench.record import BenchRecord, Row, Settings
from mtaa.core.titles import title


def text(record: BenchRecord) -> str:
    """All of a record: the setting, one table an attack, and the notes."""
    parts = [setting(record), *(table(record, settings) for settings in record.settings), notes(record)]
    return "\n\n".join(part for part in parts if part)


def setting(record: BenchRecord) -> str:
    """Machine, versions and images, in sentences."""
    machine, images = record.environment, record.images
    device = "" if machine.device == "cpu" else f"{machine.device}, "
    threads = f"{f'{machine.vectors}, ' if machine.vectors else ''}{machine.threads} threads of {machine.cores} cores"
    versions = ", ".join(f"{title(name)} {version}" for name, version in machine.peers.items()) or "no peers"
    return (
        f"Test images of {images.spec.source} that the victim gets right; {device}{machine.cpu}, "
        f"{threads}, torch {machine.torch}, {machine.date}; {versions}. "
        "Fooling rate, L2 and L∞ are after rounding to 8 bits, the two distances over images that fooled; κ reached is "
        "judged by the victim in float32. Memory is the largest resident memory of the process, all libraries "
        "included. The ratio is to the fastest peer in the same cell, “equal” to the fastest whose outcome is "
        "no worse (fooling and κ within 1 point, C&W's L2 at most 2 % larger)."
    )


def table(record: BenchRecord, settings: Settings) -> str:
    """One attack on every victim."""
    lines = [
        f"{_setting(settings)}:",
        "",
        "| victim | contestant | images | batch | images/s | fooled | κ reached | L2 | L∞ | memory | ratio | equal |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in record.rows:
        if row.attack == settings.attack:
            lines.append("| " + " | ".join(_cells(row)) + " |")
    return "\n".join(lines)


def notes(record: BenchRecord) -> str:
    """Known faults of the contestants, and how to get those that did not run."""
    lines = [
        f"- {title(name)}, {title(attack)}: {words}"
        for name, texts in record.notes.items()
        for attack, words in texts.items()
    ]
    lines += [f"- {left_out(name, how)}" for name, how in record.environment.left_out.items()]
    return "\n".join(lines)


def left_out(name: str, how: str) -> str:
    """One sentence on a peer that did not run."""
    return f"{title(name)} is left out because it is not installed; get it with: {how}"


def _cells(row: Row) -> list[str]:
    return [
        title(row.victim),
        title(row.contestant),
        str(row.images) if row.finished == row.images else f"{row.finished} of {row.images}",
        str(row.batch),
        f"{row.images_per_second:.3g}" if row.images_per_second < 100 else f"{row.images_per_second:,.0f}",
        f"{row.fooling_rate:.1%}",
        "" if row.reached_rate is None else f"{row.reached_rate:.1%}",
        "" if row.l2 is None else f"{row.l2:.3f}",
        "" if row.linf is None else f"{row.linf:.1f}",
        "" if row.peak_memory is None else f"{row.peak_memory / 2**30:.2f} GiB",
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.ratio_equal is None else f"{row.ratio_equal:.2f}",
    ]


def _setting(settings: Settings) -> str:
    name = title(settings.attack)
    if settings.attack == "cw":
        return (
            f"{name}, κ = {settings.intensity:g}, c = {settings.c:g}, one search step, {settings.steps} steps, "
            f"learning rate {settings.learning_rate:g}"
        )
    words = f"{name}, ε = {settings.intensity:g}/255"
    if settings.attack == "pgd":
        words += f", α = {settings.step_size:g}/255, {settings.steps} steps, no random start"
    return words

"""The experiment's tables in Markdown, as functions of its record."""

from mtaa.experiments import written
from mtaa.experiments.speed.record import SpeedRecord


def text(record: SpeedRecord) -> str:
    """What a verdict costs, and the networks side by side."""
    machine, told, settings = record.environment, record.verdicts, record.settings
    memory = "" if told.peak_memory is None else f", {told.peak_memory / 2**20:,.0f} MiB of memory at most"
    words = (
        f"Checkpoint `{settings.checkpoint}` (weights {record.weights_sha256[:12]}), from PNG bytes to verdict: "
        f"one image {told.median:.1f} ms (median of {settings.singles}; 95 % within {told.percentile_95:.1f} ms), "
        f"{settings.many:,} images in {told.many_seconds:.1f} s{memory}. {machine.cpu}, {machine.threads} threads, "
        f"torch {machine.torch}, {machine.date}."
    )
    head = ["networks alone", "images a second", "from, to", "of ours", "M parameters", "MFLOPs an image"]
    rows = [
        [
            one.said,
            f"{one.images_per_second:,.0f}",
            f"{one.spread[0]:,.0f}–{one.spread[1]:,.0f}",
            f"{one.ratio:.2f}",
            f"{one.parameters / 1e6:.2f}",
            f"{one.flops / 1e6:,.0f}",
        ]
        for one in record.networks
    ]
    note = (
        f"Batches of up to 256 of {settings.images} images, float32, median of {settings.repeats} turns in one run. "
        "Only the ratios are for other machines."
    )
    return "\n\n".join([words, written.table(head, rows), note])

"""All records of experiments as one text, a section each: `results/README.md`."""

from mtaa.experiments import EXPERIMENTS, made

HEAD = """# What was measured

A section for each record `experiment-NAME.json` in this folder: `mtaa experiment NAME` makes it, `mtaa experiment show
NAME` prints it, `mtaa results --experiments` prints this page. How right the bundled checkpoint is stands in the README
above."""


def text() -> str:
    """The page, in Markdown. Raises `IntegrityError` where a record is not of this version."""
    sections = [
        f"## {entry.title}: {entry.description}\n\n{entry.value.text(record).strip()}"
        for entry in EXPERIMENTS
        if (record := made(entry.name)) is not None
    ]
    return "\n\n".join([HEAD, *sections])

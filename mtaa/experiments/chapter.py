"""All records of experiments as one text, a section each: `results/README.md`."""

from mtaa.experiments import EXPERIMENTS, made
from mtaa.experiments.record import path

HEAD = """# What was measured

A section for each record `experiment-NAME.json` in this folder, with a picture where there is one of that name:
`mtaa experiment NAME` makes it, `mtaa experiment show NAME` prints it, `mtaa results --experiments` prints this page.
How right the bundled checkpoint is stands in the README above."""


def text() -> str:
    """The page, in Markdown. Raises `IntegrityError` where a record is not of this version."""
    sections = [HEAD]
    for entry in EXPERIMENTS:
        if (record := made(entry.name)) is not None:
            sections += [f"## {entry.title}: {entry.description}", entry.value.text(record).strip()]
            if (picture := path(entry.name).with_suffix(".png")).is_file():
                sections.append(f"![{entry.title}]({picture.name})")
    return "\n\n".join(sections)

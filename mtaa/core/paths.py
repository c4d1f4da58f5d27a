"""Where things live. `MTAA_HOME` moves what is made at run time, `MTAA_CHECKPOINTS` what is trained."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """Datasets, training runs, downloads: git-ignored."""
    return Path(os.environ.get("MTAA_HOME", ROOT / "runs"))


def checkpoints() -> Path:
    """Attribution models, one folder each."""
    return Path(os.environ.get("MTAA_CHECKPOINTS", ROOT / "checkpoints"))


def victims() -> Path:
    """Victim models, one folder each; beside the checkpoints, since a signature is that of these weights."""
    return checkpoints() / "victims"


def data() -> Path:
    """Clean images that were fetched."""
    return home() / "data"


def datasets() -> Path:
    """Generated adversarial examples, one folder a scenario."""
    return home() / "datasets"


def results() -> Path:
    """Evaluation records."""
    return Path(os.environ.get("MTAA_RESULTS", ROOT / "results"))


def assets() -> Path:
    """What the app shows: samples, logo."""
    return ROOT / "assets"

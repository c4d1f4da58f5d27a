"""Where things live. `MTAA_HOME` moves what is made at run time, `MTAA_CHECKPOINTS` what is trained.

`MTAA_STORE` puts generated examples elsewhere, even into an object store.
"""

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
    """What this machine keeps of generated examples, one folder a scenario: without a `MTAA_STORE`, all of them."""
    return home() / "datasets"


def store() -> str:
    """Where the examples of all scenarios lie: `MTAA_STORE`, a folder or a URL such as s3://bucket/path."""
    return os.environ.get("MTAA_STORE") or str(datasets())


def jobs() -> Path:
    """Background jobs: their database, the workers' locks, and one folder a job."""
    return home() / "jobs"


def maps() -> Path:
    """Maps of signatures that were asked for, with what is told of those under way."""
    return home() / "maps"


def results() -> Path:
    """Evaluation records."""
    return Path(os.environ.get("MTAA_RESULTS", ROOT / "results"))


def assets() -> Path:
    """What the app shows: samples, logo."""
    return ROOT / "assets"

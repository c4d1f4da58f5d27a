"""`mtaa train` with its eyes open: run by `torchrun`, it notes which examples each process was given, and what it made.

Arguments: a folder for the notes, then those of `mtaa`. The network `tiny` is one that the command line does not know.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from mtaa.models import config
from mtaa.training import data, extractor, fit, ranks

NOTES = Path(sys.argv.pop(1))
TINY = {"backbone": "forensic", "widths": (8, 8, 8, 8), "tap": "layer3", "statistics": True, "regression": "per_attack"}
seen: dict[str, Any] = {"extractor": [], "train": [], "validation": [], "counts": []}


class Watched(data.Places):
    """Notes the places that it hands out."""

    def __iter__(self) -> Any:
        kind = "validation" if self.seed is None else "extractor" if pairing else "train"
        for places in super().__iter__():
            seen[kind].append([int(place) for place in places])
            yield places


def summed(values: dict[str, float], told: Any = ranks.summed) -> dict[str, float]:
    total: dict[str, float] = told(values)
    if "count" in values:
        seen["counts"].append([values["count"], total["count"]])
    return total


def weights(network: Any) -> str:
    parts = (np.ascontiguousarray(value.numpy()).tobytes() for value in network.state_dict().values())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def fitted(network: Any, settings: Any, *arguments: Any, do: Any = fit.fit, **options: Any) -> Any:
    made = do(network, settings.model_copy(update={"extractor_epochs": 1}), *arguments, **options)
    notes = seen | {"weights": weights(made.network), "curves": made.curves}
    (NOTES / f"{ranks.here().rank}.json").write_text(json.dumps(notes))
    return made


def prepared(*arguments: Any, do: Any = extractor.fit_extractor, **options: Any) -> Any:
    global pairing
    pairing = True
    curve = do(*arguments, **options)
    pairing, seen["extractor_weights"], seen["extractor_curve"] = False, weights(arguments[0].autoencoder), curve
    return curve


pairing = False
config._PRESETS["tiny"] = TINY
data.Places, ranks.summed, fit.fit, fit.fit_extractor = Watched, summed, fitted, prepared  # type: ignore[misc,assignment]

if __name__ == "__main__":
    from mtaa.cli import main

    main()

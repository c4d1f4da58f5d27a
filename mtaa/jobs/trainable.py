"""Whether a scenario can be trained on; to generate alone, it may leave splits empty."""

from mtaa.core import card as cards
from mtaa.core.errors import MtaaError
from mtaa.models.config import NetworkConfig, preset
from mtaa.scenario import growth
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import CellCounts, Scenario, Split

_USES: dict[Split, str] = {"train": "trained", "validation": "calibrated", "test": "measured"}


def faults(scenario: Scenario) -> dict[str, str]:
    """A sentence for each count that leaves a split empty, by its path in the scenario, an attack being named in it."""
    counts: dict[str, CellCounts] = {}
    for spec in scenario.attacks:
        counts[f"attacks.{spec.name}.examples" if spec.examples else "examples"] = scenario.counts(spec)
    if scenario.clean:
        counts["clean"] = scenario.clean
    return {
        f"{path}.{split}": f"must be at least 1, got 0; the network is {use} on these examples"
        for split, use in _USES.items()
        for path, count in counts.items()
        if not count.of(split)
    }


def why_not(scenario: Scenario) -> str:
    """Why it can't be, in one sentence; empty where it can."""
    return next((f"{path} {words}" for path, words in faults(scenario).items()), "")


def why_not_from(start: str, scenario: Scenario, network: str = "") -> str:
    """Why a training on it can't start from the checkpoint `start`, in one sentence; empty where it can.

    `network` is the preset that is asked for; empty, it is the checkpoint's own.
    """
    try:
        own = NetworkConfig.model_validate(cards.read(start).network)
        growth.union(of_checkpoint(start), scenario)
    except MtaaError as error:
        return str(error)
    if network and (name := own.difference(preset(network))):
        return (
            f"network must be that of checkpoint {start} ({name} {getattr(own, name)}), got {network}; choose its "
            "network, or train from scratch"
        )
    return ""

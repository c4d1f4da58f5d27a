"""A scenario bound to the weights of the victims that somebody brought, whose names alone do not say which they are."""

from mtaa.core.errors import InputError
from mtaa.scenario.record import Scenario
from mtaa.victims.architectures import ARCHITECTURES
from mtaa.victims.store import is_own, read_card


def pinned(scenario: Scenario) -> Scenario:
    """`scenario` with the SHA-256 of the weights of each own victim; without such victims, as it is.

    What it says already of a victim that is not here stays. Raises `InputError` where it names other weights than
    those that are here.
    """
    here = {
        name: read_card(scenario.images, name).weights_sha256
        for name in scenario.victims
        if name not in ARCHITECTURES and is_own(scenario.images, name)
    }
    for name, digest in here.items():
        if scenario.weights.get(name, digest) != digest:
            raise InputError(
                f"source model {name} must be the one that scenario {scenario.name} names "
                f"({scenario.weights[name][:12]}), got {digest[:12]}; bring that one back, or drop its weights"
            )
    missing = here.keys() - scenario.weights.keys()
    return scenario.model_copy(update={"weights": scenario.weights | here}) if missing else scenario

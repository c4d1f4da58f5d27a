"""Whether a scenario can be trained on; to generate alone, it may leave splits empty."""

from mtaa.scenario.record import Scenario


def why_not(scenario: Scenario) -> str:
    """Why it can't be, in one sentence; empty where it can."""
    counts = [scenario.examples, *(spec.examples for spec in scenario.attacks if spec.examples)]
    counts += [scenario.clean] if scenario.clean else []
    for split, use in (("validation", "calibrated"), ("test", "measured")):
        if not all(getattr(one, split) for one in counts):
            return (
                f"examples.{split} must be at least 1 for every attack and for clean images, got 0; the network is "
                f"{use} on them"
            )
    return ""

"""Examples that are here already: a generated scenario that shows all that another knows, made in the same way."""

from mtaa.attacks import build
from mtaa.core import paths
from mtaa.core.errors import MtaaError
from mtaa.dataset import manifest
from mtaa.scenario.presets import load
from mtaa.scenario.record import AttackSpec, Scenario


def covering(known: Scenario) -> Scenario | None:
    """`known` itself where its examples are generated; else the largest of this machine's generated scenarios that has
    the same images, classes, parameters and strengths, if any."""
    if manifest.store(known).exists(manifest.NAME):
        return known
    found = []
    for path in sorted(paths.datasets().glob("[!.]*/scenario.yaml")):
        try:
            one = load(str(path))
            if _covers(one, known) and manifest.store(one).exists(manifest.NAME):
                found.append(one)
        except MtaaError:  # of another version, or of what is no longer registered
            continue
    return max(found, key=lambda one: one.total("train"), default=None)


def _covers(one: Scenario, known: Scenario) -> bool:
    same = (one.images, one.has_clean, one.weights) == (known.images, known.has_clean, known.weights)
    if not same or set(one.victims) != set(known.victims) or not one.total("train"):
        return False
    theirs, ours = ({spec.name: spec for spec in scenario.attacks} for scenario in (one, known))
    controls = {spec.name for spec in known.controls} <= {spec.name for spec in one.controls}
    return controls and theirs.keys() == ours.keys() and all(_alike(theirs[name], ours[name]) for name in ours)


def _alike(one: AttackSpec, other: AttackSpec) -> bool:
    same = build(one).parameters == build(other).parameters
    return same and (one.intensities.start, one.intensities.stop) == (other.intensities.start, other.intensities.stop)

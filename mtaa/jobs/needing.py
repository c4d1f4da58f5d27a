"""Who needs a model that somebody brought: checkpoints that know it, jobs that may go on, examples made with it."""

from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.errors import InputError, MtaaError
from mtaa.jobs import client
from mtaa.scenario.presets import load, of_checkpoint
from mtaa.scenario.record import Scenario
from mtaa.victims.removing import Removal, own_card, remove
from mtaa.victims.store import VictimCard, victim_id


def needed_by(card: VictimCard) -> list[str]:
    """What on this machine needs it, in words such as `checkpoint mine`; a job that is done needs nothing."""
    found = [f"checkpoint {name}" for name in cards.names() if _knows(name, card)]
    found += [job.id for job in client.jobs() if job.state != "done" and _names(job.request.scenario, card)]
    for path in sorted(paths.datasets().glob("[!.]*/scenario.yaml")):
        try:
            made = load(str(path))
        except MtaaError:  # of another version
            continue
        found += [f"the examples in {path.parent}"] if _names(made, card) else []
    return found


def remove_victim(name: str, source: str = "", who: str = "") -> Removal:
    """Take an own model away where nothing needs it. Raises `InputError` or `UnknownNameError`."""
    card = own_card(name, source)
    if needed := needed_by(card):
        raise InputError(f"model {name} must be needed by nothing, got {', '.join(needed)}; delete that first")
    return remove(card, who)


def _knows(checkpoint: str, card: VictimCard) -> bool:
    try:
        scenario = of_checkpoint(checkpoint)
    except MtaaError:  # without its scenario nothing can be made for it
        return False
    digest = cards.read(checkpoint).victims_sha256.get(card.name, "")
    return _names(scenario, card) and digest[:12] == card.weights_sha256[:12]


def _names(scenario: Scenario, card: VictimCard) -> bool:
    """Whether it is this model that the scenario names: of these images, and not of other weights."""
    same = victim_id(scenario.images, card.name) == victim_id(card.images, card.name)
    digest = scenario.weights.get(card.name, card.weights_sha256)
    return same and card.name in scenario.victims and digest == card.weights_sha256

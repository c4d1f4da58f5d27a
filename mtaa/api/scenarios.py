"""Scenarios put together by hand: what there is to choose from, what is wrong, what it will cost.

Reading, writing and checking a scenario's form are light. What asks the registries of attacks and victims loads torch,
which takes seconds once a process.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mtaa.core import card as cards
from mtaa.core.errors import InputError, MtaaError
from mtaa.core.units import Symbol, UnitName
from mtaa.jobs import trainable
from mtaa.jobs.rates import Term
from mtaa.jobs.record import Job, JobRequest
from mtaa.jobs.trainable import why_not, why_not_from
from mtaa.models.config import presets as networks
from mtaa.scenario import faults
from mtaa.scenario.faults import located
from mtaa.scenario.presets import dump, load, names, of_checkpoint, parse
from mtaa.scenario.record import SPLITS, ImagesSpec, Scenario, Split

__all__ = [
    "SPLITS",
    "AttackOffer",
    "Estimate",
    "ImagesSpec",
    "Offer",
    "ParameterOffer",
    "Scenario",
    "Split",
    "Term",
    "VictimOffer",
    "attack_offers",
    "check",
    "check_name",
    "dump",
    "estimate",
    "load",
    "located",
    "names",
    "networks",
    "of_checkpoint",
    "parse",
    "source_offers",
    "untrainable",
    "usual_epochs",
    "victim_offers",
    "why_not",
    "why_not_from",
]
Kind = Literal["whole", "number", "switch", "text"]
KINDS: dict[type, Kind] = {bool: "switch", int: "whole", float: "number"}


class Offer(BaseModel):
    """Something registered. `why` says in one sentence why it can't be used as it is; empty where it can."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    description: str
    why: str = ""


class VictimOffer(Offer):
    """`is_ready`: there and measured on these images. `margin` is the C&W margin that 95 % of images reach. `is_own`:
    somebody brought it, so it is never trained.
    """

    is_ready: bool = False
    is_own: bool = False
    accuracy: float | None = None
    margin: float | None = None


class ParameterOffer(BaseModel):
    """A fixed parameter of an attack: its kind, its default and its bounds in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    default: Any
    bounds: str = ""


class AttackOffer(Offer):
    """An attack, its intensity's symbol, unit and highest value, and what its parameters mean (`notes`)."""

    symbol: Symbol
    unit: UnitName
    limit: float
    parameters: list[ParameterOffer]
    notes: str = ""


class Estimate(BaseModel):
    """What a retraining will cost. `basis`: whose shards the bytes were measured on, empty where they are the most it
    can be. `doubts` is a sentence for each label that may mean nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    examples: dict[Split, int]
    steps: dict[str, int]
    shard_bytes: int
    cache_bytes: int
    basis: str
    is_made: bool
    missing: list[str]
    terms: list[Term]
    doubts: list[str]


def source_offers() -> list[Offer]:
    """Data sets, and how the ones that are not here are fetched."""
    from mtaa.images import SOURCES, open_source

    found = []
    for entry in SOURCES:
        why = ""
        if entry.name != "folder":
            try:
                open_source(ImagesSpec(source=entry.name, channels=1, side=entry.facts.get("side", 28)))
            except MtaaError as error:
                why = str(error)
        found.append(Offer(name=entry.name, title=entry.title, description=entry.description, why=why))
    return found


def attack_offers() -> list[AttackOffer]:
    """The registered attacks. Loads torch."""
    from mtaa.attacks import ATTACKS

    return [
        AttackOffer(
            name=entry.name,
            title=entry.title,
            description=entry.description,
            symbol=entry.value.symbol,
            unit=entry.value.unit,
            limit=entry.value.limit,
            parameters=[_parameter(name, field) for name, field in entry.value.parameters_type.model_fields.items()],
            notes=" ".join((entry.value.parameters_type.__doc__ or "").split())
            if entry.value.parameters_type.model_fields
            else "",
        )
        for entry in ATTACKS
    ]


def _parameter(name: str, field: Any) -> ParameterOffer:
    signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    limits = [(sign, getattr(rule, sign)) for rule in field.metadata for sign in signs if hasattr(rule, sign)]
    bounds = ", ".join(f"{signs[sign]} {limit:,}" for sign, limit in limits)
    return ParameterOffer(name=name, kind=KINDS.get(field.annotation, "text"), default=field.default, bounds=bounds)


def victim_offers(images: ImagesSpec) -> list[VictimOffer]:
    """The registered architectures, which of them are trained on these images, and the models brought for these.

    Loads torch.
    """
    from mtaa.victims import ARCHITECTURES, own_names

    found = []
    known = [(entry.name, entry.title, entry.description) for entry in ARCHITECTURES]
    own = own_names(images)
    for name, title, description in [*known, *((name, name, "a model that was brought") for name in own)]:
        card = _victim(images, name)
        found.append(
            VictimOffer(
                name=name,
                title=title,
                description=description,
                is_ready=card is not None and bool(card.reach),
                is_own=name in own,
                accuracy=card.accuracy if card else None,
                margin=card.reachable_margin if card else None,
            )
        )
    return found


def _victim(images: ImagesSpec, name: str) -> Any:
    from mtaa.victims import read_card

    try:
        return read_card(images, name)
    except (InputError, ValidationError):  # not trained, or by another version: a job trains it
        return None


def check(document: dict[str, Any]) -> dict[str, str]:
    """Every fault of a scenario's document in a sentence, by dotted path; an attack is named in it, not numbered.

    Loads torch once the form is right, to ask the registries.
    """
    found = faults.found(document)
    attacks = document.get("attacks") or []
    named = {f"attacks.{place}": f"attacks.{spec['name']}" for place, spec in enumerate(attacks)}
    if found:
        return {_renamed(path, named): words for path, words in found.items()}
    return _unregistered(Scenario.model_validate(document))


def untrainable(document: dict[str, Any]) -> dict[str, str]:
    """Why nothing can be trained on a document without faults, though it may be generated, by dotted path likewise."""
    return trainable.faults(Scenario.model_validate(document))


def _renamed(path: str, named: dict[str, str]) -> str:
    head = ".".join(path.split(".")[:2])
    return named[head] + path.removeprefix(head) if head in named else path


def _unregistered(scenario: Scenario) -> dict[str, str]:
    """Names nobody registered, parameters that an attack has not, and images that are not here."""
    from mtaa.attacks import build
    from mtaa.images import SOURCES, controls, open_source
    from mtaa.victims import check_name as check_victim

    found: dict[str, str] = {}
    try:
        open_source(scenario.images)
    except MtaaError as error:
        found["images" if scenario.images.source in SOURCES else "images.source"] = str(error)
    except OSError as error:
        found["images"] = f"images.folder must be readable, got {error.strerror or error}; let this user read it"
    for name in scenario.victims:
        try:
            check_victim(scenario.images, name)
        except MtaaError as error:
            found["victims"] = str(error)
    for spec in scenario.attacks:
        try:
            build(spec)
        except InputError as error:
            found |= _refused(spec.name, error)
    for control in scenario.controls:
        try:
            controls.check(control)
        except InputError as error:
            found["controls"] = str(error)
    return found


def _refused(attack: str, error: InputError) -> dict[str, str]:
    """Why an attack can't be built: by its parameters where these are at fault, else by its strengths or its name."""
    if isinstance(error.__cause__, ValidationError):
        where = f"attacks.{attack}.parameters"
        listed = error.__cause__.errors()
        return {f"{where}.{faults.path(one)}".rstrip("."): faults.words(one, []) for one in listed}
    is_limit = "intensities.stop" in str(error)
    return {f"attacks.{attack}.intensities.stop" if is_limit else f"attacks.{attack}": str(error)}


def check_name(name: str) -> str:
    """Why a new checkpoint can't have this name, in one sentence; empty where it can."""
    try:
        cards.check_name(name)
    except InputError as error:
        return str(error)
    return f"checkpoint name must be new, got {name}; choose another" if name in cards.names() else ""


def usual_epochs(network: str) -> int:
    """How many epochs a network is trained for where nobody says otherwise. Loads torch."""
    from mtaa.training.config import default

    return default(network).epochs


def estimate(request: JobRequest, known: list[Job]) -> Estimate:
    """What a retraining will cost, its time by what finished jobs among `known` took. Loads torch.

    Raises `MtaaError` where the scenario names what there is not.
    """
    from mtaa.dataset.cost import cost
    from mtaa.dataset.foresight import foresee
    from mtaa.jobs import rates
    from mtaa.training.config import default

    scenario, settings = request.scenario, default(request.network)
    found = cost(scenario)
    missing = [one.name for one in victim_offers(scenario.images) if one.name in scenario.victims and not one.is_ready]
    train = found.examples["train"]
    batches = (request.epochs or settings.epochs) * max(1, train // min(settings.batch, train))
    terms = rates.forecast(request, missing, 0 if found.is_made else found.work, batches, known)
    return Estimate(
        **found.model_dump(exclude={"copies"}),
        missing=missing,
        terms=terms,
        doubts=foresee(scenario),
    )

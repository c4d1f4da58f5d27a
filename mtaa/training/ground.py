"""The checkpoint that a training starts from: what it must be, and which examples are trained and measured on."""

from dataclasses import dataclass, replace

import numpy as np

from mtaa.core import card as cards
from mtaa.core import files, seeds
from mtaa.core.card import Card
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.growth import Labelled
from mtaa.dataset.covering import covering
from mtaa.dataset.examples import Examples
from mtaa.dataset.joining import drawn, joined, relabelled, without
from mtaa.dataset.read import data_hash, read_export, read_split
from mtaa.models.config import NetworkConfig
from mtaa.models.growing import Labels
from mtaa.scenario import growth
from mtaa.scenario.presets import of_checkpoint
from mtaa.scenario.record import SPLITS, Scenario, Split
from mtaa.training.config import TrainingConfig, default
from mtaa.training.labelled import examples
from mtaa.victims import read_card


@dataclass(frozen=True)
class Parts:
    """What is trained on, of what is known and of what is new, and what is calibrated and measured on.

    data_sha256: of all of it. labelled: an analyst's images, of which some are among `fresh`.
    """

    replay: Examples
    fresh: Examples
    validation: Examples
    test: Examples
    data_sha256: str
    labelled: Labelled | None = None


@dataclass(frozen=True)
class Ground:
    """A checkpoint's `card` and its scenario `known`; `wanted` is what the new one is to know, `known` included.

    replay: the scenario whose examples of what is known are trained on again, where few new ones are learnt.
    """

    card: Card
    known: Scenario
    wanted: Scenario
    replay: Scenario

    @property
    def labels(self) -> Labels:
        """Attack and victim classes of the new checkpoint."""
        return self.wanted.attack_labels, self.wanted.victim_labels

    @property
    def network(self) -> NetworkConfig:
        """What its network is made of, and so the new one's."""
        return NetworkConfig.model_validate(self.card.network)

    @property
    def training(self) -> TrainingConfig:
        """How a network such as its is trained at large."""
        return default(self.card.training.get("network", "forensic"))

    def test(self) -> Examples:
        """The checkpoint's own test examples, labelled as its card does."""
        path = cards.checked(self.card.name, cards.TEST_SPLIT, self.card.test_sha256)
        return read_export(path, self.card.attacks, self.card.victims)

    def to_make(self) -> list[Scenario]:
        """What few-shot growing needs generated: what is new, and what is replayed."""
        return [*growth.additions(self.known, self.wanted), self.replay]

    def few(self, shots: int, most: int, seed: int) -> Parts:
        """The examples of few-shot growing: `shots` of each new attack and victim to train on, as many to calibrate,
        and at most `most` of what is known."""
        test, replay = self.test(), self.replay
        added = growth.additions(self.known, self.wanted)

        def read(scenario: Scenario, split: Split) -> Examples:
            return _unseen(relabelled(read_split(scenario, split), scenario, self.wanted), test.source)

        fresh, validation = (
            joined([self._few(part, read(part, split), shots, seed) for part in added])
            for split in ("train", "validation")
        )
        own = relabelled(test, self.known, self.wanted)
        known = read(replay, "train")
        return Parts(
            replay=known.take(drawn(known, most, seeds.derive("replay", seed))),
            fresh=fresh,
            validation=joined([read(replay, "validation"), validation]),
            test=joined([own, *(relabelled(read_split(part, "test"), part, self.wanted) for part in added)]),
            data_sha256=self.hash_with([replay, *added]),
        )

    def with_labelled(self, parts: Parts, labelled: Labelled | None) -> Parts:
        """`parts` with an analyst's images of a new attack, but for those held out, among what is learnt from."""
        if labelled is None:
            return parts
        place = self.labels[0].index(labelled.attack)
        return replace(
            parts,
            fresh=joined([parts.fresh, examples(labelled, labelled.learnt, place)]),
            data_sha256=files.canonical_hash([parts.data_sha256, labelled.data_sha256]),
            labelled=labelled,
        )

    def _few(self, part: Scenario, examples: Examples, shots: int, seed: int) -> Examples:
        """`shots` examples of each new attack, or of each new victim, evenly over the cells."""
        is_of_victims = set(part.victims) <= set(growth.new(self.known, self.wanted)[1])
        label = examples.victim if is_of_victims else examples.attack
        found = []
        for one in np.unique(label):
            mine = examples.take(np.flatnonzero(label == one))
            found.append(mine.take(drawn(mine, shots, seeds.derive("few", seed, int(one)))))
        return joined(found)

    def hash_with(self, scenarios: list[Scenario]) -> str:
        """SHA-256 of the examples of `scenarios` and of the checkpoint's test."""
        return files.canonical_hash([self.card.test_sha256, *(data_hash(scenario) for scenario in scenarios)])


def whole(scenario: Scenario, ground: Ground | None = None) -> Parts:
    """All examples of `scenario`, none of them replayed; labelled as `ground` wants them where there is one.

    The test then has those of its checkpoint too whose attack or victim `scenario` has not.
    """
    train, validation, test = (read_split(scenario, split) for split in SPLITS)
    none = train.take(np.arange(0))
    if ground is None:
        return Parts(none, train, validation, test, data_hash(scenario))
    train, validation, test = (relabelled(part, scenario, ground.wanted) for part in (train, validation, test))
    old = ground.test()
    kept = relabelled(old, ground.known, ground.wanted)
    lost = ~(np.isin(kept.attack, test.attack) & np.isin(kept.victim, test.victim))
    return Parts(
        replay=none,
        fresh=_unseen(train, old.source),
        validation=_unseen(validation, old.source),
        test=joined([test, kept.take(np.flatnonzero(lost))]) if lost.any() else test,
        data_sha256=ground.hash_with([scenario]),
    )


def stand_on(
    start: str, wanted: Scenario, network: NetworkConfig | None = None, replay: Scenario | None = None
) -> Ground:
    """The checkpoint `start` as what a training for `wanted` starts from.

    `replay` is by default a scenario whose examples are here already, else few of each cell that are made for it.

    Raises `UnknownNameError`, or `InputError` where it is of other images or another network than `network`, or knows
    a source model by other weights than are here.
    """
    card, known = cards.read(start), of_checkpoint(start)
    if (known.attack_labels, known.victim_labels) != (card.attacks, card.victims):
        raise IntegrityError(f"scenario of checkpoint {start} must have the labels of its card; restore it")
    union = growth.union(known, wanted)
    ground = Ground(card, known, union, replay or covering(known) or growth.replay(known, union))
    own = ground.network
    if network is not None and (name := own.difference(network)):
        raise InputError(
            f"network must be that of checkpoint {start} ({name} {getattr(own, name)}), got one with {name} "
            f"{getattr(network, name)}; choose its network, or train from scratch"
        )
    check_victims(card, known)
    return ground


def check_victims(card: Card, known: Scenario) -> None:
    """Raises `InputError` where a source model of `known`, the checkpoint's scenario, has other weights here."""
    for victim, digest in card.victims_sha256.items():
        try:
            here = read_card(known.images, victim).weights_sha256[:12]
        except InputError:
            here = "none"
        if here != digest[:12]:
            raise InputError(
                f"source model {victim} must be the one that checkpoint {card.name} knows ({digest[:12]}), got {here}; "
                "restore it, or train from scratch"
            )


def _unseen(examples: Examples, sources: np.ndarray) -> Examples:
    """Without source images of the checkpoint's test; where there are none, as it is, pixels on disk."""
    return without(examples, sources) if np.isin(examples.source, sources).any() else examples

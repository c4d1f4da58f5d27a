import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mtaa.attacks import ATTACKS, Oracle, build, foreign, from_art, from_foolbox
from mtaa.attacks.base import Parameters
from mtaa.attacks.foreign import Foreign, Seen, entry
from mtaa.core.errors import InputError, UnknownNameError
from mtaa.images import open_source
from mtaa.scenario import AttackSpec, Grid, Scenario
from mtaa.victims import load

ONE = Grid(start=10, stop=10, step=1)


class Toolbox:
    """An attack of a made-up toolbox."""

    def __init__(self, steps: int = 10, decay: float | None = None, quiet: bool = True):
        if steps > 1000:
            raise ValueError("too many steps")
        self.steps = steps


class FromToolbox(Foreign):
    """Throws all dice there are."""

    def craft(self, seen: Seen, image: torch.Tensor, label: torch.Tensor, radius: float) -> torch.Tensor:
        with foreign.refusing(self.made_by):
            self.made_by(**self.settings)
        draws = torch.rand(1), torch.tensor(np.random.rand(1)), torch.tensor([random.random()])
        return image + radius * sum(draws) / 3


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names `box:NAME` are the made-up toolbox's."""
    made = entry(FromToolbox, "box:Toolbox", Toolbox, "1/255", ours=("quiet",))
    monkeypatch.setitem(ATTACKS._finders, "box", lambda name: made)


def spec(**parameters: object) -> AttackSpec:
    return AttackSpec(name="box:Toolbox", intensities=ONE, parameters=parameters)


@pytest.mark.usefixtures("made_up")
def test_parameters_are_the_constructors() -> None:
    attack = build(spec(steps=3, decay=0.5))
    assert isinstance(attack, Foreign)
    assert attack.settings == {"steps": 3, "decay": 0.5}
    assert (attack.symbol, attack.unit, attack.limit) == ("ε", "1/255", 255)
    for wrong, said in (
        ({"step": 3}, r"attacks\.box:Toolbox\.parameters\.step is not a parameter; did you mean steps"),
        ({"quiet": True}, "quiet is not a parameter"),
        ({"steps": 2.5}, r"parameters\.steps must be a whole number, got 2\.5"),
    ):
        with pytest.raises(InputError, match=said):
            build(spec(**wrong))


@pytest.mark.usefixtures("made_up")
def test_all_dice_are_the_images_own_and_are_put_back() -> None:
    images, labels = torch.rand(3, 1, 4, 4) / 2, torch.zeros(3, dtype=torch.int64)
    oracle, attack = SimpleNamespace(device=torch.device("cpu")), build(spec())
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), random.getstate()
    whole = attack(oracle, images, labels, torch.full((3,), 60.0), seed=1).images  # type: ignore[arg-type]
    part = attack(oracle, images[2:], labels[2:], torch.full((1,), 60.0), seed=1).images  # type: ignore[arg-type]
    other = attack(oracle, images, labels, torch.full((3,), 60.0), seed=2).images  # type: ignore[arg-type]
    assert torch.equal(whole[2:], part)
    assert not torch.isclose(whole, other).any()
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()
    assert before[2] == random.getstate()


@pytest.mark.usefixtures("made_up")
def test_what_the_toolbox_refuses_is_one_sentence_and_zero_asks_nothing_of_it() -> None:
    images, labels = torch.rand(1, 1, 4, 4), torch.zeros(1, dtype=torch.int64)
    oracle, attack = SimpleNamespace(device=torch.device("cpu")), build(spec(steps=2000))
    with pytest.raises(InputError, match="Toolbox must accept its parameters, got from it: too many steps"):
        attack(oracle, images, labels, torch.ones(1))  # type: ignore[arg-type]
    assert torch.equal(attack(oracle, images, labels, torch.zeros(1)).images, images)  # type: ignore[arg-type]


def test_an_oracle_can_be_differentiated_as_a_module(trained: Scenario) -> None:
    source, victim = open_source(trained.images), load(trained.images, "tiny_a")
    chosen = source.indices("test")[:5]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    slopes = []
    for module in (victim, Seen(Oracle(victim, device="cpu"))):
        pixels = images.clone().requires_grad_(True)
        loss = torch.nn.functional.cross_entropy(module(pixels), labels)
        slopes.append(torch.autograd.grad(loss, pixels)[0])
    torch.testing.assert_close(slopes[1], slopes[0], rtol=1e-3, atol=1e-6)
    assert not list(Seen(Oracle(victim, device="cpu")).parameters())


@pytest.mark.parametrize(("name", "module"), [("art:ProjectedGradientDescent", "art"), ("foolbox:PGD", "foolbox")])
def test_a_missing_toolbox_says_how_to_get_it(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for finder in (from_art.find, from_foolbox.find):
        finder.cache_clear()
    monkeypatch.setattr(foreign, "find_spec", lambda asked: None if asked == module else SimpleNamespace())
    with pytest.raises(InputError, match=rf"{name} must have its toolbox installed.*pip install -e '\.\[peers\]'"):
        ATTACKS[name]
    assert name not in ATTACKS.names()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("art:ProjectedGradientDescend", "did you mean ProjectedGradientDescent"),
        ("art:os", "attack of ART in an L∞ ball 'os' is unknown"),
        ("art:Wasserstein", "is unknown"),
        ("foolbox:L2DeepFoolAttack", "attack of foolbox with an ε in L∞ or L2 'L2DeepFoolAttack' is unknown"),
        ("foolbox:L1FastGradientAttack", "is unknown"),
    ],
)
def test_only_attacks_with_an_epsilon_of_ours_are_known(name: str, said: str) -> None:
    pytest.importorskip(name.split(":")[0], reason="the toolbox is not installed")
    with pytest.raises(UnknownNameError, match=said):
        ATTACKS[name]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("foolbox:PGD", "1/255"), ("foolbox:L2PGD", "L2"), ("art:AutoProjectedGradientDescent", "1/255")],
)
def test_its_unit_follows_from_its_norm(name: str, unit: str) -> None:
    pytest.importorskip(name.split(":")[0], reason="the toolbox is not installed")
    kind = ATTACKS[name]
    assert (kind.symbol, kind.unit) == ("ε", unit)
    assert issubclass(kind.parameters_type, Parameters)
    assert not {"eps", "norm", "epsilons"} & set(kind.parameters_type.model_fields)


def test_a_scenario_with_a_strange_prefix_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="attack 'nobody:PGD' is unknown"):
        ATTACKS["nobody:PGD"]

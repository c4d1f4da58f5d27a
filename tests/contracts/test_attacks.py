"""What every registered attack keeps: range, budget, determinism, and an untouched victim."""

import pytest
import torch

from mtaa.attacks import ATTACKS, Attack, Crafted, Oracle, build, round_to_bytes
from mtaa.attacks.foreign import Foreign
from mtaa.attacks.outcome import distances, measure, shows
from mtaa.core.errors import InputError
from mtaa.core.registry import Entry
from mtaa.images import open_source
from mtaa.scenario import AttackSpec, Grid, Scenario
from mtaa.victims import Victim, load

Batch = tuple[Victim, torch.Tensor, torch.Tensor]
# Of other toolboxes, where they are installed: with and without random numbers, with and without gradients.
FOREIGN = (
    "foolbox:LinfBasicIterativeAttack",
    "foolbox:L2ProjectedGradientDescentAttack",
    "art:ProjectedGradientDescent",
    "art:SquareAttack",
)
DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]
STRENGTHS = {"1/255": [10.0, 60.0, 120.0], "L2": [0.5, 1.5, 3.0], "logits": [0.5, 2.0, 5.0], "%": [5.0, 20.0, 50.0]}


@pytest.fixture(scope="module")
def batch(trained: Scenario) -> Batch:
    source = open_source(trained.images)
    chosen = source.indices("test")[:24]
    return (
        load(trained.images, "tiny_a"),
        torch.from_numpy(source.pixels(chosen)),
        torch.from_numpy(source.labels(chosen)),
    )


@pytest.fixture(params=DEVICES)
def oracle(request: pytest.FixtureRequest, batch: Batch) -> Oracle:
    return Oracle(batch[0], device=request.param)


@pytest.fixture(params=[*ATTACKS.names(), *FOREIGN])
def attack(request: pytest.FixtureRequest) -> Attack:
    toolbox, colon, _ = request.param.partition(":")
    if colon:
        pytest.importorskip(toolbox, reason=f"{toolbox} is not installed")
    wanted = {"steps": 40, "max_iter": 40, "random_start": True}
    parameters = {k: v for k, v in wanted.items() if k in ATTACKS[request.param].parameters_type.model_fields}
    grid = Grid(start=1, stop=9, step=4)
    return build(AttackSpec(name=request.param, intensities=grid, parameters=parameters))


def craft(attack: Attack, oracle: Oracle, *batch: torch.Tensor, seed: int = 0) -> Crafted:
    """What `attack` makes of images, labels and intensities, brought back to the processor."""
    made = attack(oracle, *batch, seed=seed)
    return Crafted(made.images.cpu(), made.reached.cpu())


def intensities(count: int, attack: Attack) -> torch.Tensor:
    return torch.tensor(STRENGTHS[attack.unit]).repeat(count)[:count]


def test_stays_in_range_and_within_budget(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    _, images, labels = batch
    strengths = intensities(len(images), attack)
    crafted = craft(attack, oracle, images / 255, labels, strengths)
    assert crafted.images.shape == images.shape
    assert crafted.images.min() >= 0
    assert crafted.images.max() <= 1
    change, rounded = (crafted.images - images / 255).flatten(1), round_to_bytes(crafted.images)
    if attack.unit == "1/255":
        assert (change.abs().amax(1) * 255 <= strengths + 1e-3).all()
        assert (distances(images, rounded)[0] <= strengths).all()
    if attack.unit == "L2":
        assert (change.norm(dim=1) <= strengths + 1e-4).all()
    # Of ours none that is given a distance stops short of it; other toolboxes do, and then another image is taken.
    assert isinstance(attack, Foreign) or shows(attack.unit, strengths, images, rounded).all()


def test_reached_margin_is_true_in_full_precision(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    victim, images, labels = batch
    if attack.unit != "logits":
        pytest.skip("has no margin of its own")
    strengths = intensities(len(images), attack)
    crafted = craft(attack, oracle, images / 255, labels, strengths)
    logits = victim(crafted.images)
    true = logits.gather(1, labels[:, None]).squeeze(1)
    others = logits.clone()
    others.scatter_(1, labels[:, None], -torch.inf)
    margins = others.amax(1) - true
    assert crafted.reached.float().mean() > 0.5
    assert (margins[crafted.reached] >= strengths[crafted.reached] - 1e-3).all()


def test_same_seed_same_result(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    _, images, labels = batch
    strengths = intensities(len(images), attack)
    first, second = (craft(attack, oracle, images / 255, labels, strengths, seed=3) for _ in range(2))
    torch.testing.assert_close(first.images, second.images, rtol=0, atol=0)


@pytest.mark.skipif("cuda" not in DEVICES, reason="there is no GPU")
@pytest.mark.parametrize("name", [name for name in ATTACKS.names() if name != "square"])
def test_a_gpu_makes_what_the_processor_makes(name: str, batch: Batch) -> None:
    victim, images, labels = batch
    made = build(AttackSpec(name=name, intensities=Grid(start=1, stop=9, step=4)))
    strengths = intensities(len(images), made)
    here, there = (craft(made, Oracle(victim, device=one), images / 255, labels, strengths) for one in DEVICES)
    apart, moved = ((one - here.images).flatten(1).norm(dim=1) for one in (there.images, images / 255))
    assert (apart <= 0.1 * moved).float().mean() >= 0.75


def test_does_not_depend_on_who_else_is_in_the_batch(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    _, images, labels = batch
    strengths = intensities(len(images), attack)
    whole = craft(attack, oracle, images / 255, labels, strengths)
    for chosen in (slice(6), slice(6, 12)):  # the second six have another place in the batch as well
        part = craft(attack, oracle, images[chosen] / 255, labels[chosen], strengths[chosen])
        same = round_to_bytes(whole.images[chosen]) == round_to_bytes(part.images)
        assert same.float().mean() > 0.99


def test_leaves_victim_and_input_untouched(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    victim, images, labels = batch
    before = {name: value.clone() for name, value in victim.state_dict().items()}
    pixels = images / 255
    kept = pixels.clone()
    craft(attack, oracle, pixels, labels, intensities(len(images), attack))
    assert torch.equal(pixels, kept)
    assert not pixels.requires_grad
    assert not victim.training
    assert all(weight.grad is None and not weight.requires_grad for weight in victim.parameters())
    for name, value in victim.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_bad_arguments_are_one_sentence(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    _, images, labels = batch
    strengths = intensities(len(images), attack)
    with pytest.raises(InputError, match=r"images must be in \[0, 1\]"):
        attack(oracle, images.float(), labels, strengths)
    with pytest.raises(InputError, match="one length"):
        attack(oracle, images / 255, labels[:3], strengths)
    with pytest.raises(InputError, match="must be in"):
        attack(oracle, images / 255, labels, strengths - 1000)
    with pytest.raises(InputError, match="must be in"):
        attack(oracle, images / 255, labels, strengths * torch.nan)
    with pytest.raises(InputError, match="one length"):
        attack(oracle, images[:0] / 255, labels[:0], strengths[:0])


def test_fooling_is_judged_after_rounding(attack: Attack, oracle: Oracle, batch: Batch) -> None:
    victim, images, labels = batch
    crafted = craft(attack, oracle, images / 255, labels, intensities(len(images), attack))
    rounded = round_to_bytes(crafted.images)
    outcome = measure(victim, images, rounded, labels)
    assert torch.equal(outcome.fooled, victim(rounded / 255).argmax(1) != labels)
    assert outcome.fooled.float().mean() > 0.5


@pytest.mark.parametrize("entry", list(ATTACKS), ids=lambda entry: entry.name)
def test_says_what_its_intensity_is(entry: Entry[type[Attack]]) -> None:
    assert entry.facts["symbol"] == entry.value.symbol
    assert entry.value.unit in STRENGTHS
    assert max(STRENGTHS[entry.value.unit]) <= entry.value.limit

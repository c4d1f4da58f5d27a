"""Our attacks against CleverHans 4.0, on the same small victim."""

import pytest
import torch

from mtaa.attacks import Attack, Oracle, build, round_to_bytes
from mtaa.scenario import AttackSpec, Grid
from mtaa.victims import Victim

pytest.importorskip("cleverhans", reason="CleverHans 4.0 is not installed for this Python")

from cleverhans.torch.attacks.carlini_wagner_l2 import carlini_wagner_l2
from cleverhans.torch.attacks.fast_gradient_method import fast_gradient_method
from cleverhans.torch.attacks.projected_gradient_descent import projected_gradient_descent

Batch = tuple[Victim, torch.Tensor, torch.Tensor]
INF = float("inf")


def made(name: str, **parameters: float) -> Attack:
    return build(AttackSpec(name=name, intensities=Grid(start=1, stop=1, step=1), parameters=parameters))


def alike(images: torch.Tensor, intensity: float) -> torch.Tensor:
    """The same intensity for each image, in the images' own precision."""
    return torch.full((len(images),), float(intensity), dtype=images.dtype)


def assert_same_ways(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    """All but a few images end alike: where rounding flips one sign on the way, that image goes another from there.

    CleverHans takes each step in float32 whatever it is given, so greater precision would not bring the two together.
    """
    furthest = (ours - theirs).abs().flatten(1).amax(1)
    assert (furthest < 1e-6).float().mean() >= 0.8
    assert torch.isclose(ours, theirs, rtol=0, atol=1e-6).float().mean() >= 0.98


@pytest.mark.parametrize("epsilon", [10, 80, 200])
def test_fgsm_is_equal(batch: Batch, epsilon: int) -> None:
    victim, images, labels = batch
    ours = made("fgsm")(Oracle(victim, device="cpu"), images, labels, alike(images, epsilon)).images
    theirs = fast_gradient_method(victim, images, epsilon / 255, INF, clip_min=0, clip_max=1, y=labels)
    # A gradient that is zero up to float rounding may get either sign; it is one pixel in a thousand at most.
    assert torch.isclose(ours, theirs, rtol=0, atol=1e-6).float().mean() >= 0.999
    assert (round_to_bytes(ours) == round_to_bytes(theirs)).float().mean() >= 0.999


@pytest.mark.parametrize("epsilon", [10, 80, 200])
def test_pgd_without_random_start_is_equal_to_float_rounding(batch: Batch, epsilon: int) -> None:
    victim, images, labels = batch
    attack = made("pgd", step_size=10, steps=20)
    ours = attack(Oracle(victim, device="cpu"), images, labels, alike(images, epsilon)).images
    theirs = projected_gradient_descent(
        victim,
        images,
        epsilon / 255,
        min(10, epsilon) / 255,
        20,
        INF,
        clip_min=0,
        clip_max=1,
        y=labels,
        rand_init=False,
        sanity_checks=False,
    )
    assert_same_ways(ours, theirs)


@pytest.mark.parametrize("epsilon", [10, 80, 200])
def test_bim_is_equal_to_float_rounding(batch: Batch, epsilon: int) -> None:
    victim, images, labels = batch
    attack = made("bim", step_share=0.125, steps=10)
    ours = attack(Oracle(victim, device="cpu"), images, labels, alike(images, epsilon)).images
    # CleverHans has no BIM by that name: it is its PGD without a random start, given a step that suits ε.
    theirs = projected_gradient_descent(
        victim,
        images,
        epsilon / 255,
        epsilon / 255 / 8,
        10,
        INF,
        clip_min=0,
        clip_max=1,
        y=labels,
        rand_init=False,
        sanity_checks=False,
    )
    assert_same_ways(ours, theirs)


@pytest.mark.parametrize("radius", [0.5, 2.0, 6.0])
def test_pgd_l2_is_equal_to_float_rounding(batch: Batch, radius: float) -> None:
    victim, images, labels = batch
    attack = made("pgd_l2", step_share=0.125, steps=20)
    ours = attack(Oracle(victim, device="cpu"), images, labels, alike(images, radius)).images
    theirs = projected_gradient_descent(
        victim,
        images,
        radius,
        0.125 * radius,
        20,
        2,
        clip_min=0,
        clip_max=1,
        y=labels,
        rand_init=False,
        sanity_checks=False,
    )
    # Where rounding flips a ReLU on the way, an image may go another; it is one in twenty at most.
    furthest = (ours - theirs).abs().flatten(1).amax(1)
    assert (furthest < 1e-5).float().mean() >= 0.95
    torch.testing.assert_close((ours - images).flatten(1).norm(dim=1), alike(images, radius))


@pytest.mark.parametrize("kappa", [0.5, 5.0])
def test_cw_has_the_same_success_and_size(batch: Batch, kappa: float) -> None:
    victim, images, labels = (part[:24] if isinstance(part, torch.Tensor) else part for part in batch)
    attack = made("cw", c=50, steps=100, learning_rate=0.05)
    ours = attack(Oracle(victim, device="cpu"), images, labels, alike(images, kappa))
    # One image a call: CleverHans broadcasts its constant over the batch, which multiplies c by the batch's size.
    theirs = torch.cat(
        [
            carlini_wagner_l2(
                victim,
                images[place : place + 1],
                10,
                y=labels[place : place + 1],
                lr=0.05,
                confidence=kappa,
                initial_const=50,
                binary_search_steps=1,
                max_iterations=100,
            )
            for place in range(len(images))
        ]
    )
    # CleverHans hands back the clean image where it has failed.
    their_size = (theirs - images).flatten(1).norm(dim=1)
    succeeded = their_size > 1e-4
    assert torch.equal(succeeded, ours.reached)
    assert succeeded.float().mean() > 0.9
    our_size = (ours.images - images).flatten(1).norm(dim=1)
    assert our_size[succeeded].mean() == pytest.approx(float(their_size[succeeded].mean()), rel=0.05)

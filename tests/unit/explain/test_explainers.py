"""Contracts of every explainer, and the completeness of integrated gradients."""

from typing import Any

import pytest
import torch

from mtaa.explain.explainers import EXPLAINERS, Integrated, Occluded
from mtaa.explain.heads import EXTRACTOR, HEADS, HISTOGRAMS, Head, answer, without_gradient
from mtaa.models.network import INTENSITY_SCALE, Mtaa

NAMES = EXPLAINERS.names()


def hooks(network: torch.nn.Module) -> int:
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(len(getattr(part, kind)) for part in network.modules() for kind in kinds)


def assert_untouched(network: Mtaa, before: dict[str, torch.Tensor]) -> None:
    assert hooks(network) == 0
    assert not any(part.training for part in network.modules())
    for name, value in network.named_parameters():
        assert value.grad is None
        assert not value.requires_grad
        assert torch.equal(value, before[name])
    for name, value in network.named_buffers():
        assert torch.equal(value, before[name]) if name in before else True


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("kind", "head"), [("forensic", "attack"), ("forensic", "victim"), ("smooth", "intensity")])
def test_values_are_those_of_the_image(
    name: str, head: Any, kind: str, image: torch.Tensor, request: pytest.FixtureRequest
) -> None:
    network: Mtaa = request.getfixturevalue(kind)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    kept = image.clone()
    found = EXPLAINERS[name]().explain(Head(network, head, 1), image)
    assert found.values.shape == (28, 28)
    assert found.values.isfinite().all()
    assert not found.values.requires_grad
    assert found.is_signed or (found.values >= 0).all()
    assert torch.equal(image, kept)
    assert not image.requires_grad
    assert_untouched(network, before)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_behind_after_an_error(name: str, forensic: Mtaa, image: torch.Tensor) -> None:
    class Broken(Head):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            super().forward(images)
            raise RuntimeError("no answer")

    before = {key: value.clone() for key, value in forensic.state_dict().items()}
    with pytest.raises((RuntimeError, AssertionError)):
        EXPLAINERS[name]().explain(Broken(forensic, "attack", 0), image)
    assert_untouched(forensic, before)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("kind", ["smooth", "forensic"])
def test_integrated_gradients_sum_up_within_their_delta(
    head: Any, kind: str, image: torch.Tensor, request: pytest.FixtureRequest
) -> None:
    subject = Head(request.getfixturevalue(kind), head, 2)
    found = Integrated().explain(subject, image)
    change = float(subject(image) - subject(torch.zeros_like(image)))
    assert found.delta is not None
    assert found.change == pytest.approx(change, rel=1e-4, abs=1e-5)
    accounted = float(found.values.sum()) + sum(found.placeless.values())
    assert accounted - found.delta == pytest.approx(change, rel=1e-3, abs=1e-4)
    assert abs(found.delta) <= 0.05 * abs(change) + 0.02
    assert list(found.placeless) == ([HISTOGRAMS] if kind == "forensic" and head != "victim" else [])


def test_integrated_gradients_see_through_the_extractor(paper: Mtaa, image: torch.Tensor) -> None:
    found = Integrated().explain(Head(paper, "attack", 1), image)
    assert list(found.placeless) == [EXTRACTOR]
    assert abs(found.delta or 0) <= 0.05 * abs(found.change or 0) + 0.02


def test_occlusion_sees_what_has_no_gradient(forensic: Mtaa, image: torch.Tensor) -> None:
    class Count(Head):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return (images[:, :, :4, :4] > 0).float().sum((1, 2, 3))[:, None]

    bright = image.clamp(min=1 / 255)
    found = Occluded().explain(Count(forensic, "attack", 0), bright)
    assert found.values[:4, :4].min() > 0
    assert found.values[6:, 6:].abs().max() == 0


def test_heads_are_the_networks_own_answers(forensic: Mtaa, image: torch.Tensor) -> None:
    found = forensic(image)
    assert float(Head(forensic, "attack", 1)(image)) == pytest.approx(float(found.attack[0, 1]))
    assert float(Head(forensic, "victim", 2)(image)) == pytest.approx(float(found.victim[0, 2]))
    said = answer(forensic, "intensity", image)
    assert said.place == int(found.attack.argmax())
    assert said.value == pytest.approx(float(found.intensity[0]) * INTENSITY_SCALE, rel=1e-5)


def test_the_parts_without_gradient_are_named(forensic: Mtaa, smooth: Mtaa, paper: Mtaa) -> None:
    assert without_gradient(smooth, "attack") == []
    assert len(without_gradient(forensic, "attack")) == 2
    assert len(without_gradient(forensic, "victim")) == 1  # histograms join the attack's branch alone
    assert without_gradient(paper, "victim") == ["the perturbation extractor"]

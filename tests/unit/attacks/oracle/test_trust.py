"""A gradient that is not the victim's own is noticed, and another layout of memory is tried before giving up."""

import copy
from typing import Any

import pytest
import torch
from torch import nn

from mtaa.attacks.oracle.oracle import Oracle
from mtaa.attacks.oracle.trust import TOLERANCE, disagreement, laid_out, settle
from mtaa.core.errors import MtaaError
from mtaa.victims.model import Victim


class Wrong(torch.autograd.Function):
    """The identity, with twice its gradient."""

    @staticmethod
    def forward(context: Any, features: torch.Tensor) -> torch.Tensor:
        return features.view_as(features)

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> torch.Tensor:
        return 2 * gradients[0]


class Faulty(nn.Conv2d):
    """Right as long as its weights are laid out plainly, if `curable`, and never otherwise."""

    curable = True

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        found = super().forward(features)
        is_plain = self.curable and self.weight.is_contiguous()
        return found if is_plain else Wrong.apply(found)


def victim(kind: type[nn.Conv2d]) -> Victim:
    torch.manual_seed(0)
    network = nn.Sequential(kind(3, 4, 3), nn.Softplus(), nn.Flatten(), nn.LazyLinear(5))
    made = Victim(network, 12, [0.1], [0.3])
    made(torch.rand(1, 3, 12, 12))
    return made


def test_an_oracle_agrees_with_its_victim() -> None:
    own = victim(nn.Conv2d)
    assert disagreement(Oracle(own, "float32", "cpu").gradient, own) < TOLERANCE["float32"] / 10


def prepared(kind: type[nn.Conv2d]) -> tuple[Oracle, Victim]:
    """An oracle whose copy of a victim computes a wrong gradient, and the victim itself."""
    own, oracle = victim(nn.Conv2d), Oracle(victim(nn.Conv2d), "float32", "cpu")
    wrong = victim(kind)
    wrong.load_state_dict(copy.deepcopy(own.state_dict()))
    oracle._victim, oracle._may_quicken = laid_out(wrong.requires_grad_(False), torch.channels_last), False
    return oracle, own


def test_where_one_layout_is_wrong_the_other_is_taken() -> None:
    oracle, own = prepared(Faulty)
    assert disagreement(oracle.gradient, own) == pytest.approx(1, rel=1e-3)
    settle(oracle._victim, oracle.gradient, own, "float32")
    assert disagreement(oracle.gradient, own) < TOLERANCE["float32"] / 10


def test_where_both_are_wrong_nothing_is_attacked() -> None:
    class Incurable(Faulty):
        curable = False

    oracle, own = prepared(Incurable)
    with pytest.raises(MtaaError, match="must be the one the processor computes, got one that is off by 100%"):
        settle(oracle._victim, oracle.gradient, own, "float32")

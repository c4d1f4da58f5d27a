import torch

from mtaa.attacks import Oracle
from mtaa.attacks.cw import Cw, CwParameters
from mtaa.attacks.margin import margin
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load


def test_margin_is_largest_wrong_minus_true() -> None:
    logits = torch.tensor([[5.0, 1.0, 2.0], [0.0, 4.0, -1.0]])
    torch.testing.assert_close(margin(logits, torch.tensor([0, 2])), torch.tensor([-3.0, 5.0]))


def test_unreachable_kappa_is_never_a_success_and_never_the_clean_image(trained: Scenario) -> None:
    source = open_source(trained.images)
    chosen = source.indices("test")[:16]
    images, labels = torch.from_numpy(source.pixels(chosen)) / 255, torch.from_numpy(source.labels(chosen))
    oracle = Oracle(load(trained.images, "tiny_a"), device="cpu")
    crafted = Cw(CwParameters(steps=60, learning_rate=0.05))(oracle, images, labels, torch.full((16,), 900.0))
    assert not crafted.reached.any()
    changed = (crafted.images - images).abs().flatten(1).amax(1)
    assert (changed > 10 / 255).all()
    assert (margin(oracle.logits(crafted.images), labels) > margin(oracle.logits(images), labels)).all()

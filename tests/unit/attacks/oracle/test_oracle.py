import pytest
import torch
from torch.nn import functional as F

from mtaa.attacks import Oracle
from mtaa.victims import ARCHITECTURES, Victim


@pytest.mark.parametrize("name", ["resnet18", "inception_v3", "vgg16", "tiny_a"])
def test_computes_the_victims_own_logits_and_gradients(name: str) -> None:
    torch.manual_seed(0)
    architecture = ARCHITECTURES[name]
    network = architecture.build(10, architecture.side(28), False)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    victim = Victim(network, architecture.side(28), [0.13], [0.31]).eval()
    images, labels = torch.rand(3, 1, 28, 28), torch.tensor([0, 5, 9])
    oracle = Oracle(victim, device="cpu")
    logits, gradient = oracle.gradient(images, lambda z: F.cross_entropy(z, labels, reduction="none"))
    pixels = images.clone().requires_grad_(True)
    expected = victim(pixels)
    F.cross_entropy(expected, labels, reduction="sum").backward()
    assert pixels.grad is not None
    torch.testing.assert_close(logits, expected.detach(), rtol=1e-3, atol=1e-3)
    # A few pixels may differ where rounding flips a ReLU; the direction may not.
    assert F.cosine_similarity(gradient.flatten(1), pixels.grad.flatten(1)).min() > 0.9999
    torch.testing.assert_close(oracle.logits(images), logits)


@pytest.mark.filterwarnings("ignore:bfloat16 is emulated")
def test_bfloat16_converts_the_weights_once_and_computes_the_same() -> None:
    torch.manual_seed(0)
    victim = Victim(ARCHITECTURES["tiny_b"].build(10, 28, False), 28, [0.13], [0.31]).eval()
    images, before = torch.rand(3, 1, 28, 28), {name: value.clone() for name, value in victim.state_dict().items()}
    logits = Oracle(victim, "bfloat16", "cpu").logits(images)
    fused = Oracle(victim, "float32", "cpu")._victim
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(logits, fused(images), rtol=0, atol=0)
    assert logits.dtype == torch.float32
    assert all(torch.equal(value, before[name]) for name, value in victim.state_dict().items())


def test_emulated_bfloat16_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mtaa.core.device.has_bfloat16", lambda device: False)
    victim = Victim(ARCHITECTURES["tiny_a"].build(10, 28, False), 28, [0.13], [0.31]).eval()
    with pytest.warns(UserWarning, match="set the scenario's precision to float32"):
        Oracle(victim, "bfloat16", "cpu")

"""A grown network says of what it knew what it said before, and its new rows start from the mean."""

import pytest
import torch

from mtaa.models.config import NetworkConfig
from mtaa.models.growing import grown
from mtaa.models.network import Mtaa

KNOWN = (["fgsm", "pgd", "clean"], ["vgg16", "resnet18", "none"])
WANTED = (["fgsm", "pgd", "bim", "clean"], ["vgg16", "resnet18", "vgg19", "none"])
SMALL = {"backbone": "forensic", "widths": (4, 4, 4, 4)}
NETWORKS = {
    "per attack": NetworkConfig(**SMALL, extractor=False, statistics=True, regression="per_attack", dropout=0.2),
    "mixed": NetworkConfig(**SMALL, tap="layer1"),
}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Mtaa:
    torch.manual_seed(0)
    made = Mtaa(NETWORKS[request.param], 3, 3, channels=1, side=16)
    made.fit_scale(torch.tensor([0, 0, 1, 1]), torch.tensor([10.0, 90.0, 1.0, 5.0]))
    return made.eval().requires_grad_(False)


def test_what_was_known_is_told_as_before(network: Mtaa) -> None:
    images = torch.rand(5, 1, 16, 16)
    more = grown(network, KNOWN, WANTED, 1, 16).eval()
    with torch.no_grad():
        before, after = network(images), more(images)
    stood = [WANTED[0].index(name) for name in KNOWN[0]]
    torch.testing.assert_close(after.attack[:, stood], before.attack)
    torch.testing.assert_close(after.victim[:, [WANTED[1].index(name) for name in KNOWN[1]]], before.victim)
    torch.testing.assert_close(after.intensities[:, stood], before.intensities)
    torch.testing.assert_close(after.intensity, before.intensity)
    torch.testing.assert_close(after.attack[:, 2], before.attack.mean(1))
    assert after.attack.argmax(1).ne(2).all()
    assert after.victim.argmax(1).ne(2).all()


def test_it_can_be_trained_and_the_old_one_is_left_alone(network: Mtaa) -> None:
    kept = {name: weight.clone() for name, weight in network.state_dict().items()}
    more = grown(network, KNOWN, WANTED, 1, 16)
    assert more.training
    assert more.attack_head.weight.requires_grad
    if more.extractor is not None:
        assert not any(weight.requires_grad for weight in more.extractor.parameters())
        assert not more.extractor.training
    with torch.no_grad():
        for weight in more.parameters():
            weight.add_(1)
    assert all(torch.equal(weight, kept[name]) for name, weight in network.state_dict().items())


def test_only_new_scales_are_set(network: Mtaa) -> None:
    more = grown(network, KNOWN, WANTED, 1, 16)
    before = more.centre.clone()
    labels = torch.tensor([0, 0, 2, 2]), torch.tensor([1.0, 2.0, 20.0, 60.0])
    more.fit_scale(*labels, places=[2])
    torch.testing.assert_close(more.centre[[0, 1, 3]], before[[0, 1, 3]])
    if more.config.regression == "per_attack":
        assert float(more.centre[2]) == pytest.approx(0.4)
        assert float(more.spread[2]) == pytest.approx(0.2)

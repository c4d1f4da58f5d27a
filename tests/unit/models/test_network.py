import pytest
import torch

from mtaa.core.errors import UnknownNameError
from mtaa.models import cost
from mtaa.models.config import NetworkConfig, preset, presets
from mtaa.models.network import Mtaa

SMALL = {"backbone": "forensic", "widths": (8, 8, 8, 8), "statistics": True, "regression": "per_attack"}


def images(count: int = 3) -> torch.Tensor:
    return torch.randint(0, 256, (count, 1, 28, 28), generator=torch.Generator().manual_seed(0)) / 255


@pytest.mark.parametrize("name", ["forensic", "mtaa-paper-resnet18"])
def test_shapes_of_the_three_signatures(name: str) -> None:
    network = Mtaa(preset(name), attacks=4, victims=6, channels=1, side=28).eval()
    with torch.no_grad():
        found = network(images())
    assert found.attack.shape == (3, 4)
    assert found.victim.shape == (3, 6)
    assert found.intensity.shape == (3,)
    assert found.intensities.shape == (3, 4)
    assert found.attack_embedding.shape == (3, network.attack_head.in_features)
    assert all(part.dtype == torch.float32 for part in found)


def test_the_papers_network_has_the_papers_size() -> None:
    # Tables 7 and 11 give 48 M for ResNet50; the frozen feature extractor is not counted among them.
    network = Mtaa(preset("mtaa-paper-resnet50"), attacks=3, victims=5, channels=1, side=28)
    assert network.extractor is not None
    frozen = sum(weight.numel() for weight in network.extractor.features.parameters())
    assert 44e6 < cost.parameters(network) - frozen < 52e6


def test_branches_share_what_comes_before_and_nothing_after() -> None:
    network = Mtaa(NetworkConfig(**SMALL, extractor=False), 3, 5, 1, 28)
    assert network.victim_branch is not None
    network(images()).victim.sum().backward()
    assert all(weight.grad is None for weight in network.attack_branch.parameters())
    assert any(weight.grad is not None for weight in network.victim_branch.parameters())
    assert any(weight.grad is not None for weight in network.shared.parameters())


@pytest.mark.parametrize("part", ["branches", "fusion", "statistics", "planes"])
def test_each_part_of_the_ablation_can_be_left_out(part: str) -> None:
    whole = Mtaa(NetworkConfig(**SMALL, extractor=False), 3, 5, 1, 28)
    less = Mtaa(NetworkConfig(**{**SMALL, part: False}, extractor=False), 3, 5, 1, 28)
    assert cost.parameters(less) < cost.parameters(whole)
    assert less.eval()(images()).attack.shape == (3, 3)


def test_a_strided_start_costs_resolution_and_no_parameters() -> None:
    small = {**SMALL, "statistics": False, "extractor": False}
    whole, strided = (Mtaa(NetworkConfig(**small, early_stride=step), 3, 5, 1, 28) for step in (1, 4))
    assert cost.parameters(strided) == cost.parameters(whole)
    assert 8 * cost.flops(strided, 1, 28) < cost.flops(whole, 1, 28)
    for network in (whole, strided):
        found = network.shared(images())
        for name, tap in network.shared.taps.items():
            side = -(-28 // tap.stride)
            assert found[name].shape == (3, tap.channels, side, side), name


def test_mixed_regression_is_linear_in_features_and_logits() -> None:
    network = Mtaa(NetworkConfig(**{**SMALL, "regression": "mixed"}, extractor=False), 3, 5, 1, 28).eval()
    found = network(images())
    head = network.intensity_head
    by_hand = torch.cat([found.attack_embedding, found.attack], 1) @ head.weight.T + head.bias
    torch.testing.assert_close(found.intensity, by_hand.squeeze(1))


def test_intensity_is_that_of_the_likeliest_attack() -> None:
    network = Mtaa(NetworkConfig(**SMALL, extractor=False), 3, 5, 1, 28).eval()
    with torch.no_grad():
        network.attack_head.bias[1] += 100
    found = network(images())
    torch.testing.assert_close(found.intensity, found.intensities[:, 1])


def test_each_attack_has_the_scale_of_its_own_intensities() -> None:
    network = Mtaa(NetworkConfig(**SMALL, extractor=False), 3, 5, 1, 28).eval()
    before = network(images()).intensities
    attack, intensity = torch.tensor([0, 0, 1, 1, 2, 2]), torch.tensor([10.0, 200, 1, 12, 0, 0])
    network.fit_scale(attack, intensity)
    torch.testing.assert_close(network.centre, torch.tensor([1.05, 0.065, 0]))
    torch.testing.assert_close(network.spread, torch.tensor([0.95, 0.055, 1]))
    torch.testing.assert_close(network(images()).intensities, network.centre + network.spread * before)
    mixed = Mtaa(NetworkConfig(**{**SMALL, "regression": "mixed"}, extractor=False), 3, 5, 1, 28)
    mixed.fit_scale(attack, intensity)
    assert mixed.spread.tolist() == [1, 1, 1]


def test_the_frozen_extractor_never_trains() -> None:
    network = Mtaa(NetworkConfig(**SMALL), 3, 5, 1, 28).train()
    assert network.extractor is not None
    assert not network.extractor.features.training
    network.extractor.loss(images(), images().flip(0)).backward()
    assert all(weight.grad is None for weight in network.extractor.features.parameters())
    assert all(weight.grad is not None for weight in network.extractor.autoencoder.parameters())


def test_cost_of_a_known_layer_count() -> None:
    network = Mtaa(NetworkConfig(**SMALL, extractor=False), 3, 5, 1, 28)
    # The stem alone: 28 × 28 outputs, 8 channels, 9 planes, 3 × 3, a multiply and an add each.
    assert cost.flops(network, 1, 28) > 2 * 28 * 28 * 8 * 9 * 9
    assert cost.parameters(network) == sum(weight.numel() for weight in network.parameters())


def test_unknown_network_lists_the_near_ones() -> None:
    assert "forensic" in presets()
    with pytest.raises(UnknownNameError, match="did you mean mtaa-paper-resnet50"):
        preset("mtaa-paper-resnet5")

"""Feature-map differences are those of the network's own maps."""

import numpy as np
import pytest
import torch

from mtaa.explain.features import block_names, differences, extracted
from mtaa.models.network import Mtaa


def test_blocks_are_the_shared_taps_and_the_branches(forensic: Mtaa, image: torch.Tensor) -> None:
    found = differences(forensic, image, torch.zeros_like(image))
    assert [block.name for block in found] == block_names(forensic)
    assert block_names(forensic)[-2:] == ["attack_branch", "victim_branch"]
    for block in found[:4]:
        own = forensic.shared(image)[block.name] - forensic.shared(torch.zeros_like(image))[block.name]
        np.testing.assert_allclose(block.difference, own[0], atol=1e-4)
        assert block.mse == pytest.approx(float(own.square().mean()), rel=1e-3)
        assert block.mae == pytest.approx(float(own.abs().mean()), rel=1e-3)
        np.testing.assert_allclose(block.mean_size, own[0].abs().mean(0), atol=1e-4)


def test_an_image_does_not_differ_from_itself(forensic: Mtaa, image: torch.Tensor) -> None:
    assert all(block.mse < 1e-9 for block in differences(forensic, image, image))


def test_the_extractor_estimates_its_own_tap(paper: Mtaa, image: torch.Tensor) -> None:
    clean = torch.zeros_like(image)
    found = extracted(paper, image, clean)
    assert found is not None
    assert found.true is not None
    assert paper.extractor is not None
    own = paper.extractor.autoencoder(paper.extractor.feature_map(image))[0].detach()
    np.testing.assert_allclose(found.estimate.difference, own, atol=1e-4)
    true = paper.extractor.feature_map(image) - paper.extractor.feature_map(clean)
    np.testing.assert_allclose(found.true.difference, true[0], atol=1e-4)
    alone = extracted(paper, image, None)
    assert alone is not None
    assert alone.true is None


def test_a_network_without_extractor_makes_no_estimate(forensic: Mtaa, image: torch.Tensor) -> None:
    assert extracted(forensic, image, None) is None

"""Small untrained networks: one with gradients throughout, one with the parts that have none."""

import pytest
import torch

from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa

PLAIN = NetworkConfig(backbone="resnet18", extractor=True, tap="layer3", fusion=False)
FORENSIC = NetworkConfig(
    backbone="forensic", widths=(8, 8, 8, 8), extractor=False, statistics=True, regression="per_attack"
)


def network(config: NetworkConfig) -> Mtaa:
    torch.manual_seed(0)
    return Mtaa(config, attacks=3, victims=3, channels=1, side=28).eval().requires_grad_(False)


@pytest.fixture(scope="session")
def smooth() -> Mtaa:
    """Without its extractor's frozen, gradient-free part in the way: the completeness of gradients holds."""
    return network(PLAIN.model_copy(update={"extractor": False}))


@pytest.fixture(scope="session")
def forensic() -> Mtaa:
    return network(FORENSIC)


@pytest.fixture(scope="session")
def paper() -> Mtaa:
    return network(PLAIN)


@pytest.fixture
def image() -> torch.Tensor:
    """(1, 1, 28, 28) in [0, 1], in steps of a grey level."""
    return torch.randint(0, 256, (1, 1, 28, 28), generator=torch.Generator().manual_seed(1)) / 255

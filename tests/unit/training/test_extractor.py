import numpy as np
import torch

from mtaa.core.progress import Silent
from mtaa.dataset.examples import Examples
from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.training.config import TrainingConfig
from mtaa.training.extractor import fit_extractor


def pairs(count: int = 64) -> Examples:
    """Digits of noise and the same with every pixel raised by 60 grey levels."""
    clean = np.random.default_rng(0).integers(0, 190, (count, 1, 16, 16)).astype(np.uint8)
    whole, flags = np.zeros(count, np.int64), np.ones(count, bool)
    strength, names = np.full(count, 60, np.float32), whole.astype(str)
    changed, none = clean + np.uint8(60), np.full(count, "")
    return Examples(changed, clean, whole, whole, strength, strength, flags, flags, names, none)


def test_it_learns_the_perturbation_and_is_frozen_then() -> None:
    torch.manual_seed(0)
    config = NetworkConfig(backbone="forensic", widths=(4, 4, 4, 4), tap="layer1")
    extractor = Mtaa(config, attacks=3, victims=2, channels=1, side=16).extractor
    assert extractor is not None
    features = {name: value.clone() for name, value in extractor.features.state_dict().items()}
    training = TrainingConfig(batch=16, extractor_epochs=5)
    curve = fit_extractor(extractor, pairs(), training, torch.device("cpu"), Silent())
    assert len(curve) == 5
    assert curve[-1] < curve[0] / 2
    assert not any(weight.requires_grad for weight in extractor.parameters())
    assert not any(part.training for part in extractor.modules())
    assert all(torch.equal(value, features[name]) for name, value in extractor.features.state_dict().items())

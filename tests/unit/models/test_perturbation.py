import pytest
import torch

from mtaa.models.config import NetworkConfig
from mtaa.models.perturbation import PerturbationExtractor


def images(seed: int, side: int = 28) -> torch.Tensor:
    return torch.randint(0, 256, (2, 1, side, side), generator=torch.Generator().manual_seed(seed)) / 255


@pytest.fixture
def extractor() -> PerturbationExtractor:
    torch.manual_seed(0)
    made = PerturbationExtractor(NetworkConfig(backbone="forensic", widths=(6, 8, 8, 8), tap="layer2"))
    made.eval()
    made(images(0))
    return made


def test_loss_is_eq_4(extractor: PerturbationExtractor) -> None:
    adversarial, clean = images(1), images(2)
    with torch.no_grad():
        changed, original = (extractor.features(shown, "layer2")["layer2"] for shown in (adversarial, clean))
        by_hand = (changed - extractor.autoencoder(changed) - original).square().mean()
        torch.testing.assert_close(extractor.loss(adversarial, clean), by_hand)


def test_code_is_of_the_estimated_perturbation(extractor: PerturbationExtractor) -> None:
    with torch.no_grad():
        found = extractor(images(1))
        estimate = extractor.autoencoder(extractor.feature_map(images(1)))
    assert found.shape == (2, extractor.outputs)
    torch.testing.assert_close(found[:, :8], estimate.mean((2, 3)))
    torch.testing.assert_close(found[:, 8:], estimate.abs().mean((2, 3)))


def test_maps_too_small_for_the_auto_encoder_are_enlarged(extractor: PerturbationExtractor) -> None:
    with torch.no_grad():
        assert extractor.feature_map(images(1, side=8)).shape == (2, 8, 14, 14)
        assert extractor.feature_map(images(1, side=16)).shape == (2, 8, 8, 8)
        assert extractor(images(1, side=8)).isfinite().all()


def test_training_changes_the_auto_encoder_alone(extractor: PerturbationExtractor) -> None:
    features = {name: value.clone() for name, value in extractor.features.state_dict().items()}
    decoder = {name: value.clone() for name, value in extractor.autoencoder.state_dict().items()}
    extractor.train()
    optimiser = torch.optim.SGD(extractor.parameters(), 0.1)
    extractor.loss(images(1), images(2)).backward()
    optimiser.step()
    assert extractor.autoencoder.training
    assert not any(part.training for part in extractor.features.modules())
    # Running means and variances included: batch norm in training mode would move them.
    assert all(torch.equal(value, features[name]) for name, value in extractor.features.state_dict().items())
    assert not all(torch.equal(value, decoder[name]) for name, value in extractor.autoencoder.state_dict().items())

import torch
from torch import nn

from mtaa.models.autoencoder import AutoEncoder


def sides(stack: nn.Sequential, features: torch.Tensor) -> tuple[list[int], torch.Tensor]:
    found = []
    for layer in stack:
        features = layer(features)
        if not isinstance(layer, nn.ReLU):
            found.append(features.shape[-1])
    return found, features


def test_sides_and_channels_are_table_6s() -> None:
    autoencoder = AutoEncoder(256).eval()
    down, code = sides(autoencoder.encoder, torch.rand(2, 256, 14, 14))
    up, decoded = sides(autoencoder.decoder, code)
    assert down == [8, 4, 3, 2]
    assert up == [5, 11, 14]
    assert code.shape == (2, 256, 2, 2)
    assert decoded.shape == (2, 256, 14, 14)
    kernels = [layer.kernel_size for layer in [*autoencoder.encoder, *autoencoder.decoder] if hasattr(layer, "weight")]
    assert kernels == [(2, 2), (2, 2), (3, 3), (5, 5), (6, 6)]


def test_output_has_the_shape_of_any_map() -> None:
    features = torch.rand(1, 64, 28, 28)
    assert AutoEncoder(64)(features).shape == features.shape

"""Low-level statistics of the 8-bit image, and how a network reads an intensity off them."""

import torch
from torch import nn

LEVELS = 256
HISTOGRAMS = 3


def histograms(images: torch.Tensor) -> torch.Tensor:
    """log(1 + count) of grey levels and of absolute horizontal and vertical differences: (N, 3, 256) float32.

    `images` (N, C, H, W) in [0, 1], rounded to 8 bits; channels are counted together. After an L∞ attack on a black
    background the commonest level above 0 is ε itself.
    """
    levels = (images.float() * 255).round().long()
    across, down = (levels[..., 1:] - levels[..., :-1]).abs(), (levels[..., 1:, :] - levels[..., :-1, :]).abs()
    counts = torch.zeros(len(images), HISTOGRAMS, LEVELS, device=images.device)
    for place, values in enumerate((levels, across, down)):
        flat = values.flatten(1)
        counts[:, place].scatter_add_(1, flat, torch.ones(flat.shape, device=images.device))
    return torch.log1p(counts)


class Statistics(nn.Module):
    """Histograms to a code (N, `outputs`).

    A plain perceptron sees 256 unrelated bins. Beside it, a convolution along the bins scores each, and the expected
    position under the softmax of the scores is a grey level as a number: it carries over between levels that no
    training image had.
    """

    positions: torch.Tensor

    def __init__(self, readers: int = 8, hidden: int = 128, dropout: float = 0.2):
        super().__init__()
        self.score = nn.Sequential(
            nn.Conv1d(HISTOGRAMS, 32, 9, padding=4),
            nn.ReLU(),
            nn.Conv1d(32, 32, 9, padding=4),
            nn.ReLU(),
            nn.Conv1d(32, readers, 1),
        )
        self.dense = nn.Sequential(
            nn.Linear(HISTOGRAMS * LEVELS, 256),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(256, hidden),
            nn.ReLU(),
        )
        self.outputs = readers + hidden
        self.register_buffer("positions", torch.arange(LEVELS) / 100, persistent=False)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Code (N, outputs) float32 of images (N, C, H, W) in [0, 1]."""
        # In full precision: bfloat16 has 8 bits, and a grey level needs all of them.
        with torch.autocast(images.device.type, enabled=False):
            counted = histograms(images)
            expected = (self.score(counted).softmax(-1) * self.positions).sum(-1)
            return torch.cat([expected, self.dense(counted.flatten(1))], 1)

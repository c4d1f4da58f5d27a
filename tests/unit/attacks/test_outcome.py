import pytest
import torch
from torch import nn

from mtaa.attacks.outcome import distances, measure, shows


class Threshold(nn.Module):
    """Says 1 where the first pixel is above 100 grey levels, by a margin of how far."""

    mean = torch.zeros(1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        first = images[:, 0, 0, 0] * 255 - 100
        return torch.stack([torch.zeros_like(first), first], 1)


CLEAN = torch.tensor([60, 60, 60], dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 1, 2, 2)
ADVERSARIAL = torch.tensor([160, 110, 90], dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 1, 2, 2)


@pytest.mark.parametrize(
    ("unit", "achieved"),
    [
        ("logits", [60, 10, -10]),
        ("1/255", [100, 50, 30]),
        ("L2", [200 / 255, 100 / 255, 60 / 255]),
        ("%", [150, 25, 0]),  # the boundary is 40 grey levels away
    ],
)
def test_achieved_is_measured_in_the_attacks_unit(unit: str, achieved: list[float]) -> None:
    outcome = measure(Threshold(), CLEAN, ADVERSARIAL, torch.zeros(3, dtype=torch.int64), unit)  # type: ignore[arg-type]
    torch.testing.assert_close(outcome.achieved, torch.tensor(achieved, dtype=torch.float32), rtol=5e-3, atol=1e-3)
    assert outcome.fooled.tolist() == [True, True, False]


def test_rounding_may_take_away_as_much_as_it_can_and_no_more() -> None:
    linf, l2 = distances(CLEAN, ADVERSARIAL)
    assert shows("1/255", linf + 0.9, CLEAN, ADVERSARIAL).all()
    assert not shows("1/255", linf + 1, CLEAN, ADVERSARIAL).any()
    assert shows("L2", l2 + 0.99 / 255, CLEAN, ADVERSARIAL).all()
    assert not shows("L2", l2 + 1.01 / 255, CLEAN, ADVERSARIAL).any()
    assert shows("logits", l2 + 99, CLEAN, ADVERSARIAL).all()

import math
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from mtaa.models.config import NetworkConfig
from mtaa.models.network import Mtaa
from mtaa.training.config import TrainingConfig
from mtaa.training.module import Fitting

CLEAN = 2


def fitting(monkeypatch: pytest.MonkeyPatch, steps: int = 100, **settings: Any) -> Fitting:
    torch.manual_seed(0)
    config = NetworkConfig(
        backbone="forensic", widths=(4, 4, 4, 4), extractor=False, statistics=True, regression="per_attack"
    )
    module = Fitting(Mtaa(config, attacks=3, victims=2, channels=1, side=8), TrainingConfig(**settings), CLEAN)
    trainer = SimpleNamespace(estimated_stepping_batches=steps)
    monkeypatch.setattr(Fitting, "trainer", trainer)
    return module


def rates(module: Fitting, steps: int) -> list[float]:
    made = module.configure_optimizers()
    found = []
    for _ in range(steps):
        found.append(made["optimizer"].param_groups[0]["lr"])
        made["optimizer"].step()
        made["lr_scheduler"]["scheduler"].step()
    return found


def test_learning_rate_is_cosine_annealed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rates(fitting(monkeypatch, learning_rate=0.1), 100)
    assert found == pytest.approx([0.05 * (1 + math.cos(math.pi * step / 100)) for step in range(100)])


def test_learning_rate_rises_first_where_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rates(fitting(monkeypatch, learning_rate=0.1, warm_up=0.2), 100)
    assert found[:20] == pytest.approx([0.1 * (step + 1) / 20 for step in range(20)])
    assert max(found) == found[20] == pytest.approx(0.1)
    assert 0 < found[99] < 0.001


@pytest.mark.parametrize(("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW)])
def test_optimiser_has_all_that_is_learnt(monkeypatch: pytest.MonkeyPatch, name: str, kind: type) -> None:
    module = fitting(monkeypatch, optimiser=name, weight_decay=0.01)
    optimiser = module.configure_optimizers()["optimizer"]
    assert type(optimiser) is kind
    learnt = {id(weight) for group in optimiser.param_groups for weight in group["params"]}
    assert id(module.weighting.log_variances) in learnt
    assert len(learnt) == len([weight for weight in module.parameters() if weight.requires_grad])


def test_validation_figures_are_of_the_whole_split(monkeypatch: pytest.MonkeyPatch) -> None:
    module = fitting(monkeypatch).eval()
    generator = torch.Generator().manual_seed(1)
    whole = {
        "images": torch.randint(0, 256, (10, 1, 8, 8), generator=generator, dtype=torch.uint8),
        "attack": torch.arange(10) % 3,
        "victim": torch.arange(10) % 2,
        "intensity": torch.where(torch.arange(10) % 3 == CLEAN, 0.0, 10.0 * torch.arange(10)),
    }
    logged: dict[str, float] = {}
    monkeypatch.setattr(module, "log_dict", lambda figures, **_: logged.update(figures))
    module.on_validation_epoch_start()
    with torch.no_grad():
        for chosen in (slice(0, 7), slice(7, 10)):  # batches of unequal size, which a mean of means gets wrong
            module.validation_step({name: part[chosen] for name, part in whole.items()}, 0)
        found = module.network(whole["images"].float() / 255)
    module.on_validation_epoch_end()
    attacked = whole["attack"] != CLEAN
    error = (found.intensity * 100 - whole["intensity"])[attacked]
    assert logged["validation_intensity_rmse"] == pytest.approx(float(error.square().mean().sqrt()), rel=1e-4)
    right = (found.attack.argmax(1) == whole["attack"]).float().mean()
    assert logged["validation_attack_accuracy"] == pytest.approx(float(right))
    assert logged["validation_victim_accuracy"] == pytest.approx(
        float((found.victim.argmax(1) == whole["victim"]).float().mean())
    )

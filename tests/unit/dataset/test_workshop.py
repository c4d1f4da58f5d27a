from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mtaa.attacks import Oracle, build
from mtaa.dataset import plan, shards
from mtaa.dataset.workshop import Workshop
from mtaa.images import open_source
from mtaa.scenario import Scenario
from mtaa.victims import load


def shard_of(scenario: Scenario, name: str) -> plan.Shard:
    return next(shard for shard in plan.shards(scenario) if shard.name == name)


def test_a_victim_too_sure_for_a_gradient_is_noticed(trained: Scenario) -> None:
    victim, source = load(trained.images, "tiny_a"), open_source(trained.images)
    victim.network[-1].weight *= 1e5  # type: ignore[index, operator]
    victim.network[-1].bias *= 1e5  # type: ignore[index, operator]
    chosen, strengths = source.indices("test")[:40], np.full(40, 60, np.float32)
    oracle = Oracle(victim, device="cpu")
    right = oracle.logits(torch.from_numpy(source.pixels(chosen)) / 255).argmax(1).numpy() == source.labels(chosen)
    made, reached = Workshop._craft(build(trained.attacks[0]), oracle, source, chosen, strengths, 0)
    unchanged = (made.numpy() == source.pixels(chosen)).reshape(40, -1).all(1)
    assert unchanged[right].sum() > 20
    assert not reached[unchanged].any()
    assert reached[~unchanged].all()


def test_images_that_do_not_show_their_epsilon_are_replaced(
    trained: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, source = Workshop._craft, open_source(trained.images)

    def stubborn(attack: Any, oracle: Any, source: Any, chosen: np.ndarray, *rest: Any) -> Any:
        made, reached = real(attack, oracle, source, chosen, *rest)
        stuck = chosen % 5 == 0
        if stuck.any():
            made[stuck] = torch.from_numpy(source.pixels(chosen[stuck]))
        return made, reached & ~stuck

    monkeypatch.setattr(Workshop, "_craft", staticmethod(stubborn))
    workshop = Workshop(trained, "cpu")
    workshop.make(shard_of(trained, "test-pgd-tiny_a-0000"), source, tmp_path / "pgd.parquet")
    table, _ = shards.read(tmp_path / "pgd.parquet")
    assert not (table.column("index").to_numpy() % 5 == 0).any()
    np.testing.assert_array_equal(table.column("achieved").to_numpy(), table.column("intensity").to_numpy())
    assert table.column("reached").to_numpy().all()
    assert int(table.schema.metadata[b"redrawn"]) > 0
    workshop.make(shard_of(trained, "test-cw-tiny_a-0000"), source, tmp_path / "cw.parquet")
    table, _ = shards.read(tmp_path / "cw.parquet")
    kept = table.column("index").to_numpy() % 5 == 0
    assert kept.any()  # that a κ is out of reach is a finding, and stays
    assert not table.column("reached").to_numpy()[kept].any()

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mtaa.attacks import Oracle, build
from mtaa.dataset import plan, shards
from mtaa.dataset.workshop import Workshop
from mtaa.images import controls, open_source
from mtaa.scenario import AttackSpec, Grid, Scenario
from mtaa.scenario.record import CellCounts, ControlSpec
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
    made, reached = Workshop._craft(build(trained.attacks[0]), oracle, source, chosen, strengths, [0] * 40)
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
    workshop.make([shard_of(trained, "test-pgd-tiny_a-0000")], source, [tmp_path / "pgd.parquet"])
    table, _ = shards.read(tmp_path / "pgd.parquet")
    assert not (table.column("index").to_numpy() % 5 == 0).any()
    np.testing.assert_array_equal(table.column("achieved").to_numpy(), table.column("intensity").to_numpy())
    assert table.column("reached").to_numpy().all()
    assert int(table.schema.metadata[b"redrawn"]) > 0
    workshop.make([shard_of(trained, "test-cw-tiny_a-0000")], source, [tmp_path / "cw.parquet"])
    table, _ = shards.read(tmp_path / "cw.parquet")
    kept = table.column("index").to_numpy() % 5 == 0
    assert kept.any()  # that a κ is out of reach is a finding, and stays
    assert not table.column("reached").to_numpy()[kept].any()


def test_a_control_makes_clean_examples_that_say_what_changed_them(trained: Scenario, tmp_path: Path) -> None:
    spec = ControlSpec(
        name="noise", strengths=Grid(start=4, stop=12, step=4), examples=CellCounts(train=5, validation=1, test=4)
    )
    scenario, source = trained.model_copy(update={"controls": [spec]}), open_source(trained.images)
    shard = shard_of(scenario, "test-clean.noise-none-0000")
    Workshop(scenario, "cpu").make([shard], source, [tmp_path / "noise.parquet"])
    table, shape = shards.read(tmp_path / "noise.parquet")
    assert set(table.column("attack").to_pylist()) == {"clean"}
    assert set(table.column("victim").to_pylist()) == {"none"}
    assert set(table.column("control").to_pylist()) == {"noise"}
    assert not table.column("intensity").to_numpy().any()
    assert not table.column("fooled").to_numpy().any()
    np.testing.assert_array_equal(table.column("strength").to_numpy(), shard.intensities)
    originals = source.pixels(table.column("index").to_numpy())
    changed = originals + shards.pixels_array(table.column("delta"), shape)
    np.testing.assert_array_equal(changed, controls.apply("noise", originals, shard.intensities, shard.seed))
    assert (table.column("linf").to_numpy() > 0).all()
    assert len(np.unique(table.column("index").to_numpy())) == len(table)


@pytest.mark.parametrize(("name", "start", "stop"), [("pgd_l2", 1, 3), ("deepfool", 10, 50)])
def test_what_was_achieved_is_in_the_unit_of_the_attack(
    trained: Scenario, tmp_path: Path, name: str, start: float, stop: float
) -> None:
    spec = AttackSpec(name=name, intensities=Grid(start=start, stop=stop, step=(stop - start) / 2))
    scenario = trained.model_copy(update={"attacks": [spec], "victims": ["tiny_a"]})
    path = tmp_path / "made.parquet"
    Workshop(scenario, "cpu").make(
        [shard_of(scenario, f"test-{name}-tiny_a-0000")], open_source(trained.images), [path]
    )
    table, _ = shards.read(path)
    asked, found = (table.column(column).to_numpy() for column in ("intensity", "achieved"))
    assert table.column("reached").to_numpy().all()
    if name == "pgd_l2":
        np.testing.assert_array_equal(found, table.column("l2").to_numpy())
        np.testing.assert_allclose(found, asked, atol=0.02)
    else:
        assert table.column("fooled").to_numpy().all()
        assert np.median(np.abs(found - asked)) < 5


def test_a_shard_holds_the_same_whoever_is_in_its_lot(trained: Scenario, tmp_path: Path) -> None:
    spec = trained.attack("pgd").model_copy(
        update={
            "parameters": {"step_size": 20, "steps": 5, "random_start": True},
            "examples": CellCounts(train=90, test=1),
        }
    )
    scenario, source = trained.model_copy(update={"attacks": [spec]}), open_source(trained.images)
    workshop = Workshop(scenario, "cpu")
    lot = [shard for shard in plan.shards(scenario) if (shard.split, shard.victim) == ("train", "tiny_a")]
    assert len(lot) == 3
    alone, together = ([tmp_path / f"{how}-{shard.part}.parquet" for shard in lot] for how in ("alone", "together"))
    for shard, path in zip(lot, alone, strict=True):
        workshop.make([shard], source, [path])
    workshop.make(lot, source, together)
    for first, second in zip(alone, together, strict=True):
        (one, _), (other, _) = shards.read(first), shards.read(second)
        for column in ("index", "intensity", "seed", "reached", "label"):
            assert one.column(column).equals(other.column(column)), column
        same = [a == b for a, b in zip(one.column("delta").to_pylist(), other.column("delta").to_pylist(), strict=True)]
        assert np.mean(same) > 0.9


def test_a_gpu_attacks_shards_of_one_kind_together(trained: Scenario) -> None:
    many = trained.model_copy(update={"examples": CellCounts(train=90, test=90), "clean": None})
    workshop, made = Workshop(many, "cpu"), list(plan.shards(many))
    assert all(len(lot) == 1 for lot in workshop.lots(made))
    workshop.device = torch.device("cuda")
    lots = list(workshop.lots(made))
    assert [shard for lot in lots for shard in lot] == made
    assert {len(lot) for lot in lots} == {3}  # all of one split, attack and victim

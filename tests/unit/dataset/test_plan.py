import numpy as np

from mtaa.dataset import plan
from mtaa.scenario import Scenario
from mtaa.scenario.record import CellCounts, ControlSpec, Grid


def test_controls_are_planned_under_names_and_seeds_of_their_own(smoke: Scenario) -> None:
    counts = CellCounts(train=50, test=1)
    controls = [ControlSpec(name=name, strengths=Grid(start=2, stop=6, step=2), examples=counts) for name in "ab"]
    with_controls = smoke.model_copy(update={"controls": controls})
    before, after = list(plan.shards(smoke)), list(plan.shards(with_controls))
    added = [shard for shard in after if shard.control]
    assert [(s.name, s.seed) for s in after if not s.control] == [(s.name, s.seed) for s in before]
    assert len({shard.name for shard in after}) == len(after)
    assert len({shard.seed for shard in added}) == len(added)
    assert {(shard.attack, shard.victim) for shard in added} == {("clean", "none")}
    mine = [shard for shard in added if (shard.control, shard.split) == ("a", "train")]
    assert [shard.name for shard in mine] == ["train-clean.a-none-0000", "train-clean.a-none-0001"]
    values, times = np.unique(np.concatenate([shard.intensities for shard in mine]), return_counts=True)
    assert (values.tolist(), times.tolist()) == ([2, 4, 6], [50, 50, 50])


def test_a_toolbox_in_the_name_makes_no_colon_in_the_file() -> None:
    shard = plan.Shard("train", "art:SquareAttack", "vgg16", 3, np.ones(1), 0, 1)
    assert shard.name == "train-art.SquareAttack-vgg16-0003"

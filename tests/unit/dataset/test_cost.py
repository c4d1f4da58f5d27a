"""What is counted beforehand is what the plan then makes."""

from collections import Counter
from pathlib import Path

import pytest

from mtaa.core import files
from mtaa.dataset import manifest, plan
from mtaa.dataset.cost import FILE_BYTES, LABEL_BYTES, cost
from mtaa.scenario import Scenario, load, names
from mtaa.scenario.presets import dump, parse

CONTROLLED = """
name: controlled
images: {source: digits, channels: 1, side: 8}
victims: [tiny_a, tiny_b]
attacks:
  - {name: square, intensities: {start: 4, stop: 8, step: 2}, parameters: {steps: 30}}
  - {name: fgsm, intensities: {start: 4, stop: 8, step: 2}, examples: {train: 5, validation: 3, test: 2}}
examples: {train: 2, test: 1}
clean: {train: 7, test: 2}
controls:
  - {name: jpeg, strengths: {start: 50, stop: 90, step: 20}, examples: {train: 2, test: 1}}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    monkeypatch.delenv("MTAA_STORE", raising=False)
    return tmp_path


@pytest.mark.parametrize("scenario", [*map(load, names()), parse(CONTROLLED)], ids=lambda scenario: scenario.name)
def test_it_equals_the_totals_of_the_plan(scenario: Scenario) -> None:
    examples, steps = Counter[str](), Counter[str]()
    for shard in plan.shards(scenario):
        examples[shard.split] += len(shard.intensities)
        steps[shard.victim] += shard.work
    found = cost(scenario)
    assert {split: count for split, count in found.examples.items() if count} == examples
    assert found.copies == steps.pop(plan.NOBODY, 0)
    assert found.steps == steps
    assert not found.is_made


def test_bytes_are_the_most_until_some_were_made(home: Path) -> None:
    scenario = parse(CONTROLLED)
    before = cost(scenario)
    total = sum(before.examples.values())
    least = total * (2 * 64 + LABEL_BYTES) + FILE_BYTES * len(list(plan.shards(scenario)))
    assert least <= before.shard_bytes <= 1.5 * least
    assert before.basis == ""
    other = scenario.model_copy(update={"name": "other", "seed": 9})
    folder = manifest.folder(other)
    for name, size in (("clean-train", 100), ("shards/one", 900)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.parquet").write_bytes(b"x" * size)
    files.write_text(folder / "scenario.yaml", dump(other))
    files.write_json(
        folder / manifest.NAME,
        {"clean": [{"name": "clean-train", "rows": 5}], "shards": [{"name": "one", "rows": 10}]},
    )
    after = cost(scenario)
    assert (after.shard_bytes, after.basis) == (total * 100, "other")
    assert cost(other).is_made
    wider = scenario.model_copy(update={"images": scenario.images.model_copy(update={"side": 16})})
    assert cost(wider).basis == ""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from filelock import FileLock

from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError, MtaaError
from mtaa.dataset import plan, shards
from mtaa.dataset.generate import generate
from mtaa.dataset.manifest import NAME as MANIFEST
from mtaa.dataset.manifest import folder, verify
from mtaa.dataset.read import export, read_export, read_split
from mtaa.scenario import Scenario, load
from mtaa.scenario.record import SPLITS, CellCounts, ControlSpec, Grid


def test_plan_covers_every_cell_once(smoke: Scenario) -> None:
    made = list(plan.shards(smoke))
    assert len({shard.name for shard in made}) == len(made)
    for split in SPLITS:
        assert sum(len(shard.intensities) for shard in made if shard.split == split) == smoke.total(split)
    cell = np.concatenate([s.intensities for s in made if (s.split, s.attack, s.victim) == ("train", "pgd", "tiny_a")])
    values, counts = np.unique(cell, return_counts=True)
    assert values.tolist() == [40, 100, 160]
    assert counts.tolist() == [40, 40, 40]


def test_shards_of_the_paper_are_small_enough_to_lose() -> None:
    assert max(len(shard.intensities) for shard in plan.shards(load("mnist-paper"))) <= plan.ROWS


def test_read_back_with_truth(generated: Scenario) -> None:
    sources = {}
    for split in SPLITS:
        examples = read_split(generated, split)
        assert len(examples) == generated.total(split)
        change = np.abs(examples.images.astype(int) - examples.clean).reshape(len(examples), -1).max(1)
        for place, name in enumerate(generated.attack_labels):
            mine = examples.attack == place
            if name in ("fgsm", "pgd"):
                np.testing.assert_array_equal(change[mine], examples.intensity[mine])
                np.testing.assert_array_equal(examples.achieved[mine], examples.intensity[mine])
            if name == "clean":
                assert not change[mine].any()
                assert not examples.fooled[mine].any()
            if name == "cw":
                assert change[mine].all()
        sources[split] = set(examples.source.tolist())
    assert not sources["train"] & sources["test"]
    assert not sources["train"] & sources["validation"]
    assert not sources["test"] & sources["validation"]


def test_a_second_run_makes_nothing_anew(generated: Scenario) -> None:
    root = folder(generated)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.parquet")}
    generate(generated)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*.parquet")} == before


def test_a_lost_shard_is_made_again_to_the_byte(generated: Scenario) -> None:
    path = folder(generated) / "shards" / "train-pgd-tiny_b-0000.parquet"
    digest = files.sha256_file(path)
    path.unlink()
    generate(generated)
    assert files.sha256_file(path) == digest


def test_manifest_names_every_shard_with_its_hash(generated: Scenario) -> None:
    root = folder(generated)
    listed = files.read_json(root / MANIFEST)["shards"]
    assert {entry["name"] for entry in listed} == {path.stem for path in (root / "shards").glob("*.parquet")}
    for entry in listed:
        assert files.sha256_file(root / "shards" / f"{entry['name']}.parquet") == entry["sha256"]


def started(home: Path, workers: int) -> subprocess.Popen[bytes]:
    """`mtaa generate` on the smoke scenario as a process group of its own, stopped by nobody."""
    command = [sys.executable, "-m", "mtaa.cli", "generate", "--scenario", "smoke", "--workers", str(workers)]
    environment = {**os.environ, "MTAA_HOME": str(home)}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stderr=quiet, stdout=quiet, start_new_session=True)


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("workers", [1, 2])
def test_kill_leaves_whole_shards_and_a_resumable_run(generated: Scenario, tmp_path: Path, workers: int) -> None:
    root = tmp_path / "datasets" / folder(generated).name
    process = started(tmp_path, workers)
    deadline = time.monotonic() + 120
    while len(list(root.glob("shards/[!.]*.parquet"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    while is_alive(process.pid) and time.monotonic() < deadline:  # workers notice that their parent is gone
        time.sleep(0.05)
    assert not is_alive(process.pid)
    survived = {path.name: files.sha256_file(path) for path in root.glob("shards/[!.]*.parquet")}
    assert 3 <= len(survived) < len(list(plan.shards(generated)))
    assert not (root / MANIFEST).exists()
    for name in survived:
        shards.read(root / "shards" / name)
    written = {name: (root / "shards" / name).stat().st_mtime_ns for name in survived}
    assert started(tmp_path, workers).wait(timeout=240) == 0
    assert (root / MANIFEST).exists()
    for name, digest in survived.items():
        assert (root / "shards" / name).stat().st_mtime_ns == written[name]
        assert digest == files.sha256_file(folder(generated) / "shards" / name)


def test_many_processes_make_the_same_bytes_and_none_twice(generated: Scenario, tmp_path: Path) -> None:
    both = [started(tmp_path, 2), started(tmp_path, 1)]
    assert [process.wait(timeout=240) for process in both] == [0, 0]
    root = tmp_path / "datasets" / folder(generated).name
    made = {path.name: files.sha256_file(path) for path in root.glob("shards/[!.]*.parquet")}
    assert made == {path.name: files.sha256_file(path) for path in folder(generated).glob("shards/[!.]*.parquet")}
    assert files.read_json(root / MANIFEST) == files.read_json(folder(generated) / MANIFEST)
    assert not list(root.glob("shards/.*"))


def test_a_shard_that_another_process_makes_is_left_to_it(generated: Scenario) -> None:
    path = folder(generated) / "shards" / "test-cw-tiny_b-0000.parquet"
    digest = files.sha256_file(path)
    path.unlink()
    with FileLock(path.with_name(f".{path.stem}.claim")):
        generate(generated)
        assert not path.exists()
    generate(generated)
    assert files.sha256_file(path) == digest


def test_a_failing_worker_ends_the_run_with_its_reason(
    generated: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever script this process runs, its workers must not run it again.
    script = ModuleType("__main__")
    script.__file__ = str(tmp_path / "script.py")
    (tmp_path / "script.py").write_text("raise SystemExit(3)")
    monkeypatch.setitem(sys.modules, "__main__", script)
    spoilt = generated.model_copy(update={"seed": 99})
    card = paths.victims() / "digits-tiny_a" / "card.json"
    kept = card.read_bytes()
    try:
        card.write_bytes(kept.replace(b'"weights_sha256": "', b'"weights_sha256": "00'))
        with pytest.raises(MtaaError, match="another hash than its card says"):
            generate(spoilt, workers=2)
    finally:
        card.write_bytes(kept)


def test_verifying_finds_what_is_missing_changed_or_cut(generated: Scenario) -> None:
    whole = verify(generated)
    assert whole.faults == []
    assert whole.examples == sum(generated.total(split) for split in SPLITS)
    changed = folder(generated) / "shards" / "train-pgd-tiny_b-0000.parquet"
    missing = folder(generated) / "clean-test.parquet"
    kept = changed.read_bytes(), missing.read_bytes()
    try:
        changed.write_bytes(kept[0][:-1] + b"x")
        missing.unlink()
        assert verify(generated).faults == [
            "clean-test.parquet is missing",
            "train-pgd-tiny_b-0000.parquet has another hash than the manifest says",
        ]
    finally:
        changed.write_bytes(kept[0])
        missing.write_bytes(kept[1])


def test_export_keeps_every_field(generated: Scenario, tmp_path: Path) -> None:
    examples = read_split(generated, "test")
    export(examples, generated.attack_labels, generated.victim_labels, tmp_path / "test.parquet")
    again = read_export(tmp_path / "test.parquet", generated.attack_labels, generated.victim_labels)
    for name in examples.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(again, name), getattr(examples, name))


def test_controls_are_generated_and_read_as_clean(trained: Scenario) -> None:
    counts = CellCounts(train=2, test=2)
    spec = ControlSpec(name="jpeg", strengths=Grid(start=30, stop=90, step=60), examples=counts)
    attacks = [trained.attacks[0].model_copy(update={"examples": CellCounts(train=1, test=1)})]
    update = {"controls": [spec], "attacks": attacks, "victims": ["tiny_a"], "clean": None}
    scenario = trained.model_copy(update=update)
    generate(scenario)
    assert verify(scenario).faults == []
    examples = read_split(scenario, "test")
    assert len(examples) == scenario.total("test") == 3 + 4
    clean = examples.attack == scenario.attack_labels.index("clean")
    assert (examples.control == "jpeg").tolist() == clean.tolist()
    assert not examples.intensity[clean].any()
    assert (examples.images[clean] != examples.clean[clean]).reshape(4, -1).any(1).all()


def test_broken_shard_is_named(tmp_path: Path) -> None:
    (tmp_path / "train-x.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(IntegrityError, match=r"train-x\.parquet is not a whole shard"):
        shards.read(tmp_path / "train-x.parquet")


def test_reading_before_generating_says_what_to_run(workshop: Path) -> None:
    with pytest.raises(InputError, match="run: mtaa generate --scenario mnist-paper"):
        read_split(load("mnist-paper"), "train")

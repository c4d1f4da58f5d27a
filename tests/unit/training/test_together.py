"""Two processes train as one: by Gloo here, by NCCL where each has a GPU."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.core.errors import InputError, MtaaError
from mtaa.models.store import load_network
from mtaa.scenario import Scenario
from mtaa.training import ranks, together
from mtaa.training.data import Places, batch_of
from mtaa.training.ranks import Place

BATCH, EPOCHS = 46, 2  # 920 examples are 20 batches of 46, and nothing is left over


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_two_processes_see_every_example_once_an_epoch_and_make_one_checkpoint(
    generated: Scenario, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += [str(Path(__file__).with_name("watched.py")), str(tmp_path), "train", "--scenario", "smoke"]
    command += ["--name", "both", "--network", "tiny", "--batch", str(BATCH), "--epochs", str(EPOCHS)]
    ended = subprocess.run(
        command, env={**os.environ, "CUDA_VISIBLE_DEVICES": ""}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    notes: list[dict[str, Any]] = [files.read_json(tmp_path / f"{rank}.json") for rank in (0, 1)]
    _is_shared_out(notes, "train", generated.total("train"), EPOCHS)
    _is_shared_out(notes, "validation", generated.total("validation"), EPOCHS)
    assert {len(batch) for one in notes for batch in one["train"]} == {BATCH // 2}
    for own in zip(*(one["counts"] for one in notes), strict=True):  # figures are of both processes' examples
        assert [total for _, total in own] == [generated.total("validation")] * 2
        assert sum(count for count, _ in own) == generated.total("validation")
    for name in ("weights", "curves", "extractor_weights", "extractor_curve"):
        assert notes[0][name] == notes[1][name], name
    assert [row["epoch"] for row in notes[0]["curves"]] == [1, 2]

    assert "both" in cards.names()
    assert not list(paths.checkpoints().glob(".both*"))
    card = cards.read("both")
    load_network(card)
    assert card.training["batch"] == BATCH
    assert card.training["curves"] == notes[0]["curves"]
    assert (paths.results() / "evaluation-both.json").is_file()
    assert ended.stdout.count("both") == 1  # the summary of one process


def _is_shared_out(notes: list[dict[str, Any]], kind: str, count: int, epochs: int) -> None:
    """Each epoch, all examples once, none by both."""
    batches = [one[kind] for one in notes]
    assert len(batches[0]) == len(batches[1])
    each = len(batches[0]) // epochs
    for start in range(0, len(batches[0]), each):
        places = [place for own in batches for batch in own[start : start + each] for place in batch]
        assert sorted(places) == list(range(count))


@pytest.mark.parametrize("world", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", [None, 4])
def test_parts_of_all_processes_are_the_batches_of_one(world: int, seed: int | None) -> None:
    alone = list(Places(31, 15, seed))
    parts = [list(Places(31, 15, seed, Place(rank, world, rank, world))) for rank in range(world)]
    assert {len(own) for own in parts} == {len(alone)}
    for step, batch in enumerate(alone):
        assert sorted(place for own in parts for place in own[step].tolist()) == sorted(batch.tolist())


def test_a_batch_that_can_not_be_shared_alike_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "here", lambda: Place(0, 3, 0, 3))
    assert (batch_of(100, 66), batch_of(40, 66), batch_of(2, 66)) == (66, 39, 3)
    with pytest.raises(InputError, match=r"multiple of the processes that share it, got 64 for 3; say --batch 66"):
        batch_of(100, 64)


def test_without_torchrun_a_process_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    assert ranks.here() == ranks.ALONE
    assert ranks.summed({"count": 3.0}) == {"count": 3.0}
    assert ranks.from_first("value") == "value"


def test_processes_are_started_together_and_the_first_that_fails_ends_all(tmp_path: Path) -> None:
    script = "import json; from pathlib import Path; from mtaa.training.together import run; "
    script += f"Path({str(tmp_path / 'done')!r}).touch() if run(2, ['list', 'scenarios', '--json']) is None else None"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (tmp_path / "done").is_file(), ended.stderr
    assert ended.stdout.count('"smoke"') == 2
    with pytest.raises(MtaaError, match="every training process must live to its end, got exit code 2"):
        together.run(2, ["evaluate", "--checkpoint", "nobody"])


@pytest.mark.parametrize(("asked", "gpus", "found"), [("auto", 0, 1), ("auto", 4, 4), ("2", 0, 2), ("2", 4, 2)])
def test_one_process_a_gpu(asked: str, gpus: int, found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: gpus)
    assert together.count(asked) == found


@pytest.mark.parametrize("asked", ["0", "-1", "many", "5"])
def test_no_more_processes_than_gpus(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: 4)
    with pytest.raises(InputError, match="--devices must be auto or 1 to 4"):
        together.count(asked)

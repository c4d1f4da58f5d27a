import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtaa.dataset import manifest
from mtaa.scenario import Scenario


def mtaa(*arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"MTAA_HOME": str(home)} if home else {})}
    command = [sys.executable, "-m", "mtaa.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "kind", ["attacks", "controls", "victims", "datasets", "backbones", "scenarios", "checkpoints"]
)
def test_lists_are_json_on_request(kind: str) -> None:
    result = mtaa("list", kind, "--json")
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)
    assert all(row["name"] for row in rows)
    assert mtaa("list", kind).returncode == 0


@pytest.mark.usefixtures("bundled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("generate", "--scenario", "mnits"), "scenario 'mnits' is unknown; did you mean mnist"),
        (("generate", "--scenario", "nowhere.yaml"), "scenario file must exist, got nowhere.yaml"),
        (("data", "fetch", "mnits"), "data set 'mnits' is unknown; did you mean mnist"),
        (("attribute", "nothing.png"), "nothing.png must be a readable file"),
        (("attribute", "nothing.png", "--checkpoint", "../../etc"), "checkpoint '../../etc' is unknown"),
        (("evaluate", "--checkpoint", "mnits"), "checkpoint 'mnits' is unknown"),
        (("generate", "--scenario", "mnist", "--victim", "resnet9"), "resnet9"),
        (("train", "--scenario", "mnist-paper"), "examples.validation must be at least 1, got 0; the network is"),
        (("map", "--checkpoint", "mnits"), "checkpoint 'mnits' is unknown"),
        (("estimator", "--checkpoint", "mnits"), "checkpoint 'mnits' is unknown"),
        (("estimator", "--checkpoint", "mnist"), "scenario mnist must be generated first"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = mtaa(*arguments, home=tmp_path)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_victims_report_accuracy_and_reach(trained: Scenario) -> None:
    result = mtaa("victims", "train", "--scenario", "smoke")
    assert result.returncode == 0, result.stderr
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == trained.victims
    assert "reachable margin" in result.stdout


def test_verify_says_what_is_there_and_what_is_broken(generated: Scenario) -> None:
    result = mtaa("data", "verify", "--scenario", "smoke", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["faults"] == []
    path = manifest.folder(generated) / "clean-test.parquet"
    kept = path.read_bytes()
    try:
        path.unlink()
        result = mtaa("data", "verify", "--scenario", "smoke")
    finally:
        path.write_bytes(kept)
    assert result.returncode == 2
    assert "clean-test.parquet is missing" in result.stderr
    assert "Traceback" not in result.stderr


def test_help_does_not_wait_for_torch() -> None:
    code = "import sys; import mtaa.cli.commands; sys.exit('torch' in sys.modules or 'streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

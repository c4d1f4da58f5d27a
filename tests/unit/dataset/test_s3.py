"""Generation over a real S3 server by several processes; needs `pip install 'moto[server]' s3fs`, else is skipped."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtaa.core.errors import IntegrityError, MtaaError
from mtaa.dataset import manifest, plan
from mtaa.dataset.generate import generate
from mtaa.dataset.objects import CLAIMS
from mtaa.dataset.read import read_split
from mtaa.dataset.store import open_store
from mtaa.scenario import Scenario

pytest.importorskip("s3fs")
boto3 = pytest.importorskip("boto3")
threaded = pytest.importorskip("moto.server")

BUCKET, LEASE_SECONDS = "forensics", 3.0
PATIENCE_SECONDS = 240


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a server on this machine, with a bucket that keeps every version of every object."""
    server = threaded.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "MTAA_STORE": f"s3://{BUCKET}/examples",
        "MTAA_LEASE": str(LEASE_SECONDS),
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    yield client
    server.stop()


def started(workers: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mtaa.cli", "generate", "--scenario", "smoke", "--workers", str(workers)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stderr=pipe, stdout=pipe, text=True, start_new_session=True)


def makes(s3: Any, scenario: Scenario) -> Counter[str]:
    """How many times each shard was written: the versions of its object."""
    prefix = f"examples/{manifest.folder(scenario).name}/shards/"
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix=prefix)
    keys = [version["Key"] for page in pages for version in page.get("Versions", [])]
    return Counter(f"shards/{key.removeprefix(prefix)}" for key in keys)


def stopped_in_mid_shard(process: subprocess.Popen[str], scenario: Scenario) -> str:
    """Stops `process` while it has claimed a shard that it has not made, and returns the shard."""
    store, deadline = manifest.store(scenario), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if store.names(CLAIMS):
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)  # what the server had in hand is done
            made = store.names(manifest.SHARDS)
            for claim in store.names(CLAIMS):
                name = f"shards/{Path(claim).stem}.parquet"
                if name not in made:
                    return name
            process.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError("no claim was seen in time")


@pytest.mark.slow
def test_four_processes_make_each_shard_once_and_take_over_from_the_dead(
    s3: Any, generated: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = started()
    held = stopped_in_mid_shard(dead, generated)
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    finished = makes(s3, generated)
    assert held not in finished
    others = [started(), started(), started()]
    for process in others:
        said, errors = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, errors
        assert said.strip() == f"s3://{BUCKET}/examples/{manifest.folder(generated).name}"
    assert makes(s3, generated) == Counter({manifest.file_of(shard): 1 for shard in plan.shards(generated)})
    store = manifest.store(generated)
    assert store.names(CLAIMS) == set()
    found = manifest.verify(generated)
    assert found.faults == []
    with monkeypatch.context() as patch:
        patch.delenv("MTAA_STORE")
        assert manifest.verify(generated).data_sha256 == found.data_sha256
        expected = read_split(generated, "validation")
    monkeypatch.setattr("mtaa.core.paths.datasets", lambda: tmp_path)
    np.testing.assert_array_equal(read_split(generated, "validation").images, expected.images)
    s3.put_object(Bucket=BUCKET, Key=f"examples/{manifest.folder(generated).name}/{held}", Body=b"spoilt")
    assert manifest.verify(generated).faults == [f"{Path(held).name} has another hash than the manifest says"]
    with pytest.raises(IntegrityError, match="another hash than the manifest says"):
        read_split(generated, "train")


RACER = """
import os, sys
from contextlib import ExitStack
from mtaa.dataset.store import open_store
store = open_store(os.environ["MTAA_STORE"], "race")
print("ready", flush=True)
sys.stdin.readline()
with ExitStack() as held:
    print(*(int(held.enter_context(store.claim(f"shards/{n}.parquet"))) for n in range(8)), flush=True)
    sys.stdin.readline()
"""


def test_of_many_claims_at_once_one_is_granted(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_LEASE", "600")
    pipe = subprocess.PIPE
    racers = [subprocess.Popen([sys.executable, "-c", RACER], stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    answers = []
    for heard in ("ready", "answer"):  # all are ready before the first goes, and all have answered before one lets go
        said = [racer.stdout.readline().split() for racer in racers if racer.stdout is not None]
        answers = [[int(word) for word in line] for line in said if heard == "answer"]
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
    assert [racer.wait(timeout=PATIENCE_SECONDS) for racer in racers] == [0] * 4
    assert np.sum(answers, axis=0).tolist() == [1] * 8


def test_a_bucket_that_is_not_there_is_one_sentence(
    s3: Any, generated: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MTAA_STORE", "s3://nowhere")
    with pytest.raises(MtaaError, match=r"store s3://nowhere/smoke-\w+ must be open to reading and writing, got"):
        generate(generated)


def test_a_server_that_is_not_there_is_one_sentence(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    store = open_store(f"s3://{BUCKET}/elsewhere", "smoke")
    with pytest.raises(MtaaError, match="must be open to reading and writing, got EndpointConnectionError"):
        store.exists("shards/x.parquet")

"""A broken file is found, removed and made again to the byte; what is whole stays as it is."""

from pathlib import Path

import pytest

from mtaa.core import files
from mtaa.core.errors import InputError
from mtaa.dataset import manifest, plan, shards
from mtaa.dataset.generate import generate
from mtaa.dataset.mend import AGAIN, mend
from mtaa.dataset.read import read_split
from mtaa.scenario import Scenario
from mtaa.victims import read_card
from mtaa.victims.store import write_card

SHARD = "shards/train-pgd-tiny_b-0000.parquet"


@pytest.fixture
def place(generated: Scenario) -> Path:
    """Where the smoke scenario's examples lie."""
    return manifest.folder(generated)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def versions(place: Path) -> dict[str, int]:
    return {str(path.relative_to(place)): path.stat().st_mtime_ns for path in place.rglob("[!.]*.parquet")}


def hashes(place: Path) -> dict[str, str]:
    return {str(path.relative_to(place)): files.sha256_file(path) for path in place.rglob("[!.]*.parquet")}


def test_what_is_whole_is_left_alone(generated: Scenario, place: Path) -> None:
    before = versions(place)
    assert mend(generated) == []
    assert versions(place) == before
    assert (place / manifest.NAME).is_file()


@pytest.mark.parametrize("broken", [flipped, cut, Path.unlink])
@pytest.mark.parametrize("name", [SHARD, "clean-test.parquet"])
def test_against_the_manifest_a_broken_file_is_made_again(
    generated: Scenario, place: Path, broken: object, name: str
) -> None:
    before, kept, document = hashes(place), versions(place), files.read_json(place / manifest.NAME)
    broken(place / name)  # type: ignore[operator]
    (fault,) = manifest.verify(generated).faults
    assert mend(generated) == [f"{fault}; {AGAIN}"]
    assert not (place / name).exists()
    with pytest.raises(InputError, match="must be generated first"):
        read_split(generated, "train")
    generate(generated)
    assert hashes(place) == before
    assert manifest.verify(generated).faults == []
    assert files.read_json(place / manifest.NAME) == document
    shard_files = [one for one in kept if one.startswith("shards/") and one != name]
    assert {one: versions(place)[one] for one in shard_files} == {one: kept[one] for one in shard_files}


def test_before_there_is_a_manifest_a_shard_must_be_readable(generated: Scenario, place: Path) -> None:
    before = hashes(place)
    (place / manifest.NAME).unlink()
    assert mend(generated) == []
    cut(place / SHARD)
    with pytest.raises(shards.BrokenError, match=r"is not a whole shard .*; run mtaa generate, which makes it again"):
        shards.read(place / SHARD)
    (said,) = mend(generated)
    assert said.startswith("train-pgd-tiny_b-0000.parquet is not a whole shard")
    generate(generated)
    assert hashes(place) == before


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_broken_manifest_is_written_again(generated: Scenario, place: Path, text: str) -> None:
    document = files.read_json(place / manifest.NAME)
    (place / manifest.NAME).write_text(text)
    (said,) = mend(generated)
    assert said.startswith("manifest.json must be a whole manifest")
    generate(generated)
    assert files.read_json(place / manifest.NAME) == document


def test_examples_of_a_model_that_was_trained_again_are_made_anew(generated: Scenario, place: Path) -> None:
    card = read_card(generated.images, "tiny_b")
    others = card.model_copy(update={"weights_sha256": "0" * 64})
    write_card(others)
    try:
        with pytest.raises(InputError, match=r"source model tiny_b were made on other weights .* mtaa generate again"):
            read_split(generated, "train")
        with pytest.raises(InputError, match="made on other weights"):
            generate(generated, device="cpu")
        (fault,) = manifest.verify(generated).faults
        assert "tiny_b" in fault
        assert mend(generated) == [f"{fault}; they were removed and are made again"]
        left = {path.stem for path in (place / "shards").glob("*.parquet")}
        assert left == {shard.name for shard in plan.shards(generated) if shard.victim != "tiny_b"}
    finally:
        write_card(card)
    generate(generated, device="cpu")
    assert manifest.verify(generated).faults == []


def test_without_a_manifest_a_shard_tells_itself_which_model_it_is_of(generated: Scenario, place: Path) -> None:
    card = read_card(generated.images, "tiny_b")
    (place / manifest.NAME).unlink()
    write_card(card.model_copy(update={"weights_sha256": "0" * 64}))
    try:
        said = mend(generated)
        assert len(said) == sum(shard.victim == "tiny_b" for shard in plan.shards(generated))
        assert all("was made on another tiny_b" in one for one in said)
    finally:
        write_card(card)
    generate(generated, device="cpu")
    assert manifest.verify(generated).faults == []

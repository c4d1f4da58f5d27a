"""An analyst's images: enough of them or none, every fourth held out by its hash, and bytes that are what they were."""

from pathlib import Path

import numpy as np
import pytest

from mtaa.core import files, paths
from mtaa.core.errors import InputError, IntegrityError
from mtaa.training import labelled
from mtaa.training.labelled import FEWEST, split


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own."""
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))


def images(count: int) -> tuple[np.ndarray, list[str]]:
    made = np.random.default_rng(count).integers(0, 256, (count, 1, 8, 8), np.uint8)
    return made, [files.sha256_bytes(one.tobytes()) for one in made]


def test_fewer_than_twenty_are_refused_and_twenty_are_enough() -> None:
    with pytest.raises(InputError, match=r"case 3 must have at least 20 images .* got 19; assess"):
        split(*images(FEWEST - 1), "bim", "case 3")
    found = split(*images(FEWEST), "bim", "case 3")
    assert (len(found.learnt), len(found.held_out)) == (15, 5)
    assert found.right is None


@pytest.mark.parametrize("count", [20, 21, 22, 23, 40])
def test_every_image_is_learnt_from_or_held_out_whatever_the_order(count: int) -> None:
    made, hashes = images(count)
    found = split(made, hashes, "bim", "case 3")
    assert sorted([*found.learnt, *found.held_out]) == sorted(hashes)
    assert len(found.held_out) == -(-count // 4)
    order = np.random.default_rng(0).permutation(count)
    assert split(made[order], [hashes[place] for place in order], "bim", "case 3") == found


def test_what_is_read_is_what_was_put_there() -> None:
    made, hashes = images(24)
    found = split(made, hashes, "bim", "case 3")
    labelled.keep(found, made, hashes)
    for part in (found.learnt, found.held_out):
        assert np.array_equal(labelled.read(found, part), made[[hashes.index(one) for one in part]])
    shown = labelled.examples(found, found.learnt, 3)
    assert set(shown.attack.tolist()) == {3}
    assert np.isnan(shown.intensity).all()
    (path,) = (paths.home() / "labelled").iterdir()
    made[0, 0, 0, 0] ^= 1
    order = np.argsort(hashes)
    np.savez(path, images=made[order], hashes=np.array(sorted(hashes)))
    with pytest.raises(IntegrityError, match="has another hash than its name says"):
        labelled.read(found, found.learnt)
    labelled.drop(found)
    assert not path.exists()
    with pytest.raises(IntegrityError, match="images of case 3 must be in"):
        labelled.read(found, found.learnt)


def test_the_share_that_is_named_so_comes_with_its_interval() -> None:
    found = labelled.told(split(*images(20), "bim", "case 3"), ["fgsm", "bim", "clean"], np.array([1, 1, 1, 0, 2]))
    assert (found.right, found.taken_for) == (0.6, {"fgsm": 1, "clean": 1})
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low, 3), round(found.high, 3)) == (0.231, 0.882)  # Wilson, as in Agresti and Coull (1998)

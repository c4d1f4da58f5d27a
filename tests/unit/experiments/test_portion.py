"""A part of a scenario holds just its examples, under labels of its own, and copies no pixels."""

import numpy as np
import pytest

from mtaa.core.errors import InputError
from mtaa.dataset.read import read_split
from mtaa.experiments import exam as exams
from mtaa.experiments import trained
from mtaa.experiments.portion import part
from mtaa.scenario import Scenario


def test_its_examples_are_those_of_its_labels(generated: Scenario) -> None:
    whole, test = trained.material(generated, 1.0), read_split(generated, "test")
    kept = part(whole.labels, ["cw", "fgsm"], ["tiny_b"], clean=False)
    assert kept.labels == (["fgsm", "cw"], ["tiny_b"])  # in the scenario's order
    exam = kept.exam(exams.open_exam(generated, None, whole.train))
    there = np.isin(test.attack, (0, 2)) & (test.victim == 1)
    assert len(exam.examples) == there.sum() > 0
    np.testing.assert_array_equal(exam.examples.images[:], test.images[there])
    np.testing.assert_array_equal(exam.examples.attack, (test.attack[there] == 2).astype(int))
    np.testing.assert_array_equal(exam.examples.intensity, test.intensity[there])
    assert not exam.examples.victim.any()
    material = kept.material(whole)
    assert material.sha256 not in (
        whole.sha256,
        part(whole.labels, ["cw"], ["tiny_b"], clean=False).material(whole).sha256,
    )
    assert len(material.train) == (np.isin(whole.train.attack, (0, 2)) & (whole.train.victim == 1)).sum()


def test_the_whole_is_left_as_it_is(generated: Scenario) -> None:
    whole = trained.material(generated, 1.0)
    assert part(whole.labels).material(whole) is whole


def test_pixels_stay_where_they_are(generated: Scenario) -> None:
    train = trained.material(generated, 1.0).train
    places = np.array([5, 3, 8])
    seen = train.view(places).view(np.array([2, 0]))
    assert seen.images.shape == (2, 1, 28, 28)
    np.testing.assert_array_equal(seen.images[:], train.images[[8, 5]])
    np.testing.assert_array_equal(seen.take(np.array([False, True])).images, train.images[[5]])
    assert seen.images.base is train.images.base
    seen.forget()


def test_where_nothing_is_kept_for_validation_some_source_images_are_held_out(
    generated: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = read_split(generated, "train")
    monkeypatch.setattr(type(generated), "total", lambda self, split: 0)
    found = trained.material(generated, 1.0)
    assert 0 < len(found.validation) < len(train) / 8
    assert len(found.validation) + len(found.train) == len(train)
    assert not np.intersect1d(found.validation.source, found.train.source).size


@pytest.mark.parametrize(
    ("attacks", "victims", "words"),
    [(["bim"], None, "got bim"), (None, ["vgg16"], "got vgg16"), ([], None, "at least one attack")],
)
def test_a_part_that_is_none_is_refused(attacks: list[str] | None, victims: list[str] | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        part((["fgsm", "clean"], ["tiny_a", "none"]), attacks, victims)

"""From the page Attribute into a case: one image, those listed, or all, under a title that follows."""

import pytest

from mtaa.api import cases
from mtaa.core.files import sha256_bytes
from tests.ui.conftest import png
from tests.ui.reading import assert_well, enter, links, upload


def test_one_image_is_added_to_a_new_case_and_to_one_that_there_is(store: "cases.Store") -> None:
    page = upload(enter(), ("fgsm-vgg16-40.png", png()))
    assert store.list_cases().total == 0  # nothing is kept until somebody says so
    page.text_input(key="case-add-title-0").set_value("From the north").run()
    page.button(key="case-add").click().run()
    assert_well(page)
    assert ("Added. Open case 1", "case=1") in links(page)
    assert store.case(1).title == "From the north"
    assert store.image(sha256_bytes(png())) == png()
    upload(page, ("pgd-vgg19-90.png", png(seed=5)))
    page.selectbox(key="case-add-to").set_value(1).run()
    page.button(key="case-add").click().run()
    assert [image.name for image in store.case(1).images] == ["fgsm-vgg16-40.png", "pgd-vgg19-90.png"]


def test_what_is_listed_can_be_added_alone(store: "cases.Store") -> None:
    page = enter()
    upload(page, *((f"{name}.png", png(seed=place)) for place, name in enumerate(("fgsm-a", "pgd-b", "pgd-c"))))
    scope = page.radio(key="case-add-scope")
    assert scope.options == ["the image shown", "all 3 judged images"]
    page.multiselect(key="sift-attack-mnist").set_value(["pgd"]).run()
    scope = page.radio(key="case-add-scope")
    assert scope.options == ["the image shown", "the 2 listed images", "all 3 judged images"]
    scope.set_value("listed").run()
    page.multiselect(key="sift-attack-mnist").set_value([]).run()
    assert_well(page)
    page.multiselect(key="sift-attack-mnist").set_value(["pgd"]).run()
    page.radio(key="case-add-scope").set_value("listed").run()
    page.button(key="case-add").click().run()
    assert_well(page)
    assert [image.name for image in store.case(1).images] == ["pgd-b.png", "pgd-c.png"]


@pytest.mark.parametrize(("scope", "images"), [("one", 1), ("all", 2)])
def test_of_several_the_one_shown_or_all_are_added(store: "cases.Store", scope: str, images: int) -> None:
    page = upload(enter(), ("a.png", png(seed=1)), ("bad.png", b"no image"), ("c.png", png(seed=2)))
    page.radio(key="case-add-scope").set_value(scope).run()
    page.button(key="case-add").click().run()
    assert not page.exception
    assert len(store.case(1).images) == images


def test_the_suggested_title_follows_what_is_added_until_another_is_written(store: "cases.Store") -> None:
    page = upload(enter(), *((f"{name}.png", png(seed=seed)) for seed, name in enumerate("abc")))
    title = "case-add-title-0"
    assert page.text_input(key=title).value == "a.png"
    page.radio(key="case-add-scope").set_value("all").run()
    assert page.text_input(key=title).value == "a.png and 2 more"
    page.text_input(key=title).set_value("From the north").run()
    page.radio(key="case-add-scope").set_value("one").run()
    assert page.text_input(key=title).value == "From the north"
    page.button(key="case-add").click().run()
    assert_well(page)
    assert page.text_input(key="case-add-title-1").value == "a.png"


def test_a_refused_image_cannot_be_added(store: "cases.Store") -> None:
    page = upload(enter(), ("bad.png", b"no image"))
    assert not [one for one in page.button if one.key == "case-add"]

"""The address of the page Attribute names the image shown, and leads back to it in another visit where it is kept."""

import pytest
from streamlit.testing.v1 import AppTest

from mtaa.api import cases
from mtaa.core.files import sha256_bytes
from mtaa.core.verdict import Verdict
from tests.ui.conftest import CARD, FakeAttributor, png
from tests.ui.reading import assert_well, enter, pick, said, upload

GONE = "f0" * 8


def address(page: AppTest) -> str:
    """The digits of a hash that the page's address holds."""
    values = page.query_params.get("image", "")
    return values if isinstance(values, str) else values[0]


def reopened(digits: str) -> AppTest:
    """The page in a new visit, under an address that names an image."""
    page = enter()
    page.query_params["image"] = digits
    return page.run()


def test_the_address_follows_what_is_shown(page: AppTest) -> None:
    data = [png(seed=place) for place in range(3)]
    upload(page, ("a.png", data[0]))
    assert address(page) == sha256_bytes(data[0])[:16]
    upload(page, *((f"{place}.png", one) for place, one in enumerate(data)))
    page.button(key="image-right").click().run()
    assert address(page) == sha256_bytes(data[1])[:16]
    page.query_params["image"] = sha256_bytes(data[2])[:16]  # an address that was typed
    page.run()
    assert page.code[0].value == sha256_bytes(data[2])
    upload(page)
    assert_well(page)
    assert address(page) == ""
    assert "Drop an image" in said(page)


def test_a_sample_is_found_again(page: AppTest) -> None:
    pick(page, "pgd-resnet18-90.png")
    assert address(page) == sha256_bytes(png(seed=1))[:16]
    again = reopened(address(page))
    assert_well(again)
    assert "Known truth: **PGD on ResNet18" in said(again)
    pick(again, "fgsm-vgg16-40.png")
    assert "Known truth: **FGSM on VGG16" in said(again)
    next(one for one in again.button if one.label == "Close the sample").click().run()
    assert address(again) == ""


def test_an_image_that_a_case_keeps_is_found_again(store: "cases.Store") -> None:
    data = png(seed=7)
    (verdict,) = FakeAttributor(CARD).attribute([("pgd-vgg19-90.png", data)])
    assert isinstance(verdict, Verdict)
    store.open_case("Street sign", [(data, verdict)])
    page = reopened(sha256_bytes(data)[:16])
    assert_well(page)
    assert page.code[0].value == sha256_bytes(data)
    assert "pgd-vgg19-90.png" in [text.value.split("\n")[0] for text in page.text]
    (link,) = [one.proto for one in page.get("page_link") if one.proto.label == "Kept in case 1"]
    assert link.query_string == f"case=1&image={sha256_bytes(data)[:16]}"
    next(one for one in page.button if one.label == "Close the image").click().run()
    assert "Drop an image" in said(page)


def test_an_image_that_is_not_kept_is_said_to_be_gone(store: "cases.Store") -> None:
    page = reopened(GONE)
    assert_well(page)
    assert "This image is not kept" in page.warning[0].value
    assert "add it to a case" in page.warning[0].value
    assert "Drop an image" in said(page)
    upload(page, ("a.png", png()))
    assert_well(page)
    assert not page.warning


@pytest.mark.parametrize("digits", ["ab", "<script>", "g" * 16, "f" * 65, "../../etc"])
def test_digits_that_are_none_are_told_in_a_sentence(store: "cases.Store", digits: str) -> None:
    page = reopened(digits)
    assert_well(page)
    assert "must be named by 8 to 64 hex digits" in page.warning[0].value.replace("\\", "")


def test_what_was_dropped_is_there_again_after_another_page(page: AppTest) -> None:
    upload(page, *((f"{place}.png", png(seed=place)) for place in range(3)))
    page.switch_page("pages/models.py").run()
    page.switch_page("pages/attribute.py").run()
    assert_well(page)
    assert list(page.dataframe[0].value["file"]) == ["0.png", "1.png", "2.png"]
    assert "3 images, dropped before" in said(page)
    upload(page, ("new.png", png(seed=7)))
    assert address(page) == sha256_bytes(png(seed=7))[:16]
    page.switch_page("pages/models.py").run()
    page.switch_page("pages/attribute.py").run()
    assert "new.png, dropped before" in said(page)
    page.button(key="close-kept").click().run()
    assert_well(page)
    assert "new.png" not in said(page)
    assert not address(page)


def test_a_sample_or_an_address_counts_before_what_was_dropped_earlier(page: AppTest) -> None:
    upload(page, ("a.png", png(seed=3)))
    page.switch_page("pages/models.py").run()
    page.switch_page("pages/attribute.py")
    page.query_params["image"] = GONE
    page.run()
    assert "leads nowhere" in said(page)
    page.query_params.clear()
    page.run()
    assert "a.png, dropped before" in said(page)

"""What the page does not take, and what it says then."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import choosing
from app.words import plain
from mtaa import api
from mtaa.core import card as cards
from mtaa.core import paths
from mtaa.core.errors import IntegrityError
from mtaa.core.files import sha256_bytes
from tests.ui.conftest import CARD, FakeAttributor, digit, png, write_card
from tests.ui.reading import assert_well, charts, enter, said, upload


def test_a_sample_with_another_hash_is_refused(bench: type[FakeAttributor]) -> None:
    (paths.assets() / "samples" / "pgd-resnet18-90.png").write_bytes(png(seed=9))
    page = enter()
    assert not page.exception
    assert "another hash than its manifest" in page.error[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png()[:-60], "Image must be whole, got damaged or truncated data"),
        (png(np.zeros((64, 64), np.uint8)), "Image must be 28 × 28 pixels for this checkpoint, got 64 × 64"),
        (b"a letter", "File must be a PNG, JPEG, BMP, TIFF, WebP or GIF image"),
        (b"", "File must hold an image, got 0 bytes"),
        (png(np.dstack([digit(), digit() // 2, digit()])), "Image must be grey for this checkpoint, got colour"),
    ],
    ids=["truncated", "size", "text", "empty", "colour"],
)
def test_a_bad_file_is_refused_in_a_sentence(page: AppTest, data: bytes, reason: str) -> None:
    upload(page, ("bad.png", data))
    assert not page.exception
    (error,) = page.error
    assert error.value.replace("\\", "").startswith(f"**Not analysed.** {reason}")
    assert error.value.endswith(".")
    assert page.code[0].value == sha256_bytes(data)
    assert not charts(page)


@pytest.mark.parametrize("bad", [b"a letter", png(np.zeros((30, 30), np.uint8))], ids=["text", "size"])
def test_a_reference_that_does_not_fit_is_refused_and_the_verdict_stays(page: AppTest, bad: bytes) -> None:
    data = png()
    upload(page, ("fgsm-vgg16-40.png", data))
    upload(page, ("clean.png", bad), key=f"reference-{sha256_bytes(data)}")
    assert not page.exception
    assert page.error[0].value.startswith("**Not used.** ")
    assert len(charts(page)) == 3


def test_no_checkpoint_at_all_is_said(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(paths.checkpoints() / "nowhere"))
    page = enter()
    assert not page.exception
    assert "No checkpoint is installed" in page.error[0].value
    assert not page.get("file_uploader")


@pytest.mark.parametrize("text", ["{", '{"name": "mnist"}', ""])
def test_a_broken_card_is_said_on_the_page_itself(bench: type[FakeAttributor], text: str) -> None:
    write_card(paths.checkpoints(), CARD.model_copy(update={"name": "other"}))
    (paths.checkpoints() / "mnist" / cards.CARD).write_text(text, encoding="utf-8")
    page = enter()
    assert not page.exception
    assert "card" in page.main.error[0].value
    assert not page.get("file_uploader")
    page.selectbox[0].set_value("other").run()
    assert_well(page)
    assert page.get("file_uploader")


def test_weights_that_are_not_the_cards_are_said(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise IntegrityError("model.safetensors of checkpoint mnist has another hash")

    monkeypatch.setattr(api, "open_attributor", broken)
    page = upload(enter(), ("a.png", png()))
    assert not page.exception
    assert "another hash" in page.error[0].value


HOSTILE = "**b** <img src=x> [l](http://evil.example) :red[r] $x$ `c` :smile: =1+1.png"


def test_a_hostile_name_is_never_markdown(page: AppTest) -> None:
    upload(page, (HOSTILE, png(seed=1)))
    assert_well(page)
    assert any(text.value.startswith(HOSTILE) for text in page.text)
    assert "evil" not in said(page)
    upload(page, (HOSTILE, b"no image"), ("b.png", png(seed=2)))
    assert page.warning[0].value.startswith(plain(HOSTILE))
    assert "**b**" not in page.warning[0].value
    assert page.dataframe[0].value["file"][0] == HOSTILE


def test_too_many_files_are_cut_and_that_is_said(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "LARGEST_COUNT", 2)
    upload(page, *((f"{place}.png", png(seed=place)) for place in range(3)))
    assert "At most 2 files" in page.warning[0].value
    assert len(page.dataframe[0].value) == 2

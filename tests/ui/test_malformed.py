"""Malformed files through the app: each gives a verdict or one sentence, and the app goes on."""

import pytest
from streamlit.testing.v1 import AppTest

from mtaa.core.files import sha256_bytes
from tests.malformed import TAKEN, all_of_them, outcome
from tests.ui.conftest import png
from tests.ui.reading import assert_well, charts, upload

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of what it mends
EVERY, FEWEST = 7, 40


def test_a_sample_of_them_at_once_is_sifted_and_the_app_goes_on(page: AppTest) -> None:
    files = list(all_of_them())[::EVERY]
    assert len(files) > FEWEST
    upload(page, *((file.name, file.data) for file in files))
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table["file"]) == [file.name for file in files]
    for file, reason in zip(files, table["refused_because"], strict=True):
        became = outcome(reason if isinstance(reason, str) else None)
        assert became in file.outcomes, file.name[:60]
    page.toggle(key="sift-doubtful").set_value(True).run()
    assert not page.exception
    for _ in range(5):
        page.button(key="image-right").click().run()
        assert not page.exception
    assert [one.value.startswith("**Not analysed.** ") for one in page.error] == [True]
    upload(page, ("fgsm-vgg16-40.png", png()))
    assert_well(page)
    assert len(charts(page)) == 3


def test_each_alone_gives_a_verdict_or_a_sentence(page: AppTest) -> None:
    for file in list(all_of_them())[3::EVERY]:
        upload(page, (file.name, file.data))
        assert not page.exception, file.name[:60]
        assert page.code[0].value == sha256_bytes(file.data)
        sentences = [one.value for one in page.error]
        assert len(sentences) == (0 if charts(page) else 1), file.name[:60]
        if file.outcomes == {TAKEN}:
            assert charts(page), file.name[:60]

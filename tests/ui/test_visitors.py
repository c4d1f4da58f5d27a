"""Eight people at once: each sees only what they dropped, and all share one loaded checkpoint."""

from mtaa.core.files import sha256_bytes
from tests.ui.conftest import FakeAttributor, png
from tests.ui.reading import assert_well, enter, upload

VISITORS = 8


def test_each_sees_only_their_own_uploads(bench: type[FakeAttributor]) -> None:
    pages = [enter() for _ in range(VISITORS)]
    files = [(f"fgsm-vgg16-{10 + place}.png", png(seed=place)) for place in range(VISITORS)]
    for page, file in zip(pages, files, strict=True):
        upload(page, file)
    for _ in range(2):
        for page, (name, data) in zip(reversed(pages), reversed(files), strict=True):
            page.run()
            assert_well(page)
            assert [code.value for code in page.code if len(code.value) == 64] == [sha256_bytes(data)]
            written = "\n".join(text.value for text in page.text)
            assert [other for other, _ in files if other in written] == [name]
            assert len(page.session_state["results"]) == 1
    assert (FakeAttributor.opened, FakeAttributor.judged) == (1, VISITORS)

"""A report says all there is, means nothing that users typed, calls nobody, and is the same each time."""

import json
import re
import sys
from pathlib import Path

import pytest

from mtaa.cases.report import Dossier, of_case, of_images, render
from mtaa.cases.store import Store
from mtaa.core.errors import InputError
from mtaa.core.files import sha256_bytes
from tests.made_up_card import made_up_card
from tests.unit.cases.conftest import WEIGHTS, finding, png

HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x">{{ 7 * 7 }}" onload="x'


@pytest.fixture
def checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up checkpoint whose weights the findings name."""
    monkeypatch.setenv("MTAA_CHECKPOINTS", str(tmp_path / "checkpoints"))
    figure = {"value": 0.978, "low": 0.963, "high": 0.987, "count": 600}
    metrics = {"overall": {"attack_accuracy": figure}, "by_attack": {"fgsm": {"attack_accuracy": figure}}}
    made = made_up_card(name="mnist", weights_sha256=WEIGHTS, metrics=metrics)
    folder = tmp_path / "checkpoints" / "mnist"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(made.model_dump_json(), encoding="utf-8")


@pytest.fixture
def number(store: Store, checkpoint: None) -> int:
    """A case with two images, everything that users type being hostile."""
    number = store.open_case(HOSTILE, [finding(1, HOSTILE), finding(2, "b.png", weights="6f" * 32)], actor=HOSTILE)
    sha256 = sha256_bytes(png(1))
    store.note(number, f"{HOSTILE}\nsecond line")
    store.note(number, "of the image", sha256)
    store.assess(number, sha256, "clean", HOSTILE)
    store.set_tags(number, [HOSTILE[:40]])
    return number


def html(store: Store, number: int) -> str:
    return render(*of_case(store, number), "html").decode()


def test_a_case_is_reported_whole(store: Store, number: int) -> None:
    said = html(store, number)
    for sha256 in (sha256_bytes(png(1)), sha256_bytes(png(2))):
        assert sha256 in said
    for words in (
        "hashed again for this report and are unchanged",
        "The audit trail is whole",
        "FGSM (90.0%) on VGG16",
        "second line",
        "97.8% (96.3% to 98.7%, 600 images)",
        "These weights are not installed here any longer",
        "no proof",
        store.trail(number)[-1].sha256,
    ):
        assert words in said, words
    assert re.findall(r">(OBSERVED|DERIVED|INFERRED)</span></p>", said) == ["OBSERVED", "DERIVED"] * 2
    assert said.count("data:image/png;base64,") == 2


def test_what_users_typed_is_text_and_nothing_is_fetched(store: Store, number: int) -> None:
    said = html(store, number)
    assert "alert(1)" in said
    assert "{{ 7 * 7 }}" in said
    assert not re.findall(r"<(script|link|iframe|object|embed|form|a)\b", said)
    assert not re.findall(r"""<[^>]*\s(on\w+|style|href)\s*=""", said)
    assert re.findall(r'src="([^"]{5})', said) == ["data:"] * 2
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', said)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy[1]


@pytest.mark.parametrize("kind", ["html", "json"])
def test_the_same_case_gives_the_same_bytes(store: Store, number: int, kind: str) -> None:
    first = render(*of_case(store, number), kind)  # type: ignore[arg-type]
    store.log_report(number, kind, sha256_bytes(first))
    store.open_case("another")
    assert render(*of_case(store, number), kind) == first  # type: ignore[arg-type]
    later = render(*of_case(store, number, written_at="2026-12-01T00:00:00Z"), kind)  # type: ignore[arg-type]
    assert later != first
    store.note(number, "more")
    assert render(*of_case(store, number), kind) != first  # type: ignore[arg-type]


def test_the_json_twin_is_the_dossier(store: Store, number: int) -> None:
    dossier, pictures = of_case(store, number)
    assert Dossier.model_validate_json(render(dossier, pictures, "json")) == dossier
    document = json.loads(render(dossier, pictures, "json"))
    assert document["images"][0]["findings"][0]["verdict"]["inferred"]["attack"]["label"] == "fgsm"


def test_one_image_of_a_case_alone(store: Store, number: int) -> None:
    sha256 = sha256_bytes(png(2))
    dossier, pictures = of_case(store, number, sha256)
    assert [image.sha256 for image in dossier.images] == list(pictures) == [sha256]
    assert all(entry.details.get("image") in (None, sha256) for entry in dossier.trail)
    with pytest.raises(InputError, match="image must be in case"):
        of_case(store, number, "ab" * 32)


def test_broken_evidence_is_reported_as_broken(store: Store, number: int, tmp_path: Path) -> None:
    sha256 = sha256_bytes(png(1))
    (tmp_path / "cases" / "images" / sha256[:2] / sha256).write_bytes(png(5))
    said = html(store, number)
    assert "1 of 2 images no longer hash to the value they are known by" in said
    assert f"Bytes of image {sha256[:12]} are missing or changed" in said
    assert "unchanged" not in said
    assert said.count("data:image/png;base64,") == 1


def test_images_outside_any_case(checkpoint: None) -> None:
    judged = [finding(1), finding(2, attack="pgd")]
    dossier, pictures = of_images(judged, "Two images")
    said = render(dossier, pictures, "html").decode()
    assert "Audit trail" not in said
    assert "<h1>Two images</h1>" in said
    assert render(*of_images(judged, "Two images"), "html").decode() == said
    swapped = of_images([(png(3), finding(1)[1])], "x")[0]
    assert swapped.images[0].is_sound is False


def test_an_empty_case_has_a_report(store: Store, checkpoint: None) -> None:
    said = html(store, store.open_case("nothing yet"))
    assert "nothing yet" in said
    assert "hashed again" not in said


@pytest.mark.slow
def test_pdf_is_written_where_weasyprint_is_and_is_the_same_each_time(store: Store, number: int) -> None:
    pytest.importorskip("weasyprint", exc_type=ImportError)
    made = [render(*of_case(store, number), "pdf") for _ in range(2)]
    assert made[0].startswith(b"%PDF-")
    assert made[0] == made[1]


def test_pdf_without_weasyprint_is_one_sentence(store: Store, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(InputError, match=r"PDF needs WeasyPrint, which is not installed; pip install 'mtaa\[pdf\]'"):
        render(*of_case(store, number), "pdf")


def test_rankings_keep_their_order_through_the_store(store: Store) -> None:
    data, verdict = finding(1, attack="pgd")
    number = store.open_case("a", [(data, verdict)])
    kept = store.case(number).images[0].verdicts[0].verdict
    assert list(kept.inferred.attack.probabilities) == list(verdict.inferred.attack.probabilities)
    assert next(iter(kept.inferred.attack.probabilities)) == "pgd"

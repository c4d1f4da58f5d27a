"""The page Attribute, entered by the real entry file: one image, by a made-up attributor."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from mtaa.core import paths
from mtaa.core.card import Geometry
from mtaa.core.files import sha256_bytes
from tests.ui.conftest import CARD, WEIGHTS, FakeAttributor, digit, png, write_card
from tests.ui.reading import assert_well, cells, charts, enter, pick, said, upload
from tests.unit.core.test_answers import inferred


def test_empty_page_says_what_to_do_and_offers_samples(page: AppTest) -> None:
    assert_well(page)
    assert page.title[0].value == "Attribute"
    assert "Drop an image" in said(page)
    assert "pick a sample" in said(page)
    assert [button.label for button in page.button] == ["FGSM ε 40", "PGD ε 90", "C\\&W κ 8", "clean"]
    assert FakeAttributor.opened == 0


def test_without_samples_none_is_offered(bench: type[FakeAttributor]) -> None:
    (paths.assets() / "samples" / "manifest.json").unlink()
    page = enter()
    assert_well(page)
    assert "Drop an image" in said(page)
    assert "sample" not in said(page)
    assert not page.button


def test_sidebar_shows_the_checkpoint_and_its_figures(page: AppTest) -> None:
    assert WEIGHTS[:12] in said(page)
    assert "Judges **28 × 28 grey** images" in said(page)
    assert "98.6% :small[:gray[(98.2–99.0)]]" in cells(page)
    assert "8.4" not in " ".join(cells(page))  # an error over ε and κ at once is a figure without a unit
    assert "Nothing leaves this machine" in said(page)


def test_a_sample_is_shown_beside_its_truth(page: AppTest) -> None:
    pick(page, "fgsm-vgg16-40.png")
    assert_well(page)
    assert "Known truth: **FGSM on VGG16, ε = 40/255**" in said(page)
    assert [head.value.replace("\\", "") for head in page.subheader][1:] == ["FGSM", "VGG16", "ε = 40.0/255"]
    assert said(page).count("green-badge[:material/check: truth") == 3
    assert "Drop an image" not in said(page)
    next(button for button in page.button if button.label == "Close the sample").click().run()
    assert "Drop an image" in said(page)
    assert not page.subheader


def test_a_clean_sample_has_neither_source_model_nor_strength(page: AppTest) -> None:
    pick(page, "clean-none-0.png")
    assert_well(page)
    assert [head.value for head in page.subheader][1:] == ["clean", "none", "none"]
    assert "green-badge[:material/check_circle: clean]" in said(page)
    assert len(charts(page)) == 1


def test_a_wrong_verdict_is_marked_against_the_truth(page: AppTest) -> None:
    manifest = paths.assets() / "samples" / "manifest.json"
    document = json.loads(manifest.read_text(encoding="utf-8"))
    document["samples"][0] |= {"attack": "pgd", "intensity": 200.0}
    manifest.write_text(json.dumps(document), encoding="utf-8")
    pick(page.run(), "fgsm-vgg16-40.png")
    assert said(page).count("red-badge[:material/close: truth") == 2
    assert said(page).count("green-badge[:material/check: truth") == 1


def test_one_upload_gets_three_signatures_with_uncertainty_and_provenance(page: AppTest) -> None:
    data = png(seed=3)
    upload(page, ("pgd-vgg19-90.png", data))
    assert_well(page)
    assert "red-badge[:material/warning: adversarial]" in said(page)
    assert "**Yes.** Probability 99.9%." in written(page)
    attack, victim, strength = charts(page)
    assert attack.startswith("Attack algorithm: PGD 98.7%, FGSM ")
    assert victim.startswith("Source model (victim): VGG19 84.0%")
    assert strength == "Hyperparameter: ε = 90.0/255, interval 80.6 to 101.2, learnt 10 to 200"
    assert page.code[0].value == sha256_bytes(data)
    assert f"by checkpoint **mnist**, weights] `{WEIGHTS[:12]}`" in said(page)
    assert {"PNG, mode L", "28 × 28"} <= {cell.replace("\\", "") for cell in cells(page)}
    alternatives = [one.alt for image in page.image for one in image.proto.imgs]
    assert alternatives == ["The analysed image", "The analysed image, at true pixels"]


def test_kappa_beyond_reach_is_said_to_be_a_lower_bound(page: AppTest) -> None:
    upload(page, ("cw-vgg16-15.png", png()))
    assert "κ at least 13.4 logits" in [head.value.replace("\\", "") for head in page.subheader]
    assert charts(page)[2] == "Hyperparameter: κ at least 13.4 logits, interval 13.4 or more, learnt 2 to 16"


def written(page: AppTest) -> list[str]:
    """The cells of all tables, escapes taken away."""
    return [cell.replace("\\", "") for cell in cells(page)]


def test_a_doubtful_image_is_called_inconclusive_as_an_answer(page: AppTest) -> None:
    upload(page, ("doubtful-a.png", png()))
    assert_well(page)
    assert "blue-badge[:material/balance: inconclusive]" in said(page)
    assert "**Undecided.** Probability 55.0%: too little for either answer." in written(page)
    assert not page.warning


def test_a_verdict_answers_in_order_and_names_no_more_than_it_can(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FakeAttributor._one.__globals__, "inferred", lambda name: inferred())
    upload(page, ("torn.png", png()))
    assert_well(page)
    told = written(page)
    questions = [cell for cell in told if cell.startswith("**") and cell.endswith("?**")]
    assert questions == ["**Can it be attributed?**", "**Is it adversarial?**", "**By what?**", "**How sure?**"]
    assert any(
        cell.startswith("**An iterated L∞ attack (96.0%), on a model of the VGG family (99.0%)") for cell in told
    )
    promise = "Each of these holds for 90 in 100 test images: the attack is PGD or BIM"
    assert any(promise in cell for cell in told)
    heads = [head.value.replace("\\", "") for head in page.subheader]
    assert heads[1:] == ["iterated L∞ attack", "VGG family", "ε = 60.0/255"]


def test_an_upload_takes_the_place_of_a_sample(page: AppTest) -> None:
    pick(page, "fgsm-vgg16-40.png")
    upload(page, ("pgd-vgg19-90.png", png()))
    assert "Known truth" not in said(page)
    upload(page)
    assert "Drop an image" in said(page)


def test_a_reference_that_fits_adds_true_differences(page: AppTest) -> None:
    original = digit()
    attacked = original.copy()
    attacked[:7] ^= 4
    data, clean = png(attacked), png(original)
    upload(page, ("fgsm-vgg16-40.png", data))
    assert "drop it here" in said(page)
    upload(page, ("clean.png", clean), key=f"reference-{sha256_bytes(data)}")
    assert_well(page)
    assert {"4/255", "25.0%", f"`{sha256_bytes(clean)[:16]}…`"} <= set(cells(page))
    assert "drop it here" not in said(page)


def test_a_reference_belongs_to_its_image_alone(page: AppTest) -> None:
    first, second = png(seed=1), png(seed=2)
    upload(page, ("a.png", first))
    upload(page, ("clean.png", png(seed=3)), key=f"reference-{sha256_bytes(first)}")
    assert "pixels changed" in cells(page)
    upload(page, ("b.png", second))
    assert "pixels changed" not in cells(page)


def test_another_checkpoint_judges_anew(bench: type[FakeAttributor]) -> None:
    write_card(paths.checkpoints(), CARD.model_copy(update={"name": "other", "weights_sha256": "6f" * 32}))
    page = upload(enter(), ("fgsm-vgg16-40.png", png()))
    page.sidebar.selectbox[0].set_value("other").run()
    assert_well(page)
    assert (FakeAttributor.opened, FakeAttributor.judged) == (2, 2)
    assert f"by checkpoint **other**, weights] `{'6f' * 6}`" in said(page)


def test_a_sample_that_does_not_fit_the_checkpoint_is_put_away(bench: type[FakeAttributor]) -> None:
    images = Geometry(source="folder", channels=3, side=224)
    write_card(paths.checkpoints(), CARD.model_copy(update={"name": "colour", "images": images}))
    page = pick(enter(), "fgsm-vgg16-40.png")
    page.sidebar.selectbox[0].set_value("colour").run()
    assert_well(page)
    assert "Drop an image" in said(page)
    assert "Known truth" not in said(page)
    assert not page.button


def test_what_was_likely_beforehand_changes_the_probability_alone(page: AppTest) -> None:
    upload(page, ("fgsm-vgg16-40.png", png()))
    page.select_slider(key="prior").set_value(0.001).run()
    assert_well(page)
    assert "adversarial: **99.9%**; where 1 image in 1,000 is attacked: **12.6%**" in said(page)
    upload(page, ("pgd-vgg19-90.png", png()))
    assert "where 1 image in 1,000 is attacked" in said(page)

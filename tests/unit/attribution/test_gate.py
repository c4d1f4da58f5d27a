"""The gate answers by what the checkpoint was measured to survive, and names its grounds."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mtaa.attribution.gate import judge, warnings
from mtaa.core.survival import Marks, Survival, Survived
from mtaa.core.verdict import Attributability
from mtaa.images.intake import read


def after(
    change: str, strength: float, attack: float, victim: float, smooth: float = 0, fine_share: float = 0.2
) -> Survived:
    spans = {
        "attack_low": attack - 0.01,
        "attack_high": attack + 0.01,
        "victim_low": victim - 0.01,
        "victim_high": victim + 0.01,
    }
    return Survived(
        change=change, strength=strength, attack=attack, victim=victim, smooth=smooth, fine_share=fine_share, **spans
    )


SURVIVAL = Survival(
    weights_sha256="ab",
    test_sha256="7e",
    unchanged=after("none", 0, 0.99, 0.9),
    changed=[
        after("png", 0, 0.99, 0.9),
        after("jpeg", 100, 0.96, 0.9),
        after("jpeg", 95, 0.3, 0.4),
        after("jpeg", 50, 0.2, 0.2),
        after("blur", 0.3, 0.93, 0.7, smooth=0.01, fine_share=0.02),
        after("blur", 1, 0.2, 0.2, smooth=0.9, fine_share=0.002),
        after("resize", 50, 0.25, 0.2, smooth=0.9, fine_share=0.01),
        after("webp", 95, 0.95, 0.8).model_copy(update={"false_alarms": 0.12}),
    ],
    marks=Marks(
        jpeg_ghost=0.8,
        fine_share=0.03,
        jpeg_ghost_false_alarms=0.005,
        fine_share_false_alarms=0.005,
        narrow_levels=25,
        narrow_levels_false_alarms=0.005,
        jpeg_displaced=0.7,
        jpeg_displaced_false_alarms=0.005,
    ),
)
NOISE = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)


def judged(pixels: np.ndarray, form: str = "PNG", survival: Survival = SURVIVAL, **options: Any) -> Attributability:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, form, **options)
    taken = read(buffer.getvalue(), "image", 1, 28)
    return judge(survival, taken)


def decoded(pixels: np.ndarray, quality: int, form: str = "JPEG") -> np.ndarray:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, form, quality=quality)
    return np.asarray(Image.open(buffer).convert("L"))


def test_a_lossless_file_with_no_mark_is_attributable() -> None:
    found = judged(NOISE)
    assert (found.answer, warnings(found)) == ("attributable", [])
    assert [ground.kind for ground in found.grounds] == ["OBSERVED"]


@pytest.mark.parametrize(("quality", "answer", "figure"), [(100, "weakened", "96.0%"), (80, "destroyed", "20.0%")])
def test_a_jpeg_file_answers_by_its_quality(quality: int, answer: str, figure: str) -> None:
    """At 80 the figures of quality 50 count, the next that was measured below."""
    found = judged(NOISE, "JPEG", quality=quality)
    assert found.answer == answer
    (ground,) = found.grounds
    assert ground.kind == "OBSERVED"
    assert figure in ground.says


def test_jpeg_saved_again_as_png_is_noticed() -> None:
    found = judged(decoded(NOISE, 95))
    assert found.answer == "destroyed"
    assert [ground.kind for ground in found.grounds] == ["OBSERVED", "DERIVED"]
    (warning,) = warnings(found)
    assert "quality of about 95" in warning
    assert "30.0%" in warning


def test_a_jpeg_that_was_a_coarser_one_before_answers_by_that() -> None:
    known = SURVIVAL.model_copy(update={"changed": [after("jpeg", 95, 0.98, 0.9), after("jpeg", 40, 0.91, 0.8)]})
    assert judged(NOISE, "JPEG", known, quality=95).answer == "attributable"
    twice = judged(decoded(NOISE, 50), "JPEG", known, quality=95)
    assert twice.answer == "weakened"
    assert [ground.kind for ground in twice.grounds] == ["OBSERVED", "DERIVED"]
    (warning,) = warnings(twice)
    assert "The pixels were compressed as JPEG before that, at a quality of about" in warning
    assert "91.0%" in warning


def test_a_part_of_a_jpeg_is_noticed_and_told_where_its_blocks_are() -> None:
    whole = decoded(np.random.default_rng(0).integers(0, 256, (72, 72), np.uint8), 95)
    found = judged(whole[13:41, 10:38])
    assert found.answer == "destroyed"
    (warning,) = warnings(found)
    assert "quality of about 95" in warning
    assert "blocks begin 3 pixels down and 6 across" in warning
    unknown = SURVIVAL.model_copy(update={"marks": SURVIVAL.marks.model_copy(update={"jpeg_displaced": None})})
    assert judged(whole[13:41, 10:38], survival=unknown).answer == "attributable"


def test_lossy_webp_saved_again_as_png_is_noticed() -> None:
    found = judged(decoded(NOISE, 95, "WEBP"))
    assert found.answer == "weakened"
    (warning,) = warnings(found)
    assert "none of them one of the 33" in warning
    assert "12.0% of clean images are called attacked" in warning
    older = SURVIVAL.marks.model_copy(update={"narrow_levels": None})
    assert (
        judged(decoded(NOISE, 95, "WEBP"), survival=SURVIVAL.model_copy(update={"marks": older})).answer != "weakened"
    )


def test_fewer_bits_are_noticed() -> None:
    known = SURVIVAL.model_copy(update={"changed": [*SURVIVAL.changed, after("depth", 4, 0.93, 0.8)]})
    found = judged(NOISE >> 3 << 3, survival=known)
    assert found.answer == "weakened"
    assert "that 5 bits a value leave" in warnings(found)[0]
    assert "93.0%" in warnings(found)[0]  # of 4 bits, the next that was measured below


def test_a_smooth_image_counts_as_a_change_that_makes_images_so() -> None:
    wave = (120 + 100 * np.sin(2 * np.pi * np.arange(28) / 28)).astype(np.uint8)
    found = judged(np.tile(wave, (28, 1)))
    assert found.answer == "destroyed"
    assert "20.0%" in found.grounds[-1].says  # of the stronger blur: nothing fine is left of it


def test_a_change_that_was_never_measured_destroys() -> None:
    found = judged(NOISE, "JPEG", SURVIVAL.model_copy(update={"changed": []}), quality=80)
    assert found.answer == "destroyed"
    assert "never measured" in found.grounds[0].says


def test_a_network_that_survives_jpeg_may_name() -> None:
    hardy = SURVIVAL.model_copy(update={"changed": [after("jpeg", 50, 0.99, 0.9)]})
    assert judged(NOISE, "JPEG", hardy, quality=70).answer == "attributable"

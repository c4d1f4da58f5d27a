"""The plan's arithmetic, by hand."""

import pytest

from mtaa.bench import curve, record
from mtaa.bench.scaling import reckon, text
from mtaa.core.errors import InputError
from mtaa.scenario import load


def test_every_line_follows_from_the_records(bundled: None) -> None:
    speed, memory = record.read(), curve.read()
    lines = {line.what: line for line in reckon(load("mnist"), 1_049_800, speed, memory, 250_000_000, 50, 2)}
    assert lines["shards"].value == pytest.approx(1_049_800 / 128)
    assert lines["laid out"].value == 1_049_800 * (2 * 784 + 120)
    pgd = next(
        row for row in speed.rows if (row.victim, row.attack, row.contestant) == ("vgg16", "pgd", "mtaa_float32")
    )
    # Ten times the preset: 20 values of ε, 160 + 10 + 20 examples each.
    assert lines["generate: PGD on VGG16"].value == pytest.approx(38_000 / pgd.images_per_second / 3600)
    cw = next(
        row for row in speed.rows if (row.victim, row.attack, row.contestant) == ("resnet50", "cw", "mtaa_float32")
    )
    assert lines["generate: C&W on ResNet50"].value == pytest.approx(100_800 / (2 * cw.images_per_second) / 3600)
    assert "as InceptionV3" in lines["generate: PGD on VGG19"].reckoning
    parts = [line.value for what, line in lines.items() if what.startswith("generate: ")]
    assert lines["generate"].value == pytest.approx(sum(parts))
    assert lines["generate, cost"].value == pytest.approx(sum(parts) / 50 * 2)
    seconds = {point.examples: point.seconds for point in memory.points if point.stage == "verify"}
    (verify,) = [line for what, line in lines.items() if what.startswith("verify")]
    assert verify.value == pytest.approx(1_049_800 * (seconds[100_000] - seconds[10_000]) / 90_000 / 3600)
    assert lines["train, an epoch"].value == pytest.approx(0.787, rel=1e-3)
    assert "| shards | 1,049,800 / 128 rows | 8,202 files |" in text(list(lines.values()))


def test_an_attack_that_was_never_timed_is_not_guessed(bundled: None) -> None:
    scenario = load("smoke")
    attacks = [scenario.attacks[0].model_copy(update={"name": "bim", "parameters": {}})]
    with pytest.raises(InputError, match=r"attacks must be timed ones \(cw, fgsm, pgd\), got bim"):
        reckon(scenario.model_copy(update={"attacks": attacks}), 1000, record.read(), curve.read(), 1, 1, 1)

import pytest

from mtaa.core.errors import InputError
from mtaa.dataset import plan
from mtaa.scenario import load, names
from mtaa.scenario.presets import dump, parse

BASE = """
name: trial
images: {source: digits, channels: 1, side: 28}
victims: [tiny_a]
attacks:
  - {name: fgsm, intensities: {start: 10, stop: 30, step: 10}}
examples: {train: 2, test: 1}
"""


@pytest.mark.parametrize("name", names())
def test_every_preset_is_valid_and_survives_a_round_trip(name: str) -> None:
    scenario = load(name)
    plan.check(scenario)
    assert scenario.name == name
    assert parse(dump(scenario)).hash == scenario.hash


def test_mnist_paper_is_table_1_to_the_letter() -> None:
    paper = load("mnist-paper")
    assert (paper.total("train"), paper.total("test")) == (48_000, 6_000)
    assert paper.victims == ["inception_v3", "resnet18", "resnet50", "vgg16", "vgg19"]
    assert paper.attack("fgsm").intensities.values() == [float(value) for value in range(10, 201, 10)]
    assert paper.attack("pgd").intensities.values() == paper.attack("fgsm").intensities.values()
    assert paper.attack("pgd").parameters == {"step_size": 10, "steps": 100, "random_start": False}
    assert paper.attack("cw").intensities.values() == [float(value) for value in range(5, 101, 5)]
    assert paper.attack("cw").parameters["c"] == 50
    assert paper.attack("cw").parameters["steps"] == 500
    assert paper.attack_labels == ["fgsm", "pgd", "cw"]


def test_clean_class_adds_a_label_to_both_heads() -> None:
    scenario = load("mnist")
    assert scenario.attack_labels[-1] == "clean"
    assert scenario.victim_labels[-1] == "none"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("examples:", "exampels: 1\nexamples:", "exampels is not a setting; did you mean examples"),
        ("step: 10", "step: 0", r"attacks\.0\.intensities\.step must be more than 0, got 0"),
        ("start: 10", "start: 90", "attacks.0.intensities: stop must be at least start"),
        ("step: 10", "stepp: 10", r"attacks\.0\.intensities\.step must be given"),
        ("channels: 1", "channels: 2", r"images\.channels must be 1 or 3, got 2"),
        ("side: 28", "side: 2000", r"images\.side must be at most 1024, got 2000"),
        ("side: 28", "side: wide", r"images\.side must be a whole number, got 'wide'"),
        ("[tiny_a]", "[]", "victims must have at least one entry, got none"),
        ("train: 2", "train: -2", r"examples\.train must be at least 0, got -2"),
        ("[tiny_a]", "[tiny_a, tiny_a]", "victims must be named once each, got tiny_a more than once"),
        ("name: trial", "name: ../trial", r"name must be up to 63 small letters, digits and -, .* got '\.\./trial'"),
        ("victims: [tiny_a]\n", "", "victims must be given"),
    ],
)
def test_bad_settings_are_named_by_their_dotted_path(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        parse(BASE.replace(old, new, 1))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: digits", "source: digit", r"images\.source: image source 'digit' is unknown; did you mean digits"),
        ("[tiny_a]", "[resnet81]", r"victims\.0: victim 'resnet81' is unknown; did you mean resnet18"),
        ("name: fgsm", "name: fsgm", r"attacks\.0\.name: attack 'fsgm' is unknown; did you mean fgsm"),
        ("stop: 30", "stop: 300", r"attacks\.fgsm\.intensities\.stop must be at most 255, got 300"),
        ("{name: fgsm,", "{name: pgd, parameters: {step: 3},", r"attacks\.pgd\.parameters\.step is not a parameter"),
        ("{name: fgsm,", "{name: pgd, parameters: {steps: 0},", r"pgd\.parameters\.steps must be at least 1, got 0"),
    ],
)
def test_unknown_names_list_the_near_ones(old: str, new: str, said: str) -> None:
    with pytest.raises(Exception, match=said) as caught:
        plan.check(parse(BASE.replace(old, new, 1)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["- a\n- b", "name: [", "", "5"])
def test_not_a_mapping_is_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match="must be"):
        parse(text)


def test_hash_covers_what_determines_the_examples() -> None:
    assert parse(BASE).hash == parse(BASE + "description: words\n").hash
    assert parse(BASE).hash != parse(BASE + "seed: 1\n").hash


CONTROLS = """
controls:
  - {name: jpeg, strengths: {start: 50, stop: 90, step: 20}, examples: {train: 2, test: 1}}
  - {name: noise, strengths: {start: 4, stop: 8, step: 4}, examples: {train: 3, test: 1}}
"""


def test_without_controls_a_scenario_keeps_the_hash_it_had() -> None:
    plain = parse(BASE)
    assert "controls" not in plain.model_dump()
    assert "controls" not in dump(plain)
    assert parse(BASE + "controls: []\n").hash == plain.hash
    # What it hashed to before there were controls.
    assert load("smoke").hash.startswith("a2e839b23187")


def test_controls_are_clean_examples_and_determine_the_hash() -> None:
    plain, controlled = parse(BASE), parse(BASE + CONTROLS)
    assert controlled.hash != plain.hash
    assert parse(dump(controlled)).hash == controlled.hash
    assert (controlled.attack_labels, controlled.victim_labels) == (["fgsm", "clean"], ["tiny_a", "none"])
    assert controlled.total("train") - plain.total("train") == 3 * 2 + 2 * 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: jpeg", "name: jpg", r"controls\.0: control 'jpg' is unknown; did you mean jpeg"),
        ("stop: 90", "stop: 110", r"controls\.0: strengths must be quality, 1 to 100, got 50 to 110"),
        ("name: noise", "name: jpeg", "controls must be named once each, got jpeg more than once"),
        ("name: noise", "nam: noise", r"controls\.1\.name must be given"),
    ],
)
def test_bad_controls_are_named_by_their_path(old: str, new: str, said: str) -> None:
    with pytest.raises(Exception, match=said) as caught:
        plan.check(parse(BASE + CONTROLS.replace(old, new, 1)))
    assert "\n" not in str(caught.value)

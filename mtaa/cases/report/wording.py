"""The rows of a report's tables: functions of records, in the words of the rest of the workbench."""

from typing import Any

from mtaa.core.card import Card
from mtaa.core.support import Support
from mtaa.core.titles import title
from mtaa.core.units import UNITS, Unit
from mtaa.core.verdict import Derived, Inferred, Observed, Ranking
from mtaa.core.wording import percent

Rows = list[tuple[str, str]]


def observed(seen: Observed) -> Rows:
    """OBSERVED: facts of the file."""
    return [
        ("format", f"{seen.format}, mode {seen.mode}"),
        ("pixels", f"{seen.width} × {seen.height}"),
        ("size", f"{seen.bytes:,} bytes"),
    ]


def derived(measures: Derived) -> Rows:
    """DERIVED: measures of the pixels."""
    rows = [
        ("grey levels", f"{measures.levels}, from {measures.minimum} to {measures.maximum}"),
        ("mean level", f"{measures.mean:.1f}/255"),
        ("roughness (mean step between neighbours)", f"{measures.roughness:.1f}/255"),
    ]
    compared = measures.reference
    if compared is not None:
        rows += [
            ("clean original, SHA-256", compared.sha256),
            ("largest difference from it (L∞)", f"{compared.linf}/255"),
            ("L2 difference (pixels from 0 to 1)", f"{compared.l2:.3f}"),
            ("pixels changed", f"{compared.changed_share:.1%}"),
        ]
    return rows


def shown(ranking: Ranking) -> Ranking:
    """The ranking without the victim of a clean image, which no adversarial one has."""
    if ranking.label == "none":
        return ranking
    return ranking.model_copy(
        update={"probabilities": {name: share for name, share in ranking.probabilities.items() if name != "none"}}
    )


def backed_off(support: Support | None) -> str:
    """What is named where the likeliest alone can't be: `; named is the VGG family, 99.2%`."""
    if support is None or support.level in ("attack", "model"):
        return ""
    if support.level == "none":
        return "; undecided"
    return f"; named is the {support.title}, {percent(support.probability)}"


def figures(said: Inferred, card: Card) -> Rows:
    """How right the checkpoint was on held-out images of the attack that it names here."""
    known, name = card.metrics.get("by_attack", {}).get(said.attack.label, {}), said.attack.title
    error, symbol = known.get("intensity_rmse"), card.symbols.get(said.attack.label, "")
    rows = [
        (f"held-out {name} images whose attack was named right", _share(known.get("attack_accuracy"))),
        (
            f"held-out {name} images whose source model was named right",
            _share(known.get("victim_accuracy")) if said.hyperparameter else "",
        ),
        (
            f"error of {symbol} on them (root mean square)",
            _range(error, UNITS[card.units[said.attack.label]]) if error else "",
        ),
        ("intervals that held the true value", _share(known.get("interval_coverage"))),
    ]
    return [(words, value) for words, value in rows if value]


def overall(card: Card) -> Rows:
    """The headline figures of a checkpoint."""
    known = card.metrics.get("overall", {})
    names = {
        "attack_accuracy": "attack or clean named right",
        "victim_accuracy_adversarial": "source model of adversarial images named right",
        "false_alarm_rate": "clean images taken for attacked",
        "missed_rate": "adversarial images taken for clean",
        "interval_coverage": "intervals that held the true value",
    }
    return [(words, _share(known[name])) for name, words in names.items() if known.get(name)]


def about(card: Card) -> Rows:
    """The model card."""
    kind = "grey" if card.images.channels == 1 else "colour"
    return [
        ("description", card.description),
        ("images", f"{card.images.source}, {kind}, {card.images.side} × {card.images.side}"),
        ("attacks", ", ".join(title(name) for name in card.attacks)),
        ("source models", ", ".join(title(name) for name in card.victims if name != "none")),
        ("network", f"{card.network.get('backbone', 'unknown')}, {card.parameters:,} parameters"),
        ("weights, SHA-256", card.weights_sha256),
        ("scenario, SHA-256", card.scenario_sha256),
        ("training data, SHA-256", card.data_sha256),
        ("test split, SHA-256", card.test_sha256),
        ("version of the software that trained it", card.code_version),
        ("licence", card.licence),
    ]


def _share(figure: dict[str, Any] | None) -> str:
    if not figure:
        return ""
    return f"{figure['value']:.1%} ({figure['low']:.1%} to {figure['high']:.1%}, {figure['count']:,} images)"


def _range(figure: dict[str, Any], unit: Unit) -> str:
    value, low, high = (f"{figure[name]:.{unit.digits}f}" for name in ("value", "low", "high"))
    return f"{value}{unit.suffix} ({low} to {high})"

"""A scenario's document as the flat fields of a form, and back, so that what nobody touched keeps its hash. Pure.

A field is named by its dotted path, in which an attack stands by its name: `attacks.pgd.intensities.stop`.
"""

from collections.abc import Mapping
from typing import Any

from mtaa.api import scenarios

Document = dict[str, Any]
# Where a newly chosen attack starts: its grid, by the unit of its intensity.
GRIDS = {"1/255": (10.0, 200.0, 10.0), "L2": (0.5, 5.0, 0.5), "logits": (1.0, 12.0, 1.0), "%": (2.0, 20.0, 2.0)}
ENDS = ("start", "stop", "step")
CLEAN = {"train": 400, "validation": 50, "test": 50}
LARGEST = 2**53 - 1  # of whole numbers in a browser


def document(scenario: "scenarios.Scenario") -> Document:
    """The scenario as a document without what is absent."""
    return scenario.model_dump(mode="json", exclude_none=True)


def values(base: Document, offers: Mapping[str, "scenarios.AttackOffer"]) -> dict[str, Any]:
    """What each field of the form starts with: that of `base`, and defaults for attacks it has not."""
    images = base["images"]
    found = {
        "name": base["name"],
        "description": base.get("description", ""),
        "seed": base.get("seed", 0),
        **{f"images.{part}": images.get(part, "") for part in ("source", "folder", "channels", "side")},
        "victims": list(base["victims"]),
        "attacks": [spec["name"] for spec in base["attacks"]],
        "clean": "clean" in base,
        **_counts("examples", base["examples"]),
        **_counts("clean", base.get("clean", CLEAN)),
    }
    specs = {spec["name"]: spec for spec in base["attacks"]}
    for name in [*specs, *(name for name in offers if name not in specs)]:
        spec = specs.get(name, {})
        grid = spec.get("intensities") or dict(zip(ENDS, GRIDS[offers[name].unit], strict=True))
        found |= {f"attacks.{name}.intensities.{end}": float(grid[end]) for end in ENDS}
        found[f"attacks.{name}.own"] = "examples" in spec
        found |= _counts(f"attacks.{name}.examples", spec.get("examples", base["examples"]))
        for one in offers[name].parameters if name in offers else []:
            given = spec.get("parameters", {}).get(one.name, one.default)
            found[f"attacks.{name}.parameters.{one.name}"] = float(given) if one.kind == "number" else given
    return found


def assembled(given: Mapping[str, Any], base: Document, offers: Mapping[str, "scenarios.AttackOffer"]) -> Document:
    """The document that the fields `given` make; controls and precisions are those of `base`."""
    images = {part: given[f"images.{part}"] for part in ("source", "channels", "side")}
    if given["images.source"] == "folder":
        images["folder"] = given["images.folder"].strip()
    elif base["images"].get("folder") and base["images"]["source"] == given["images.source"]:
        images["folder"] = base["images"]["folder"]
    made: Document = {"name": given["name"].strip(), "description": given["description"].strip(), "images": images}
    specs = {spec["name"]: spec for spec in base["attacks"]}
    made["victims"] = list(given["victims"])
    made["attacks"] = [_attack(name, given, specs.get(name), offers.get(name)) for name in given["attacks"]]
    made["examples"] = _group("examples", given)
    if given["clean"]:
        made["clean"] = _group("clean", given)
    return made | {part: base[part] for part in ("controls", "precision") if part in base} | {"seed": given["seed"]}


def too_large(base: Document) -> str:
    """Why a form can't hold the document, in one sentence; empty where it can."""
    if base.get("seed", 0) > LARGEST:
        return f"seed must be at most {LARGEST:,} to be edited here, got {base['seed']:,}; choose a smaller one"
    return ""


def _attack(
    name: str, given: Mapping[str, Any], spec: Document | None, offer: "scenarios.AttackOffer | None"
) -> Document:
    made: Document = {
        "name": name,
        "intensities": {end: given[f"attacks.{name}.intensities.{end}"] for end in ENDS},
        "parameters": dict(spec["parameters"]) if spec and not offer else {},
    }
    before = spec.get("parameters", {}) if spec else {}
    for one in offer.parameters if offer else []:
        value = given[f"attacks.{name}.parameters.{one.name}"]
        # A default that was left out stays so: written down it would be another hash for the same examples.
        if spec is None or one.name in before or value != one.default:
            made["parameters"][one.name] = _like(before.get(one.name), value)
    if given[f"attacks.{name}.own"]:
        made["examples"] = _group(f"attacks.{name}.examples", given)
    return made


def _like(before: Any, value: Any) -> Any:
    """A number as it was written, 10 or 10.0; a new one without a needless point."""
    if before is not None and before == value:
        return before
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _counts(head: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {f"{head}.{split}": counts.get(split, 0) for split in scenarios.SPLITS}


def _group(head: str, given: Mapping[str, Any]) -> dict[str, int]:
    return {split: given[f"{head}.{split}"] for split in scenarios.SPLITS}

"""What a value must be and was not, in plain words: the house's for those of pydantic."""

from typing import Any

_RULES = {
    "greater_than": "be more than {gt}",
    "greater_than_equal": "be at least {ge}",
    "less_than": "be less than {lt}",
    "less_than_equal": "be at most {le}",
    "multiple_of": "be a multiple of {multiple_of}",
    "literal_error": "be {expected}",
    "int_type": "be a whole number",
    "int_parsing": "be a whole number",
    "int_from_float": "be a whole number",
    "float_type": "be a number",
    "float_parsing": "be a number",
    "finite_number": "be a finite number",
    "bool_type": "be true or false",
    "bool_parsing": "be true or false",
    "string_type": "be text",
    "list_type": "be a list",
    "dict_type": "be a mapping",
    "model_type": "be a mapping of settings",
    "model_attributes_type": "be a mapping of settings",
}
_SIZES = {"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")}
_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,62}$": "be up to 63 small letters, digits and -, the first no -",
    r"^[0-9a-f]{64}$": "be 64 hex digits",
}


def said(fault: Any) -> str:
    """A fault of pydantic as a predicate of the setting: `must be at most 1024, got 2000`."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _SIZES:
        bound, limit = _SIZES[kind]
        count = context["actual_length"]
        return f"must have {bound} {_entries(context[limit])}, got {count or 'none'}"
    if kind == "string_pattern_mismatch":
        rule = _PATTERNS.get(context["pattern"], f"match {context['pattern']}")
    elif kind in _RULES:
        rule = _RULES[kind].format(**{name: _short(str(value)) for name, value in context.items()})
    else:
        rule = f"be right ({fault['msg'][:1].lower()}{fault['msg'][1:]})"
    return f"must {rule}, got {_short(repr(fault['input']))}"


def _entries(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"


def _short(number: str) -> str:
    """A number as it is written, without a needless point."""
    return number.removesuffix(".0")

"""`mtaa schema`: the JSON schemas of what is printed, so that others can check and read it."""

import json
from typing import Annotated, Literal

import typer
from pydantic import BaseModel


def schema(kind: Annotated[Literal["verdict", "refusal"], typer.Argument()] = "verdict") -> None:
    """Print a JSON schema: `mtaa attribute --json` prints an array of verdicts and refusals."""
    from mtaa.core.verdict import Refusal, Verdict

    records: dict[str, type[BaseModel]] = {"verdict": Verdict, "refusal": Refusal}
    print(json.dumps(records[kind].model_json_schema(mode="serialization"), ensure_ascii=False, indent=2))

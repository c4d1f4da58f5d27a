"""What a person should see of many results."""

import pytest

from app import export, table, triage
from mtaa import api
from tests.unit.app.test_export import refusal, verdict


@pytest.mark.parametrize(("standing", "is_doubtful"), [("known", False), ("family", False), ("unknown", True)])
def test_an_unknown_tool_chain_needs_a_look_however_sure_the_network_is(standing: str, is_doubtful: bool) -> None:
    found = api.Verdict.model_validate({**verdict().model_dump(), "standing": standing})
    assert triage.needs_a_look(found) is is_doubtful
    assert export.row(found)["standing"] == standing
    assert table._row(found).get("standing") == ("unknown" if is_doubtful else None)


def test_what_was_refused_needs_one_too() -> None:
    assert triage.needs_a_look(refusal())

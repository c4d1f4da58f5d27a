"""What a person should see of many results."""

import pytest

from app import export, table, triage
from mtaa import api
from mtaa.core.support import Support
from mtaa.core.verdict import Attributability, Ground
from tests.unit.app.test_export import refusal, verdict
from tests.unit.core.test_answers import verdict as told


@pytest.mark.parametrize(("standing", "is_doubtful"), [("known", False), ("family", False), ("unknown", True)])
def test_an_unknown_tool_chain_needs_a_look_however_sure_the_network_is(standing: str, is_doubtful: bool) -> None:
    found = api.Verdict.model_validate({**verdict().model_dump(), "standing": standing})
    assert triage.needs_a_look(found) is is_doubtful
    assert export.row(found)["standing"] == standing
    assert table._row(found).get("remark") == ("unknown maker" if is_doubtful else None)


def test_what_was_refused_needs_one_too() -> None:
    assert triage.needs_a_look(refusal())


def test_a_row_names_what_the_verdict_names() -> None:
    backed_off = export.row(told())
    assert (backed_off["attack"], backed_off["attack_probability"]) == ("iterated L∞ attack", 0.96)
    assert (backed_off["source_model"], backed_off["likeliest_source_model"]) == ("VGG family", "VGG16")
    open_source = Support(level="none", title="VGG16", probability=0.55, members=["vgg16", "vgg19"])
    undecided = export.row(told(source=open_source))
    assert (undecided["source_model"], undecided["likeliest_source_model"]) == ("undecided", "VGG16")
    assert triage.Wanted(victims=("vgg19",)).has(told())  # left open, so that who looks for it must see it
    assert not triage.Wanted(victims=("resnet18",)).has(told())


def test_what_is_unknown_or_changed_needs_a_look_and_is_counted() -> None:
    changed = Ground(kind="OBSERVED", says="The file is JPEG.", answer="weakened")
    sure = {"attack": told().inferred.attack.model_copy(update={"probability": 0.99})}
    sure["victim"] = told().inferred.victim.model_copy(update={"probability": 0.99})
    sound = told(**sure)
    weakened = told(Attributability(answer="weakened", grounds=[changed], measures={}), **sure)
    unknown = sound.model_copy(update={"standing": "unknown"})
    assert [triage.needs_a_look(one) for one in (sound, weakened, unknown)] == [False, True, True]
    assert triage.remarks([sound, weakened, unknown]) == ["1 of an unknown tool-chain", "1 found changed"]
    assert triage.remarks([sound]) == []

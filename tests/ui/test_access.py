"""Access, by the real entry file: every act with every role, at the act itself and at its control."""

import ast
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import access, casebook
from mtaa import api
from mtaa.api import access as roles
from mtaa.cli import exposing
from mtaa.core import paths
from mtaa.core.active import history
from tests.ui.conftest import FakeAttributor, png
from tests.ui.reading import assert_well, said, upload
from tests.ui.retraining import job
from tests.ui.shelved import add

ACCESS = """
default = "none"
[users]
"viewer@example.org" = "viewer"
"analyst@example.org" = "analyst"
"operator@example.org" = "operator"
[groups]
forensics = "analyst"
"""
PAGES = sorted(path.stem for path in (paths.ROOT / "pages").glob("*.py"))
EVERYBODY: list[roles.Role | None] = [None, *roles.ROLES]


@pytest.fixture(autouse=True)
def guarded(bench: type[FakeAttributor], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbench where people log in."""
    monkeypatch.delenv("MTAA_ACCESS", raising=False)
    monkeypatch.delenv("MTAA_DATABASE_URL", raising=False)
    st.cache_data.clear()
    add("mnist")
    paths.home().mkdir(exist_ok=True)
    place = paths.home() / "access.toml"
    place.write_text(ACCESS)
    return place


def user(role: str | None, **claims: Any) -> dict[str, Any]:
    return {"is_logged_in": True, "email": f"{role or 'stranger'}@example.org", **claims}


def entered(who: dict[str, Any], page: str = "", **query: str) -> AppTest:
    found = AppTest.from_file(str(paths.ROOT / "streamlit_app.py"), default_timeout=30)
    found.user, found.secrets = who, {"auth": {"client_id": "mtaa"}}
    found.run()
    if page:
        found.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            found.query_params[name] = value
        found.run()
    return found


def disabled(page: AppTest, label: str) -> bool:
    (found,) = [button for button in page.button if button.label == label]
    return bool(found.disabled)


def case() -> int:
    """One with an image, opened by the operator."""
    page = entered(user("operator"), "attribute")
    upload(page, ("fgsm-vgg16-40.png", png()))
    page.button(key="case-add").click().run()
    assert_well(page)
    return 1


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", [{"is_logged_in": False}, {access.HEADER: None}, {}, user(None)])
def test_nobody_sees_a_page_without_a_role(page: str, who: dict[str, Any]) -> None:
    alone = AppTest.from_file(str(paths.ROOT / "pages" / f"{page}.py"))  # past the entry file
    alone.user, alone.secrets = who, {"auth": {"client_id": "mtaa"}}
    for found in (entered(who, page), alone.run()):
        assert not found.exception
        assert [title.value for title in found.title] == (["No role"] if who == user(None) else ["Log in"])
        assert {button.label for button in found.button} <= {"Log in", "Log out"}
        assert not found.get("file_uploader")
        assert not found.table


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_sees_every_page(page: str, role: str) -> None:
    found = entered(user(role), page)
    assert not found.exception
    assert "Log in" not in [title.value for title in found.title]
    assert f"{role}@example.org" in said(found).replace("\u2060", "")
    assert found.button(key="log-out")


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("act", access.ACTS)
def test_every_act_is_checked_at_the_act(act: str, role: roles.Role | None, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = access.Visitor("log-in", f"{role or 'stranger'}@example.org")
    monkeypatch.setattr(access, "visitor", lambda: someone)
    done: list[int] = []
    later = access.later(act, done.append, 2)
    may = role is not None and roles.ROLES.index(role) >= roles.ROLES.index(access.ACTS[act])
    assert access.may(act) is may
    if may:
        access.do(act, done.append, 1)
        later()
        assert done == [1, 2]
        return
    for step in (lambda: access.do(act, done.append, 1), later):
        with pytest.raises(roles.NotAllowed, match=f"needs the role {access.ACTS[act]}, and .*ask your operator"):
            step()
    assert done == []


def test_viewers_change_nothing_analysts_add_operators_delete() -> None:
    kept = {role: {act for act, needed in access.ACTS.items() if roles.covers(role, needed)} for role in roles.ROLES}
    assert kept["viewer"] == set()
    assert {"open_case", "add", "note", "assess", "report"} <= kept["analyst"]
    only = kept["operator"] - kept["analyst"]
    assert {"start_job", "activate", "import_checkpoint", "delete_checkpoint", "delete_case", "remove_image"} <= only


@pytest.mark.parametrize("role", roles.ROLES)
def test_a_case_offers_what_the_role_may(role: roles.Role) -> None:
    case()
    page = entered(user(role), "cases", case="1")
    assert_well(page)
    mine = {
        "Rename the case": "rename",
        "Delete for good": "delete_case",
        "Add the note": "note",
        "Record your verdict": "assess",
        "Remove for good": "remove_image",
    }
    for label, act in mine.items():
        assert disabled(page, label) is not roles.covers(role, access.ACTS[act]), label
    assert page.selectbox(key="case-status-1").disabled is (role == "viewer")
    reports = [one for one in page.get("download_button") if one.proto.label in ("HTML", "JSON")]
    assert len(reports) == 2
    assert all(one.proto.disabled is (role == "viewer") for one in reports)


@pytest.mark.parametrize("role", roles.ROLES)
def test_models_and_jobs_offer_what_the_role_may(role: roles.Role, monkeypatch: pytest.MonkeyPatch) -> None:
    add("other")
    page = entered(user(role), "models", checkpoint="other")
    assert not page.exception
    assert disabled(page, "Make it active") is disabled(page, "Delete it for good") is (role != "operator")
    (export,) = [one for one in page.get("download_button") if one.proto.label == "Export"]
    assert export.proto.disabled is (role == "viewer")
    page = entered(user(role), "retrain")
    assert not page.exception
    assert bool(page.get("multiselect")) is (role == "operator")  # the form looks into folders
    found = job()
    for name, value in {"job": found, "list_jobs": [found], "job_curves": [], "job_log": [], "workers": []}.items():
        monkeypatch.setattr(api, name, lambda *_, value=value: value)
    page = entered(user(role), "retrain", job=found.id)
    assert not page.exception
    for label in ("Pause", "Cancel the job", "Start the clone"):
        assert disabled(page, label) is (role != "operator"), label


def test_a_control_that_is_worked_all_the_same_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a forged message of a browser does: it sets off a button that is disabled."""
    case()
    monkeypatch.setattr(access, "may", lambda act: True)
    page = entered(user("viewer"), "cases", case="1")
    page.button(key="case-delete-1").click().run()
    assert "This needs the role operator, and yours is viewer; ask your operator." in said(page)
    assert casebook.store().has(1)
    page = entered(user("analyst"), "models", checkpoint=add("other").name)
    next(one for one in page.button if one.label == "Make it active").click().run()
    assert "This needs the role operator, and yours is analyst" in said(page)
    assert history() == []


def test_who_acts_is_recorded() -> None:
    number = case()
    assert {entry.actor for entry in casebook.store().trail(number)} == {"operator@example.org"}
    page = entered(user("operator"), "models", checkpoint=add("other").name)
    next(one for one in page.button if one.label == "Make it active").click().run()
    assert [change.who for change in history()] == ["operator@example.org"]
    page = entered({access.HEADER: "analyst@example.org"}, "cases", case="1")
    page.selectbox(key="case-status-1").set_value("closed").run()
    assert casebook.store().trail(number)[-1].actor == "analyst@example.org"


def test_a_role_taken_away_counts_at_the_next_act(guarded: Path) -> None:
    page = entered(user("operator"), "models", checkpoint=add("other").name)
    guarded.write_text(ACCESS.replace('= "operator"', '= "viewer"'))
    next(one for one in page.button if one.label == "Make it active").click().run()
    assert history() == []


def test_names_that_somebody_gave_themselves_do_not_count() -> None:
    stranger = user(None, email="operator@example.org", email_verified=False, name="operator@example.org", sub="7")
    assert [title.value for title in entered(stranger).title] == ["No role"]
    assert f"{roles.ROLES[1]}" in said(entered(user(None, groups=["forensics"])))


def test_a_broken_file_lets_nobody_in(guarded: Path) -> None:
    guarded.write_text("usres = 1")
    page = entered(user("operator"))
    assert "access.toml: setting usres is unknown" in said(page)
    assert not page.button


def test_without_a_log_in_the_local_user_may_everything(guarded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded.unlink()
    page = entered({}, "models", checkpoint=add("other").name)
    assert not disabled(page, "Make it active")
    assert "Log out" not in [button.label for button in page.button]
    monkeypatch.setattr(access, "_is_loopback", lambda: False)  # started past `mtaa up`, for all to reach
    assert [title.value for title in entered({}).title] == ["Log in"]


def test_the_command_line_and_the_app_agree_on_the_header() -> None:
    assert access.HEADER == exposing.HEADER


def test_nothing_is_done_past_the_check() -> None:
    """No module calls what changes something itself: it hands the function to `access.do` or a button that does."""
    functions = {"import_checkpoint", "export_checkpoint", "activate", "roll_back", "report"}
    functions |= {act for act in access.ACTS if act.endswith("_job")}
    places = {"maps": {"start", "cancel", "delete"}, "api": functions, "cases": functions, "store": set(access.ACTS)}
    places["victims"] = {"bring"}
    inside = {"_clone", "_delete", "_start", "_end"}  # are themselves what is handed over
    found = []
    for path in [*(paths.ROOT / "app").glob("*.py"), *(paths.ROOT / "pages").glob("*.py")]:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or function.name in inside:
                continue
            for node in ast.walk(function):
                call = node.func if isinstance(node, ast.Call) else None
                is_method = isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name)
                if is_method and call.attr in places.get(call.value.id, ()):
                    found.append(f"{path.name}: {call.value.id}.{call.attr}")
    assert found == []

"""Roles: by name, by group and by default; a file that is wrong is refused in one sentence."""

from pathlib import Path

import pytest

from mtaa.core import access
from mtaa.core.access import Access
from mtaa.core.errors import InputError

SETTINGS = Access(
    users={"Ann@example.org": "operator", "low@example.org": "viewer"},
    groups={"lab": "viewer", "forensics": "analyst"},
)


@pytest.mark.parametrize(
    ("name", "groups", "role"),
    [
        ("ann@EXAMPLE.org", [], "operator"),
        ("low@example.org", ["forensics"], "viewer"),  # by name counts before all else
        ("somebody@example.org", ["lab", "forensics", "other"], "analyst"),
        ("somebody@example.org", "lab", "viewer"),
        ("somebody@example.org", ["other"], None),
        ("somebody@example.org", {"forensics": 1}, None),
        ("somebody@example.org", [["forensics"]], None),
        ("", [], None),
    ],
)
def test_roles(name: str, groups: object, role: str | None) -> None:
    assert SETTINGS.role(name, {"groups": groups}) == role


def test_an_empty_name_is_nobodys_and_the_default_is_never_the_highest() -> None:
    assert Access(users={"": "operator"}).role("", {}) is None
    assert Access(default="viewer").role("x", {}) == "viewer"
    with pytest.raises(ValueError, match="default"):
        Access.model_validate({"default": "operator"})


def test_each_role_covers_those_before_it() -> None:
    assert [[access.covers(role, needed) for needed in access.ROLES] for role in (None, *access.ROLES)] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_without_a_file_there_are_no_roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MTAA_ACCESS", raising=False)
    monkeypatch.setenv("MTAA_HOME", str(tmp_path))
    assert access.read() is None
    (tmp_path / "access.toml").write_text('default = "viewer"\n')
    assert access.read() == Access(default="viewer")
    monkeypatch.setenv("MTAA_ACCESS", str(tmp_path / "other.toml"))
    with pytest.raises(InputError, match=r"MTAA_ACCESS must name a file, got .*other\.toml"):
        access.read()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('usrs = {"a" = "viewer"}', "setting usrs is unknown; there are users, groups, claim, default"),
        ('[users]\nann = "admin"', "setting users.ann must be right, got 'admin': input should be 'viewer'"),
        ('default = "operator"', "setting default must be right, got 'operator'"),
        ('trust_header = "X: y"', "setting trust_header must be right, got 'X: y'"),
        ("users = ", "must be readable TOML, got: "),
    ],
)
def test_a_wrong_file_is_refused(text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "access.toml"
    path.write_text(text)
    monkeypatch.setenv("MTAA_ACCESS", str(path))
    with pytest.raises(InputError) as caught:
        access.read()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)

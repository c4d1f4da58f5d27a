"""How far `mtaa up` lets the app be reached: beyond this machine only where people log in."""

import importlib.util
import json
from pathlib import Path

import pytest

from mtaa.cli import exposing
from mtaa.core import paths
from mtaa.core.errors import InputError

AUTH = """
[auth]
redirect_uri = "https://mtaa.example.org/oauth2callback"
cookie_secret = "a long secret of nobody"
client_id = "mtaa"
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One without any log-in."""
    monkeypatch.delenv("MTAA_ACCESS", raising=False)
    for variable in ("MTAA_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(paths, "ROOT", tmp_path / "root")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    return tmp_path


@pytest.fixture
def provider(machine: Path) -> None:
    (machine / "access.toml").write_text("")
    (machine / ".streamlit").mkdir()
    (machine / ".streamlit" / "secrets.toml").write_text(AUTH)


def values(options: list[str], name: str) -> list[str]:
    return [value for option, value in zip(options[::2], options[1::2], strict=True) if option == f"--server.{name}"]


def refusal(address: str = "127.0.0.1", header: str = "", hosts: tuple[str, ...] = ()) -> str:
    with pytest.raises(InputError) as caught:
        exposing.options(address, header, list(hosts))
    return str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_needs_nothing(address: str) -> None:
    options = exposing.options(address, "", [])
    assert values(options, "address") == [address]
    assert values(options, "allowedHosts")[:2] == ["localhost", "127.0.0.1"]
    assert values(options, "trustedUserHeaders") == ["{}"]
    assert values(options, "enableXsrfProtection") == values(options, "enableCORS") == ["true"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])
def test_without_a_log_in_no_other_address(address: str) -> None:
    said = refusal(address, hosts=("mtaa.example.org",))
    assert "[auth] in .streamlit/secrets.toml" in said
    assert "--trust-header" in said
    assert "--address must be an IP address, got 'mtaa.example.org'" in refusal("mtaa.example.org")


@pytest.mark.usefixtures("provider")
def test_with_a_provider_the_hosts_widen_with_the_address() -> None:
    options = exposing.options("0.0.0.0", "", ["forensics"])
    assert values(options, "allowedHosts") == ["localhost", "127.0.0.1", "forensics", "mtaa.example.org"]
    assert values(options, "trustedUserHeaders") == ["{}"]
    assert "log in at one place" in refusal(header="X-Forwarded-User")


def test_behind_a_proxy(machine: Path) -> None:
    assert "must say who has which role" in refusal("0.0.0.0", "X-Forwarded-User", ("mtaa.example.org",))
    (machine / "access.toml").write_text("")
    assert "--host must name" in refusal("0.0.0.0", "X-Forwarded-User")
    assert "must be the name of a header, got 'X:'" in refusal(header="X:")
    options = exposing.options("192.0.2.7", "X-Forwarded-User", ["mtaa.example.org"])
    assert values(options, "allowedHosts") == ["localhost", "127.0.0.1", "mtaa.example.org", "192.0.2.7"]
    assert json.loads(values(options, "trustedUserHeaders")[0]) == {"X-Forwarded-User": exposing.HEADER}
    (machine / "access.toml").write_text('trust_header = "X-Name"\nhosts = ["mtaa.example.org"]\n')
    options = exposing.options("0.0.0.0", "", [])
    assert json.loads(values(options, "trustedUserHeaders")[0]) == {"X-Name": exposing.HEADER}


@pytest.mark.usefixtures("provider")
def test_a_log_in_that_can_not_work_is_refused(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = machine / ".streamlit" / "secrets.toml"
    secrets.write_text("[auth\n")
    assert "secrets.toml must be readable TOML" in refusal()
    secrets.write_text('[auth]\nclient_id = "mtaa"\n')
    assert "must have redirect_uri and cookie_secret" in refusal()
    secrets.write_text(AUTH)
    (machine / "access.toml").unlink()
    assert "must say who has which role" in refusal()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "needs Authlib, got none: pip install 'mtaa[oidc]'" in refusal()

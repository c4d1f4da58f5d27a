"""How far the app may be reached: from this machine alone, or by others who log in, here or at a proxy."""

import importlib.util
import ipaddress
import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mtaa.core import access, paths
from mtaa.core.errors import InputError

HEADER = "mtaa_proxy_user"  # under which the app finds who the proxy names
LOOPBACK_HOSTS = ["localhost", "127.0.0.1"]
ANY = ("0.0.0.0", "::")


def options(address: str, trust_header: str, hosts: list[str]) -> list[str]:
    """What `streamlit run` is told, so that the app answers at `address` to those alone who may come.

    Raises `InputError` where others could come in without a log-in.
    """
    provider, settings = log_in(), access.read()
    header = trust_header or (settings.trust_header if settings else "")
    if header and not access.is_header(header):
        raise InputError(f"--trust-header must be the name of a header, got {header!r}; such as X-Forwarded-User")
    if provider and header:
        raise InputError(
            f"people must log in at one place, got [auth] in secrets.toml and the trusted header {header}; "
            "take one of them away"
        )
    if not is_loopback(address) and not provider and not header:
        raise InputError(
            f"--address must be of this machine alone while nobody logs in, got {address}; set up a log-in by [auth] "
            "in .streamlit/secrets.toml, or declare a proxy that has one: --trust-header X-Forwarded-User"
        )
    if (provider or header) and settings is None:
        raise InputError(f"{access.path()} must say who has which role, got no such file; write it (README, Access)")
    public = [*hosts, *(settings.hosts if settings else [])]
    if provider:
        public.append(urlsplit(provider["redirect_uri"]).hostname or "")
    if address not in ANY and address not in LOOPBACK_HOSTS:
        public.append(address)
    if address in ANY and not any(public):
        raise InputError(f"--host must name what the app is reached by at {address}, got none; --host mtaa.example.org")
    allowed = list(dict.fromkeys([*LOOPBACK_HOSTS, *filter(None, public)]))
    told = ["--server.address", address, "--server.enableXsrfProtection", "true", "--server.enableCORS", "true"]
    for host in allowed:
        told += ["--server.allowedHosts", host]
    if len(allowed) > len(LOOPBACK_HOSTS):
        told += ["--browser.serverAddress", allowed[len(LOOPBACK_HOSTS)]]
    # Said also where there is none, so that nothing but this can declare one.
    return [*told, "--server.trustedUserHeaders", json.dumps({header: HEADER} if header else {})]


def log_in() -> dict[str, Any]:
    """The section `[auth]` of Streamlit's secrets; empty where there is none. Raises `InputError`."""
    section: dict[str, Any] = {}
    for path in (Path.home() / ".streamlit" / "secrets.toml", paths.ROOT / ".streamlit" / "secrets.toml"):
        if path.is_file():
            try:
                section = tomllib.loads(path.read_text(encoding="utf-8")).get("auth", section)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
                raise InputError(f"{path} must be readable TOML, got: {error}; mend it") from error
    if not section:
        return {}
    missing = [name for name in ("redirect_uri", "cookie_secret") if not section.get(name)]
    if missing:
        raise InputError(f"[auth] in secrets.toml must have {' and '.join(missing)}, got none; add it")
    if not all(map(importlib.util.find_spec, ("authlib", "httpx"))):
        raise InputError("the log-in by [auth] in secrets.toml needs Authlib, got none: pip install 'mtaa[oidc]'")
    return section


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches it. Raises `InputError` for what is no address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError as error:
        raise InputError(f"--address must be an IP address, got {address!r}; such as 127.0.0.1 or 0.0.0.0") from error

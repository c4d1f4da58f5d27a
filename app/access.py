"""Who is at the page and what they may do: the acts that need a role, and the check that each of them goes through."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, ParamSpec, TypeVar

import streamlit as st

from mtaa.api import access

HEADER = "mtaa_proxy_user"  # of st.user; `mtaa up --trust-header` fills it
# Whoever may enter sees every page and judges images; nothing of that is kept.
ACTS: dict[str, access.Role] = {
    # Cases, by the methods of their store
    "open_case": "analyst",
    "add": "analyst",
    "assess": "analyst",
    "note": "analyst",
    "edit_note": "analyst",  # their own; another's needs the act below as well
    "delete_note": "analyst",
    "others_note": "operator",
    "rename": "analyst",
    "set_status": "analyst",
    "set_tags": "analyst",
    "report": "analyst",
    "remove_image": "operator",
    "delete_case": "operator",
    # Maps
    "start_map": "analyst",
    "cancel_map": "operator",
    "delete_map": "operator",
    # Checkpoints
    "export_checkpoint": "analyst",
    "import_checkpoint": "operator",
    "activate": "operator",
    "roll_back": "operator",
    "delete_checkpoint": "operator",
    # Source models
    "bring_victim": "operator",
    "remove_victim": "operator",
    # Jobs
    "start_job": "operator",
    "clone_job": "operator",
    "pause_job": "operator",
    "resume_job": "operator",
    "retry_job": "operator",
    "cancel_job": "operator",
    "delete_job": "operator",
}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Visitor:
    """Somebody at a page.

    by: how they came: `local` at this machine without a log-in, `log-in`, `proxy`; `nobody` has yet to log in.
    name: what records name them by; empty for a local visitor, and the core then names the process's user.
    claims: what the log-in says of them.
    """

    by: Literal["local", "log-in", "proxy", "nobody"]
    name: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def role(self) -> access.Role | None:
        """Their role as access.toml stands now; None where they have none. Raises `api.MtaaError`."""
        if self.by == "local":
            return "operator"
        settings = access.read()
        return None if self.by == "nobody" or settings is None else settings.role(self.name, self.claims)


def visitor() -> Visitor:
    """Who is at this page. Raises `api.MtaaError` where access.toml can't be read."""
    claims = st.user.to_dict()
    if "is_logged_in" in claims:  # always, where a provider is configured
        name = _name(claims)
        return Visitor("log-in", name, claims) if claims["is_logged_in"] and name else Visitor("nobody")
    if HEADER in claims:  # always, where a proxy is declared
        name = str(claims[HEADER] or "").strip()
        return Visitor("proxy", name) if name else Visitor("nobody")
    # Roles without a log-in, or an open address: something went wrong with the log-in, and nobody gets in.
    return Visitor("local") if access.read() is None and _is_loopback() else Visitor("nobody")


def may(act: str) -> bool:
    """Whether who is at this page may do it. Raises `api.MtaaError` where access.toml can't be read."""
    return access.covers(visitor().role, ACTS[act])


def require(act: str, who: Visitor | None = None) -> None:
    """Raises `NotAllowed` where the visitor, by default who is at this page, may not do it."""
    role = (who or visitor()).role
    if not access.covers(role, ACTS[act]):
        mine = f"yours is {role}" if role else "you have none"
        raise access.NotAllowed(f"This needs the role {ACTS[act]}, and {mine}; ask your operator.")


def do(act: str, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Do it, if this visitor may. Raises `NotAllowed`."""
    require(act)
    return function(*arguments, **named)


def later(act: str, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> Callable[[], R]:
    """The same for what is done where no page is known any more: it is checked then, for who is at this page now."""
    return partial(_do_for, visitor(), act, partial(function, *arguments, **named))


def _do_for(who: Visitor, act: str, function: Callable[[], R]) -> R:
    require(act, who)
    return function()


def _name(claims: Mapping[str, Any]) -> str:
    """A name that nobody can give themselves: the e-mail address, unless it is unverified; else the subject."""
    email = claims.get("email") if claims.get("email_verified") is not False else ""
    return str(email or claims.get("sub") or "")


def _is_loopback() -> bool:
    address = st.get_option("server.address") or ""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False

"""Who may do what where people log in: `access.toml` gives each of them one of three roles.

Without the file nobody logs in, and whoever sits at this machine may do everything.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mtaa.core import paths
from mtaa.core.errors import InputError, MtaaError

Role = Literal["viewer", "analyst", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
HEADER = r"^[A-Za-z0-9-]*$"


class NotAllowed(MtaaError):
    """What somebody asked for is kept for another role."""


class Access(BaseModel):
    """The file's settings.

    users: role by e-mail address, or by the name that the proxy gives; counts before all else.
    groups: role by group, of which the claim named `claim` lists those somebody is in; the highest counts.
    default: role of those who logged in and are named nowhere here; never the highest.
    trust_header: header in which a proxy names who logged in there. Whoever reaches the app past it can forge it.
    hosts: names under which the app is reached, beside its address.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    users: dict[str, Role] = {}
    groups: dict[str, Role] = {}
    claim: str = "groups"
    default: Literal["none", "viewer", "analyst"] = "none"
    trust_header: str = Field("", pattern=HEADER)
    hosts: list[str] = []

    def role(self, name: str, claims: Mapping[str, Any]) -> Role | None:
        """The role of who is called `name` and of whom the log-in says `claims`; None where they have none."""
        by_name = {user.casefold(): role for user, role in self.users.items()}
        if name and name.casefold() in by_name:
            return by_name[name.casefold()]
        listed = claims.get(self.claim)
        names = [listed] if isinstance(listed, str) else listed if isinstance(listed, list | tuple) else []
        found = [self.groups[group] for group in names if isinstance(group, str) and group in self.groups]
        if found:
            return max(found, key=ROLES.index)
        return None if self.default == "none" else self.default


def path() -> Path:
    """Where the file lies: `MTAA_ACCESS`, else `access.toml` under `MTAA_HOME`."""
    return Path(os.environ.get("MTAA_ACCESS") or paths.home() / "access.toml")


def read() -> Access | None:
    """The settings; None where there is no file. Raises `InputError` with the first thing that is wrong in it."""
    if not path().is_file():
        if os.environ.get("MTAA_ACCESS"):
            raise InputError(f"MTAA_ACCESS must name a file, got {path()}; write it or unset MTAA_ACCESS")
        return None
    try:
        return Access.model_validate(tomllib.loads(path().read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path().name} must be readable TOML, got: {error}; mend it") from error
    except ValidationError as error:
        raise InputError(f"{path().name}: {_first(error)}") from error


def is_header(name: str) -> bool:
    """Whether a header may be called so."""
    return re.fullmatch(HEADER, name) is not None


def covers(role: Role | None, needed: Role) -> bool:
    """Whether who has `role` may do what needs `needed`."""
    return role is not None and ROLES.index(role) >= ROLES.index(needed)


def _first(error: ValidationError) -> str:
    """The first fault as a sentence that names the setting."""
    fault = error.errors(include_url=False)[0]
    setting = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"setting {setting} is unknown; there are {', '.join(Access.model_fields)}"
    return f"setting {setting} must be right, got {fault['input']!r}: {fault['msg'].lower()}"

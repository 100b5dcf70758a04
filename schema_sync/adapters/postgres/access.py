"""Roles and owners, tenant-neutral: what a tenant's own roles are called in stored text, and in its statements.

A role belongs to the cluster. One that every tenant has of its own (`acme_app`) is the same in all of them only where
the configuration says so: `roles = { app = "{tenant}_app" }` spells it `{app}`. Nothing is guessed from names: in a
tenant called `app` a shared role `app_readonly` is no role of its own. A real name that begins with a brace is spelled
with one more, so that none can be taken for a mapped one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from schema_sync.adapters.postgres.text import STAND_IN
from schema_sync.errors import ConfigError

Owners = Literal["ignore", "compare"]
"""Whether who owns an object is a part of the schema."""

PUBLIC: Final = "public"
"""Everyone; no role can be called so (manual: CREATE ROLE)."""

OWNER: Final = "{owner}"
"""The owner: of the object in its own grants, of the schema in default privileges."""

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_RESERVED: Final = frozenset({"owner", "tenant"})
_LONGEST: Final = 63


@dataclass(frozen=True)
class Roles:
    """The roles of one tenant."""

    tenant: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    """Spelling -> role: `{app}` -> `acme_app`."""
    patterns: Collection[str] = ()
    """How the configuration spells them: `{tenant}_app`."""

    def spelled(self, role: str) -> str:
        """A role as it stands in stored text."""
        for spelling, own in self.own.items():
            if own == role:
                return spelling
        return "{" + role if role.startswith("{") else role

    def others(self, role: str) -> list[str]:
        """The tenants that a role is the own one of, if there are such: `globex` for `globex_app`."""
        found = []
        for before, _, behind in (pattern.partition(STAND_IN) for pattern in self.patterns):
            if role.startswith(before) and role.endswith(behind) and len(role) > len(before) + len(behind):
                found.append(role[len(before) : len(role) - len(behind)])
        return [tenant for tenant in found if tenant != self.tenant]

    def bears_its_name(self, role: str) -> bool:
        """Whether a role looks as if it were this tenant's alone, and is not mapped."""
        tenant = self.tenant
        looks = role == tenant or role.startswith(f"{tenant}_") or role.endswith(f"_{tenant}")
        return looks and role not in self.own.values() and role != PUBLIC


@dataclass(frozen=True)
class Access:
    """What the configuration says of roles and owners."""

    roles: Mapping[str, str] = field(default_factory=dict)
    """Neutral name -> pattern with `{tenant}`: `app` -> `{tenant}_app`."""
    owners: Owners = "ignore"

    def __post_init__(self) -> None:
        """Refuse names and patterns that could not be told apart."""
        for name, pattern in self.roles.items():
            if not _NAME.fullmatch(name) or name in _RESERVED:
                raise ConfigError(
                    f"[postgres] roles: no role can be called {name!r} there",
                    hint="write a word of small letters; owner and tenant stand for something else",
                )
            if pattern.count(STAND_IN) != 1:
                raise ConfigError(
                    f"[postgres] roles: {name} has to say {STAND_IN} once, and is {pattern!r}",
                    hint="a role that all tenants share needs no entry",
                )
        if len(set(self.roles.values())) < len(self.roles):
            raise ConfigError("[postgres] roles: two names stand for the same role", hint="keep one of them")

    def of(self, tenant: str) -> Roles:
        """The roles of one tenant.

        Raises:
            ConfigError: two patterns make the same role of this tenant's name, or a name that PostgreSQL cuts off.
        """
        own = {f"{{{name}}}": pattern.replace(STAND_IN, tenant) for name, pattern in self.roles.items()}
        for spelling, role in own.items():
            if len(role.encode()) > _LONGEST:
                raise ConfigError(
                    f"[postgres] roles: {spelling} would be {role!r} in the tenant {tenant}, which is too long",
                    hint=f"PostgreSQL keeps {_LONGEST} bytes of a name",
                )
        if len(set(own.values())) < len(own):
            raise ConfigError(f"[postgres] roles: two of them are the same role in the tenant {tenant}")
        return Roles(tenant, own, tuple(self.roles.values()))


def real(spelling: str) -> str:
    """The name behind the spelling of a role that is not mapped."""
    return spelling.removeprefix("{") if spelling.startswith("{{") else spelling


def is_mapped(spelling: str) -> bool:
    """Whether a spelling stands for another role in each tenant."""
    return spelling.startswith("{") and not spelling.startswith("{{")

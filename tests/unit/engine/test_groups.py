"""What is known of a fleet before anything is read of it: who is found, and what belongs together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from schema_sync import TenantContext
from schema_sync.engine.groups import Discovery, look_up
from schema_sync.errors import UnknownTenant, Unreachable


class Watched(tuple[TenantContext, ...]):
    """Tenants that count how often somebody went through them."""

    walks = 0

    def __iter__(self) -> Iterator[Any]:
        type(self).walks += 1
        return super().__iter__()


def test_many_names_are_looked_up_in_few_walks_over_the_fleet() -> None:
    fleet = Watched(TenantContext(f"t{n}", "eu1") for n in range(100))
    names = [f"eu1/t{n}" if n % 2 else f"t{n}" for n in range(100)]
    assert Discovery(fleet).look_up(reversed(names)) == list(reversed(fleet))
    assert 1 <= Watched.walks < 10


def test_a_name_that_a_silent_database_may_have_is_not_called_unknown() -> None:
    silent = Unreachable("eu2 does not answer")
    found = Discovery((TenantContext("a", "eu1"),), {"eu2": silent})
    assert found.look_up(["eu1/a"]) == [TenantContext("a", "eu1")]
    for name in ("a", "b", "eu2/a"):
        with pytest.raises(Unreachable, match="eu2"):
            found.look_up(["eu1/a", name])
    with pytest.raises(UnknownTenant, match="eu3/a"):
        look_up(["eu3/a"], found.tenants)

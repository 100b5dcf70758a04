"""Rules of PostgreSQL's cells, where a case cannot show what matters: hazards, notes, and other tenants' names."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from schema_sync.adapters.kind import REPLACE, Rules, kinds
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.kinds import KINDS
from schema_sync.adapters.postgres.kinds._routine import quoted
from schema_sync.adapters.postgres.objects import (
    Attribute,
    Column,
    Domain,
    DomainCheck,
    Enum,
    Function,
    Index,
    Policy,
    Table,
    View,
)
from schema_sync.model.ident import Ident
from schema_sync.model.objects import SchemaObject
from schema_sync.model.plan import Hazard
from schema_sync.model.snapshot import Snapshot
from schema_sync.plan import Planner

CELLS = kinds(KINDS)

T = Ident("table", "t")
F = Ident("function", "f()")
MOOD = Ident("enum", "mood")


def snapshot(*objects: SchemaObject, needs: Mapping[Ident, list[Ident]] | None = None) -> Snapshot:
    return Snapshot("postgresql", objects, needs=needs)


def hazards(old: Snapshot, new: Snapshot) -> set[Hazard]:
    return set(Planner(CELLS, server=160000).plan(old, new).hazards)


def statements(old: Snapshot, new: Snapshot) -> list[str]:
    return [statement.sql for statement in Planner(CELLS, server=160000).plan(old, new).statements]


def mood(*labels: str) -> Enum:
    return Enum(ident=MOOD, labels=labels)


def test_labels_are_added_where_they_belong() -> None:
    assert statements(snapshot(mood("b", "d")), snapshot(mood("a", "b", "c", "d", "e"))) == [
        """ALTER TYPE U&"{tenant}"."mood" ADD VALUE 'a' BEFORE 'b'""",
        """ALTER TYPE U&"{tenant}"."mood" ADD VALUE 'c' AFTER 'b'""",
        """ALTER TYPE U&"{tenant}"."mood" ADD VALUE 'e' AFTER 'd'""",
    ]


def test_an_empty_enum_gets_its_labels_in_order() -> None:
    assert statements(snapshot(mood()), snapshot(mood("it's", "b"))) == [
        """ALTER TYPE U&"{tenant}"."mood" ADD VALUE 'it''s'""",
        """ALTER TYPE U&"{tenant}"."mood" ADD VALUE 'b' AFTER 'it''s'""",
    ]


@pytest.mark.parametrize(("default", "replaced"), [("'old'::mood", False), ("'it''s'::mood", True)])
def test_an_enum_is_replaced_where_the_plan_uses_a_label_that_it_adds(default: str, *, replaced: bool) -> None:
    column = Column(ident=Ident("column", "m", T), type="mood", default=default)
    old, new = snapshot(mood("old"), Table(ident=T)), snapshot(mood("old", "it's"), Table(ident=T), column)
    rule = CELLS["enum"].alter["labels"]
    assert callable(rule)
    assert (rule(old[MOOD], new[MOOD], Rules(old, new)) is REPLACE) == replaced


def test_a_body_is_quoted_with_a_tag_that_is_not_in_it() -> None:
    assert str(quoted("SELECT 1")) == "$body$SELECT 1$body$"
    assert str(quoted("$body$ $body1$")) == "$body0$$body$ $body1$$body0$"


def test_a_body_that_ends_like_a_tag_begins_does_not_close_the_quotes() -> None:
    assert str(quoted("SELECT '$body'")) == "$body0$SELECT '$body'$body0$"
    assert str(quoted("$")) == "$body$$$body$"


@pytest.mark.parametrize("tenant", ["t1", "T-10", 'a"b', "select"])
def test_a_search_path_keeps_no_name_of_its_tenant(tenant: str) -> None:
    own = tenant if tenant == "t1" else text.quote(tenant)
    stored = text.neutral_list(f"{own}, t10, public", tenant)
    assert stored == 'U&"{tenant}", t10, public'
    assert text.expand(f"SET search_path TO {stored}", "next") == 'SET search_path TO "next", t10, public'


def function(body: str, *, definer: bool = False) -> Function:
    return Function(ident=F, language="sql", returns="integer", body=body, security_definer=definer)


def test_a_function_that_becomes_a_security_definer_widens_access() -> None:
    plain, definer = snapshot(function("SELECT 1")), snapshot(function("SELECT 1", definer=True))
    assert hazards(plain, definer) == {Hazard.WIDENS_ACCESS}
    assert hazards(definer, plain) == set()


def test_a_new_body_says_what_keeps_the_results_of_the_old_one() -> None:
    index = Ident("index", "i", T)
    things = [Table(ident=T), Index(ident=index, method="btree", elements=())]
    old = snapshot(function("SELECT 1"), *things, needs={index: [F]})
    new = snapshot(function("SELECT 2"), *things, needs={index: [F]})
    (statement,) = Planner(CELLS, server=160000).plan(old, new).statements
    assert statement.note == "results that tables/t/indexes/i keeps are those of the old body"


def test_a_view_that_lets_go_of_its_barrier_widens_access() -> None:
    ident = Ident("view", "v")
    columns = (Attribute(name="id", type="integer"),)
    barred = snapshot(View(ident=ident, definition="SELECT 1 AS id", columns=columns, security_barrier=True))
    plain = snapshot(View(ident=ident, definition="SELECT 1 AS id", columns=columns))
    assert Hazard.WIDENS_ACCESS in hazards(barred, plain)
    assert Hazard.WIDENS_ACCESS not in hazards(plain, barred)


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("permissive", [True, False])
def test_a_policy_widens_access_only_where_policies_count(*, counted: bool, permissive: bool) -> None:
    table = Table(ident=T, row_security=counted)
    policy = Policy(ident=Ident("policy", "p", T), permissive=permissive, using="true")
    without, with_it = snapshot(table), snapshot(table, policy)
    assert (Hazard.WIDENS_ACCESS in hazards(without, with_it)) == (counted and permissive)
    assert (Hazard.WIDENS_ACCESS in hazards(with_it, without)) == (counted and not permissive)


def test_a_new_table_with_policies_widens_nothing() -> None:
    policy = Policy(ident=Ident("policy", "p", T), using="true")
    assert hazards(snapshot(), snapshot(Table(ident=T, row_security=True), policy)) == set()


def test_row_security_that_is_switched_off_widens_access() -> None:
    on, off = snapshot(Table(ident=T, row_security=True)), snapshot(Table(ident=T))
    assert Hazard.WIDENS_ACCESS in hazards(on, off)
    assert Hazard.WIDENS_ACCESS not in hazards(off, on)


def test_a_domain_that_is_replaced_gets_its_checks_again() -> None:
    ident = Ident("domain", "d")
    check = DomainCheck(ident=Ident("domain_check", "c", ident), definition="CHECK ((VALUE > 0))")
    old = snapshot(Domain(ident=ident, type="integer"), check)
    new = snapshot(Domain(ident=ident, type="bigint"), check)
    assert statements(old, new) == [
        'DROP DOMAIN U&"{tenant}"."d"',
        'CREATE DOMAIN U&"{tenant}"."d" AS bigint',
        'ALTER DOMAIN U&"{tenant}"."d" ADD CONSTRAINT "c" CHECK ((VALUE > 0))',
    ]

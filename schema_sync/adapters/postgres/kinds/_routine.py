"""What functions, procedures and aggregates share: how pg_proc is read, and the clauses of CREATE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, LiteralString

import msgspec

from schema_sync.adapters.kind import Rules
from schema_sync.adapters.postgres.body import LANGUAGES
from schema_sync.adapters.postgres.cell import Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import Aggregate, Argument, Procedure
from schema_sync.adapters.postgres.rules import role
from schema_sync.adapters.postgres.text import BODY_TAG, PLACEHOLDER, words
from schema_sync.adapters.sql import Literal, Name, Sql, join, raw, sql
from schema_sync.model.ident import Ident

ARGUMENTS: Final[LiteralString] = """(SELECT json_agg(json_build_object(
                 'type', CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL
                              THEN format_type(a.type, NULL) END,
                 'name', p.proargnames[a.n],
                 'mode', coalesce(p.proargmodes[a.n], 'i'),
                 'default', CASE WHEN p.pronargdefaults > 0 AND set_config('search_path', ns.sp, true) IS NOT NULL
                                 THEN pg_get_function_arg_default(p.oid, a.n::integer) END) ORDER BY a.n)
          FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, n))"""
"""The parameters of the routine `p`, as JSON: a scalar subquery for a cell's SELECT list."""

SELECT: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, p.oid AS objid, 0 AS objsubid, p.proname AS name, l.lanname AS language,
       p.prosrc AS source, p.probin AS library, p.prokind = 'w' AS is_window, p.provolatile AS volatility,
       p.proparallel AS parallel, p.proisstrict AS strict, p.prosecdef AS security_definer, p.proleakproof AS leakproof,
       p.procost::text AS cost, CASE WHEN p.proretset THEN p.prorows::text END AS rows,
       {_referred.FUNCTION} p.prosupport) AS support,
       coalesce(p.proconfig, '{{}}') AS settings,
       ARRAY(SELECT CASE WHEN set_config('search_path', ns.sp, true) IS NOT NULL THEN format_type(u.type, NULL) END
               FROM unnest(p.protrftypes) WITH ORDINALITY AS u(type, n) ORDER BY u.n) AS transforms,
       CASE WHEN p.prokind <> 'p' AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_function_result(p.oid) END AS returns,
       CASE WHEN p.prosqlbody IS NOT NULL AND set_config('search_path', ns.sp, true) IS NOT NULL
            THEN pg_get_function_sqlbody(p.oid) END AS sql_body,
       p.prosqlbody IS NOT NULL AS has_sql_body,
       {ARGUMENTS} AS arguments,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_proc'::regclass AND d.deptype = 'n'
  JOIN pg_proc p ON p.oid = d.objid
  JOIN pg_language l ON l.oid = p.prolang
  LEFT JOIN pg_description e ON e.objoid = p.oid AND e.classoid = d.classid AND e.objsubid = 0
 WHERE NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = d.classid AND x.objid = d.objid
                                             AND x.deptype IN ('e', 'i'))
"""
"""Every column that either cell reads; each adds its own filter and order."""

_MODES: Final = {"i": "in", "o": "out", "b": "inout", "v": "variadic"}
_LISTS: Final = frozenset({"search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"})
"""Settings whose stored value is a list of quoted identifiers (GUC_LIST_QUOTE), to be written as they are stored."""

_CALLED: Final = frozenset({"aggregate", "function", "procedure"})
_PATH: Final = "search_path"
_ROLE: Final = "role"
_NOBODY: Final = "none"
"""What no role can be called (manual: SET ROLE)."""


def arguments(row: Row, reader: Reader, kind: str) -> tuple[Ident, tuple[Argument, ...]]:
    """The identity, which the types of the inputs belong to, and the parameters, tenant-neutral.

    The columns of RETURNS TABLE (mode `t`) are a part of the result's text.
    """
    listed = [one for one in row.arguments or () if one["mode"] != "t"]
    plain = [
        Argument(
            type=reader.text(one["type"], Ident(kind, row.name)), name=one["name"] or None, mode=_MODES[one["mode"]]
        )
        for one in listed
    ]
    ident = Ident(kind, called(row.name, plain))
    defaults = [None if one["default"] is None else reader.text(one["default"], ident) for one in listed]
    return ident, tuple(
        one if default is None else msgspec.structs.replace(one, default=default)
        for one, default in zip(plain, defaults, strict=True)
    )


def called(name: str, those: Iterable[Argument]) -> str:
    """The identity's name: `pay(integer, text)`, of the types that tell overloads apart."""
    return f"{name}({', '.join(one.type for one in those if one.mode != 'out')})"


def common(row: Row, ident: Ident, reader: Reader) -> dict[str, Any]:
    """The fields that both kinds have, but for the arguments."""
    return {
        "ident": ident,
        "language": row.language,
        "body": None if row.has_sql_body else reader.body(row.source, ident, row.language, _taken(row)),
        "sql_body": reader.text(row.sql_body, ident).strip() if row.has_sql_body else None,
        "library": row.library,
        "security_definer": row.security_definer,
        "settings": tuple(_neutral(setting, ident, reader) for setting in row.settings),
        "transforms": tuple(reader.text(one, ident) for one in row.transforms),
        "comment": row.comment,
    }


def _taken(row: Row) -> set[str]:
    """The names that a body may put before a dot and that are no schemas."""
    return {row.name, *(one["name"] for one in row.arguments or () if one["name"])}


def _neutral(setting: str, ident: Ident, reader: Reader) -> str:
    name, _, value = setting.partition("=")
    if name == _PATH:
        return f"{name}={reader.path(value, ident)}"
    if name == _ROLE and value != _NOBODY:
        return f"{name}={reader.role(value, ident)}"
    return setting if name in _LISTS else reader.literal(setting, ident)


def language(routine: Procedure) -> Iterable[Sql]:
    """The LANGUAGE clause, and that of TRANSFORM."""
    yield sql("LANGUAGE {language}", language=Name(routine.language))
    if routine.transforms:
        yield raw("TRANSFORM " + ", ".join(f"FOR TYPE {one}" for one in routine.transforms))


def address(routine: Procedure | Aggregate) -> Sql:
    """How DROP and COMMENT name it: with its schema, since pg_catalog comes first and may have one like it."""
    return sql("{name}({types})", name=own(routine), types=raw(_parts(routine)[1]))


def own(routine: Procedure | Aggregate) -> Sql:
    """The name with its schema, without the types."""
    return _referred.own(_parts(routine)[0])


def bare(routine: Procedure | Aggregate) -> Name:
    """The name without the types."""
    return Name(_parts(routine)[0])


def declared(routine: Procedure) -> Sql:
    """The name and the parameter list, as CREATE wants them."""
    name, _ = _parts(routine)
    return sql("{name}({arguments})", name=Name(name), arguments=join(", ", map(_argument, routine.arguments)))


def _parts(routine: Procedure | Aggregate) -> tuple[str, str]:
    """The bare name and the types of its inputs; a name may contain parentheses of its own."""
    types = ", ".join(one.type for one in routine.arguments if one.mode != "out")
    return routine.name[: len(routine.name) - len(types) - 2], types


def _argument(one: Argument) -> Sql:
    parts = [] if one.mode == "in" else [raw(one.mode.upper())]
    if one.name is not None:
        parts.append(sql("{name}", name=Name(one.name)))
    parts.append(raw(one.type))
    if one.default is not None:
        parts.append(sql("DEFAULT {value}", value=raw(one.default)))
    return join(" ", parts)


def settings(routine: Procedure) -> Iterable[Sql]:
    """The SET clauses."""
    for setting in routine.settings:
        name, _, value = setting.partition("=")
        given: Sql | Literal = Literal(value)
        if name in _LISTS:  # an empty list is stored as "", which no identifier may be
            given = raw(value if value != '""' else "''")
        elif name == _ROLE and value != _NOBODY:
            given = role(value)
        yield sql("SET {name} TO {value}", name=Name(*name.split(".")), value=given)


def body(routine: Procedure) -> Sql:
    """The clause with the body."""
    if routine.sql_body is not None:
        return raw(routine.sql_body)
    source = routine.body or ""
    if routine.library is not None:
        return sql("AS {library}, {symbol}", library=Literal(routine.library), symbol=Literal(source))
    tag = BODY_TAG if routine.language in LANGUAGES and PLACEHOLDER in source else "body"
    return sql("AS {body}", body=quoted(source, tag))


def called_in_body(routine: Procedure, rules: Rules) -> frozenset[Ident]:
    """The tenant's own routines that a body may call, of those that are made or changed: the server looks for them when
    it runs, and a default or a check may run it within the plan.
    """
    if routine.body is None or routine.language not in LANGUAGES:
        return frozenset()
    named = {word.name for word in words(routine.body) if word.name in rules.made}
    found = (ident for name in named for ident in rules.made[name or ""])
    return frozenset(one for one in found if one.kind in _CALLED and one != routine.ident)


def quoted(source: str, tag: str = "body") -> Sql:
    """A body in dollar quotes, which leave it readable, with a tag that it does not contain (manual 4.1.2.4)."""
    tag = next(one for one in (tag, *(f"{tag}{n}" for n in range(len(source)))) if f"${one}" not in source)
    return raw(f"${tag}${source}${tag}$")


def replaceable(old: Procedure | Aggregate, new: Procedure | Aggregate) -> bool:
    """Whether CREATE OR REPLACE accepts the new arguments: no input renamed, no default taken away, no result changed.

    The input types are the same, since they are a part of the identity.
    """
    if len(old.arguments) != len(new.arguments):
        return False
    for was, now in zip(old.arguments, new.arguments, strict=True):
        if was.mode != now.mode or (was.default is not None and now.default is None):
            return False
        if was.name != now.name and (was.name is not None or was.mode != "in"):
            return False
    return all(was.type == now.type for was, now in zip(old.arguments, new.arguments, strict=True))

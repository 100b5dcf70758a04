"""Options of foreign-data wrappers, as tables and columns have them: `OPTIONS (…)` and how it changes in place."""

from __future__ import annotations

from schema_sync.adapters.sql import Literal, Name, Sql, join, sql

Options = tuple[str, ...]
"""`name=value`, in the order in which they were set."""


def given(options: Options) -> Sql:
    """The clause for a new table or column, with a space before it; nothing where there are none."""
    return sql(" OPTIONS ({options})", options=join(", ", map(_option, options))) if options else Sql(())


def changed(old: Options, new: Options) -> Sql:
    """The clause of ALTER. The catalog keeps their order: from the first that stands elsewhere, all are added anew."""
    before, after = dict(map(_parts, old)), dict(map(_parts, new))
    kept = [name for name in before if name in after]
    same = 0
    while same < len(kept) and kept[same] == list(after)[same]:
        same += 1
    stays = kept[:same]
    clauses = [sql("DROP {name}", name=Name(name)) for name in before if name not in stays]
    clauses += [sql("SET {option}", option=_option(f"{n}={after[n]}")) for n in stays if before[n] != after[n]]
    clauses += [sql("ADD {option}", option=_option(f"{name}={after[name]}")) for name in after if name not in stays]
    return sql("OPTIONS ({clauses})", clauses=join(", ", clauses))


def _parts(option: str) -> tuple[str, str]:
    name, _, value = option.partition("=")
    return name, value


def _option(option: str) -> Sql:
    name, value = _parts(option)
    return sql("{name} {value}", name=Name(name), value=Literal(value))

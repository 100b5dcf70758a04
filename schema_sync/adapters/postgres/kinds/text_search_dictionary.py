"""Text search dictionaries (manual: CREATE and ALTER TEXT SEARCH DICTIONARY; catalog pg_ts_dict).

The options are one text in the catalog, which the server puts together of quoted values (serialize_deflist() in
tsearchcmds.c). ALTER takes one out by its bare name, and puts one that is set anew at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres import text
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import TextSearchDictionary
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Sql, join, raw, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, t.oid AS objid, 0 AS objsubid, t.dictname AS name,
       {_referred.TEMPLATE} t.dicttemplate) AS template,
       coalesce(t.dictinitoption, '') AS options,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_ts_dict'::regclass AND d.deptype = 'n'
  JOIN pg_ts_dict t ON t.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = t.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, t.dictname
"""


def _read(row: Row, reader: Reader) -> TextSearchDictionary:
    ident = Ident("text_search_dictionary", row.name)
    return TextSearchDictionary(
        ident=ident,
        template=row.template,
        options=tuple(_split(reader.literal(row.options, ident))),
        comment=row.comment,
    )


def _split(options: str) -> Iterable[str]:
    """The options between the commas that stand outside of quotes."""
    found = [""]
    for token in text.tokens(options):
        if token.text == ",":
            found.append("")
        else:
            found[-1] += token.text
    return [option.strip() for option in found if option.strip()]


def _name(option: str) -> str:
    """The name before the `=`, as it is quoted."""
    return next(text.tokens(option)).text


def _on(dictionary: TextSearchDictionary) -> Sql:
    return sql("TEXT SEARCH DICTIONARY {name}", name=_referred.own(dictionary.name))


def _create(dictionary: TextSearchDictionary, _rules: Rules) -> Iterable[Action]:
    parts = [sql("TEMPLATE = {name}", name=_referred.referred(dictionary.template))]
    parts += map(raw, dictionary.options)
    yield Action(sql("CREATE {on} ({parts})", on=_on(dictionary), parts=join(", ", parts)))
    if dictionary.comment is not None:
        yield comment(_on(dictionary), dictionary.comment)


def _options(old: TextSearchDictionary, new: TextSearchDictionary, _rules: Rules) -> Iterable[Action]:
    """All from the first that differs are set anew, so that they come to stand in their order."""
    there = {_name(option) for option in new.options}
    gone = [_name(option) for option in old.options if _name(option) not in there]
    kept = [option for option in old.options if _name(option) in there]
    same = next(
        (n for n, pair in enumerate(zip(kept, new.options, strict=False)) if pair[0] != pair[1]),
        min(len(kept), len(new.options)),
    )
    parts = [*map(raw, gone), *map(raw, new.options[same:])]
    yield Action(sql("ALTER {on} ({parts})", on=_on(new), parts=join(", ", parts)))


CELL: Final = Cell(
    struct=TextSearchDictionary,
    weight=48,
    query=_QUERY,
    among=frozenset({"pg_ts_dict"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={"template": REPLACE, "options": _options, "comment": commenting(_on)},
    claims=lambda dictionary: [("text search dictionary", dictionary.name)],
)

"""Text search configurations (manual: CREATE and ALTER TEXT SEARCH CONFIGURATION; catalogs pg_ts_config and
pg_ts_config_map). What is done with a type of token changes in place; the parser does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, LiteralString

from schema_sync.adapters.kind import REPLACE, Action, Rules
from schema_sync.adapters.postgres.cell import Cell, Reader, Row
from schema_sync.adapters.postgres.kinds import _referred
from schema_sync.adapters.postgres.objects import TextSearchConfiguration, TextSearchMapping
from schema_sync.adapters.postgres.rules import comment, commenting, dropping, renaming
from schema_sync.adapters.sql import Name, Sql, join, sql
from schema_sync.model.ident import Ident

_QUERY: Final[LiteralString] = f"""
SELECT ns.oid AS ns, d.classid, c.oid AS objid, 0 AS objsubid, c.cfgname AS name,
       {_referred.PARSER} c.cfgparser) AS parser,
       (SELECT json_object_agg(u.token, u.dictionaries)
          FROM (SELECT k.alias AS token,
                       json_agg({_referred.DICTIONARY} m.mapdict) ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_ts_config_map m
                  JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
                 WHERE m.mapcfg = c.oid
                 GROUP BY k.alias) u) AS mappings,
       e.description AS comment
  FROM ns
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = ns.oid
                  AND d.classid = 'pg_ts_config'::regclass AND d.deptype = 'n'
  JOIN pg_ts_config c ON c.oid = d.objid
  LEFT JOIN pg_description e ON e.objoid = c.oid AND e.classoid = d.classid AND e.objsubid = 0
 ORDER BY ns.oid, c.cfgname
"""


def _read(row: Row, _reader: Reader) -> TextSearchConfiguration:
    return TextSearchConfiguration(
        ident=Ident("text_search_configuration", row.name),
        parser=row.parser,
        mappings=tuple(
            TextSearchMapping(token=token, dictionaries=tuple(dictionaries))
            for token, dictionaries in sorted((row.mappings or {}).items())
        ),
        comment=row.comment,
    )


def _on(configuration: TextSearchConfiguration) -> Sql:
    return sql("TEXT SEARCH CONFIGURATION {name}", name=_referred.own(configuration.name))


def _create(configuration: TextSearchConfiguration, _rules: Rules) -> Iterable[Action]:
    yield Action(
        sql("CREATE {on} (PARSER = {parser})", on=_on(configuration), parser=_referred.referred(configuration.parser))
    )
    for mapping in configuration.mappings:
        yield _mapped(sql("ADD"), configuration, mapping)
    if configuration.comment is not None:
        yield comment(_on(configuration), configuration.comment)


def _mapped(word: Sql, configuration: TextSearchConfiguration, mapping: TextSearchMapping) -> Action:
    return Action(
        sql(
            "ALTER {on} {word} MAPPING FOR {token} WITH {dictionaries}",
            on=_on(configuration),
            word=word,
            token=Name(mapping.token),
            dictionaries=join(", ", map(_referred.referred, mapping.dictionaries)),
        )
    )


def _mappings(old: TextSearchConfiguration, new: TextSearchConfiguration, _rules: Rules) -> Iterable[Action]:
    before = {mapping.token: mapping for mapping in old.mappings}
    after = {mapping.token for mapping in new.mappings}
    for mapping in old.mappings:
        if mapping.token not in after:
            yield Action(sql("ALTER {on} DROP MAPPING FOR {token}", on=_on(new), token=Name(mapping.token)), early=True)
    for mapping in new.mappings:
        if mapping.token not in before:
            yield _mapped(sql("ADD"), new, mapping)
        elif before[mapping.token] != mapping:
            yield _mapped(sql("ALTER"), new, mapping)


CELL: Final = Cell(
    struct=TextSearchConfiguration,
    weight=49,
    query=_QUERY,
    among=frozenset({"pg_ts_config"}),
    read=_read,
    create=_create,
    drop=dropping(_on),
    on=_on,
    rename=renaming(_on, None),
    alter={"parser": REPLACE, "mappings": _mappings, "comment": commenting(_on)},
    claims=lambda configuration: [("text search configuration", configuration.name)],
)

"""The comment of a NOT NULL, which is a constraint with a name from PostgreSQL 18 on (manual: COMMENT)."""

from __future__ import annotations

from schema_sync.adapters.kind import Action
from schema_sync.adapters.postgres.kinds._column import table_of
from schema_sync.adapters.postgres.objects import Column
from schema_sync.adapters.sql import Literal, Name, Sql, raw, sql


def commenting(column: Column) -> Action:
    """COMMENT ON CONSTRAINT for the NOT NULL of a column, whatever that is called: the name is no part of a schema, and
    other tenants can have another. Where it has no name there is none to comment on, and nothing is done.
    """
    said = raw("NULL") if column.not_null_comment is None else Literal(column.not_null_comment)
    body = sql(
        """DECLARE
    called name;
BEGIN
    FOR called IN
        SELECT c.conname FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.conrelid = {table}::regclass AND c.contype = 'n' AND a.attname = {column}
    LOOP
        EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', called, {table}::regclass, {said}::text);
    END LOOP;
END""",
        table=Literal(Sql((Name(table_of(column)),)).text()),
        column=Literal(column.name),
        said=said,
    )
    return Action(sql("DO {body}", body=Literal(body.text())), late=True)

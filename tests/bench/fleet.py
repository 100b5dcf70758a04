"""A fleet to measure on: many PostgreSQL tenants of one shape, as an application of thirty tables has them.

`python -m tests.bench.fleet URL [TENANTS]` builds it in a database of its own choosing, to look at or to profile.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

import psycopg
from psycopg import sql

from schema_sync.model.report import TenantContext
from tests.servers import execute

TABLES = 30
"""Tables of a tenant, with 60 indexes (30 primary, 10 unique, 10 partial or over expressions, 10 plain)."""

_ENUMS = """
CREATE TYPE state AS ENUM ('new', 'paid', 'void');
CREATE TYPE grade AS ENUM ('low', 'middle', 'high');
CREATE TYPE channel AS ENUM ('post', 'mail', 'phone');
CREATE DOMAIN amount AS numeric(12,2) CHECK (VALUE >= 0);
CREATE SEQUENCE numbers INCREMENT 5;
"""

_TABLE = """
CREATE TABLE table_{n} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code varchar(20) NOT NULL CHECK (code <> ''),
    kind varchar(10) DEFAULT 'a' CHECK (kind IN ('a', 'b', 'c')),
    total amount DEFAULT 0,
    state state NOT NULL DEFAULT 'new',
    grade grade,
    channel channel,
    note text,
    parent bigint REFERENCES table_{parent} ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz
);
COMMENT ON TABLE table_{n} IS 'table {n} of the application';
COMMENT ON COLUMN table_{n}.note IS 'what people say of it';
GRANT SELECT ON table_{n} TO PUBLIC;
"""

_INDEXES = (
    "CREATE UNIQUE INDEX table_{n}_code ON table_{n} (code, kind);",
    "CREATE INDEX table_{n}_open ON table_{n} (lower(note), created_at DESC) WHERE state <> 'void';",
    "CREATE INDEX table_{n}_parent ON table_{n} (parent);",
)

_REST = """
CREATE VIEW view_{n} AS SELECT t.kind, count(*) AS number, sum(t.total) AS total
    FROM table_{n} t LEFT JOIN table_{parent} p ON p.id = t.parent WHERE t.state = 'paid' GROUP BY t.kind;
CREATE FUNCTION touch_{n}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.updated_at = now(); RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON table_{n} FOR EACH ROW EXECUTE FUNCTION touch_{n}();
"""


def script() -> str:
    """The schema of one tenant, to run under its search_path."""
    parts = [_ENUMS]
    for n in range(TABLES):
        parent = max(n - 1, 0)
        parts.append(_TABLE.format(n=n, parent=parent))
        parts.append(_INDEXES[n % 3].format(n=n))
        if n % 6 == 0:
            parts.append(_REST.format(n=n, parent=parent))
    parts.append("ALTER TABLE table_0 ENABLE ROW LEVEL SECURITY;")
    parts.append("CREATE POLICY own ON table_0 USING (state <> 'void');")
    parts.append("CREATE STATISTICS kinds ON code, kind FROM table_1;")
    return "".join(parts)


def make(url: str, tenants: int, text: str | None = None, *, first: int = 0) -> list[TenantContext]:
    """Make tenants, each in one transaction, over two connections; in the order of their numbers."""
    text = script() if text is None else text
    names = [f"tenant_{n:05}" for n in range(first, first + tenants)]
    workers = [threading.Thread(target=_make, args=(url, names[part::2], text)) for part in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    execute(url, "VACUUM ANALYZE")
    return [TenantContext(name, "main") for name in names]


def _make(url: str, names: Sequence[str], text: str) -> None:
    for start in range(0, len(names), 50):  # a server process remembers every relation that it has made
        with psycopg.connect(url, autocommit=True) as connection:
            for name in names[start : start + 50]:
                schema = sql.Identifier(name).as_string()
                whole = f"BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}; {text} COMMIT"
                connection.execute(whole.encode())


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)

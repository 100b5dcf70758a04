"""Views and triggers: what they use, and their canonical text, with the engine as the judge.

EXPLAIN compiles a statement without running it. Its authorizer events are the needs; and whether `"x"` is a column or
a string shows when it is put as `[x]`, which is never a string. Canonical text is taken only if it compiles to the
very program of the original; else the text stays as it is, token by token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schema_sync.adapters.sql import Sql, raw, sql
from schema_sync.adapters.sqlite.cell import Catalog, Definition
from schema_sync.adapters.sqlite.session import Access, Explained, missing
from schema_sync.adapters.sqlite.text import Meaning, Scope, render
from schema_sync.adapters.sqlite.tokens import Token, closing, folded, keywords, tokenise
from schema_sync.errors import Refused
from schema_sync.model.ident import Ident

Explain = Callable[[Sql], Awaitable[Explained]]

_ROWS = frozenset(("new", "old"))


_SOURCES = keywords("FROM JOIN INTO UPDATE")
_CLAUSES = keywords("SELECT WHERE GROUP HAVING ORDER LIMIT SET VALUES ON USING UNION EXCEPT INTERSECT RETURNING")


@dataclass(frozen=True)
class _Resolved:
    text: str
    accesses: tuple[Access, ...]
    is_resolved: bool


async def resolve(catalog: Catalog, explain: Explain) -> dict[Ident, Definition]:
    """The definitions of all views and triggers of a file, read within its transaction.

    Raises:
        Refused: one uses a function, collation or module that is not registered.
    """
    known = frozenset(_names(catalog))
    found: dict[Ident, Definition] = {}
    for name, text in catalog.views.items():
        ident = Ident("view", name)
        body = await _resolve(text.body, known, explain, f"view {name}")
        found[ident] = Definition((body.text,), _needs(body.accesses, catalog, ident), body.is_resolved)
    for entry in catalog.of_type("trigger"):
        owner = catalog.relations.get(folded(entry.table))
        if owner is not None:
            ident = Ident("trigger", entry.name, owner)
            found[ident] = await _trigger(ident, catalog, known, explain)
    return found


async def _trigger(ident: Ident, catalog: Catalog, known: frozenset[str], explain: Explain) -> Definition:
    text = catalog.triggers[ident.name]
    what = f"trigger {ident.name}"
    assert ident.owner is not None
    when = _Resolved("", (), True)
    if text.when:
        when = await _resolve(text.when, known, explain, what, is_expression=True)
    statements = [await _resolve(statement, known, explain, what) for statement in text.statements]
    pieces = [when, *statements]
    is_resolved = all(piece.is_resolved for piece in pieces)
    needs: frozenset[Ident] = frozenset()
    if is_resolved:
        used = [access for piece in pieces for access in piece.accesses]
        rows = {name for tokens in (text.when, *text.statements) for name in _row_columns(tokens)}
        own = catalog.columns(ident.owner, {*rows, *(folded(name) for name in text.columns)})
        needs = _needs(used, catalog, ident) | own
    return Definition(tuple(piece.text for piece in pieces), needs, is_resolved)


async def _resolve(
    tokens: Sequence[Token], known: frozenset[str], explain: Explain, what: str, *, is_expression: bool = False
) -> _Resolved:
    async def compiled(those: Sequence[Token]) -> Explained:
        text = raw(" ".join(_standalone(those)))
        return await explain(sql("SELECT ({text})", text=text) if is_expression else text)

    original = await compiled(tokens)
    if original.error:
        _refuse(original.error, what)
        return _Resolved(render(tokens, Scope(meaning=lambda _at: "unknown")), (), is_resolved=False)
    meanings = await _meanings(tokens, compiled)
    text = render(tokens, Scope(known=known, meaning=lambda at: meanings.get(at, "unknown")))
    if not _same_words(tokens, text) and (await compiled(tokenise(text))).program != original.program:
        text = render(tokens, Scope(meaning=lambda _at: "unknown"))
    # A view that is counted, or merged into the statement, is not among the accesses.
    sources = tuple(Access(name, "") for name in _sources(tokens))
    return _Resolved(text, original.accesses + sources, is_resolved=True)


async def _meanings(
    tokens: Sequence[Token], compiled: Callable[[Sequence[Token]], Awaitable[Explained]]
) -> dict[int, Meaning]:
    """What each doubtful `"x"` means: all of them are asked for at once, and one by one only if that fails."""
    doubtful = [at for at, token in enumerate(tokens) if token.is_doubtful]
    if not doubtful:
        return {}
    if not (await compiled(_bracketed(tokens, doubtful))).error:
        return dict.fromkeys(doubtful, "name")
    return {at: "string" if (await compiled(_bracketed(tokens, [at]))).error else "name" for at in doubtful}


def _sources(tokens: Sequence[Token]) -> Iterator[str]:
    """The names that stand where a statement says what it reads or writes."""
    is_source = [False]
    for last, token in pairwise([Token("operator", "", ""), *tokens]):
        if token.text == "(":
            is_source.append(is_source[-1])
        elif token.text == ")" and len(is_source) > 1:
            is_source.pop()
        elif token.upper in _SOURCES:
            is_source[-1] = True
        elif token.upper in _CLAUSES:
            is_source[-1] = False
        elif is_source[-1] and (last.upper in _SOURCES or last.text in (",", "(")) and token.sort != "operator":
            yield token.name


def _bracketed(tokens: Sequence[Token], those: Iterable[int]) -> list[Token]:
    chosen = set(those)
    return [_backticked(token.name) if at in chosen else token for at, token in enumerate(tokens)]


def _backticked(name: str) -> Token:
    """A name that is never a string. One with ] in it cannot stand in brackets; the backtick has the same effect."""
    text = "`" + name.replace("`", "``") + "`"
    return Token("quoted", text, text)


def _standalone(tokens: Sequence[Token]) -> list[str]:
    """A trigger's statement as one that stands alone: the row's columns and RAISE have no meaning outside."""
    words: list[str] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.upper == "RAISE" and at + 1 < len(tokens) and tokens[at + 1].text == "(":
            words.append("NULL")
            at = closing(tokens, at + 1) + 1
        elif _is_row_column(tokens, at):
            words.append("NULL")
            at += 3
        else:
            words.append(token.text)
            at += 1
    return words


def _is_row_column(tokens: Sequence[Token], at: int) -> bool:
    return (
        tokens[at].sort in ("word", "quoted")
        and folded(tokens[at].name) in _ROWS
        and at + 2 < len(tokens)
        and tokens[at + 1].text == "."
    )


def _row_columns(tokens: Sequence[Token]) -> set[str]:
    return {folded(tokens[at + 2].name) for at in range(len(tokens)) if _is_row_column(tokens, at)}


def _same_words(tokens: Sequence[Token], text: str) -> bool:
    return [folded(token.text) for token in tokens] == [folded(token.text) for token in tokenise(text)]


def _needs(accesses: Iterable[Access], catalog: Catalog, own: Ident) -> frozenset[Ident]:
    needs: set[Ident] = set()
    for access in accesses:
        relation = catalog.relations.get(folded(access.relation))
        if relation is not None:
            needs.add(relation)
            needs |= catalog.columns(relation, [folded(access.column)])
    return frozenset(needs - {own, own.owner})


def _names(catalog: Catalog) -> Iterable[str]:
    yield from catalog.relations
    for text in catalog.tables.values():
        yield from (folded(column.name) for column in text.columns)


def _refuse(error: str, what: str) -> None:
    lacking = missing(error)
    if lacking is not None:
        sort, name = lacking
        raise Refused(
            f"cannot read {what}: it uses the {sort} {name}, which is not registered",
            hint='register it with [sqlite] init = "module:function"',
        )

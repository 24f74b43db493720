"""The filter of `cellwarden decode --where`: conditions on columns, read by a grammar of our own and never executed.

    nas_type = 'attach_request' and imsi is not null
    protocol in ('s1ap', 'ngap') and not (cause_group = 0 or uplink = true)
    imsi like '45008%' and csg_ids has 17

A comparison with null is never true, as in SQL; `like` knows `%` and `_`; `has` looks into a list.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cellwarden.foundation.clock import naive
from cellwarden.foundation.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[pa.RecordBatch], pa.Array]

MAX_LENGTH = 10_000
MAX_DEPTH = 50
"""Parentheses and `not` inside each other."""
_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(0[xX][0-9a-fA-F]+|-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(<=|>=|!=|<>|=|<|>|\(|\)|,))")
_COMPARISONS = {
    "=": pc.equal,
    "!=": pc.not_equal,
    "<>": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
_FIX = "Write it as: nas_type = 'attach_request' and imsi is not null"


class Filter:
    """A condition on rows."""

    def __init__(self, text: str, schema: pa.Schema) -> None:
        """Read a condition.

        Raises:
            UsageError: It does not follow the grammar, names no column, or compares a column with a value of another kind.
        """
        self.columns: set[str] = set()
        """Columns that it looks at."""
        self._schema = schema
        self._tokens = _tokens(text)
        self._place = self._depth = 0
        self._test = self._either()
        if self._place < len(self._tokens):
            raise self._error(f"cannot read on at {self._tokens[self._place]}")

    def kept(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the rows for which it holds; `batch` has at least the columns that it looks at."""
        return batch.filter(self._test(batch))

    def _either(self) -> Test:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error("nested too deeply")
        tests = [self._both()]
        while self._word("or"):
            tests.append(self._both())
        self._depth -= 1
        return _joined(tests, pc.or_kleene)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._word("and"):
            tests.append(self._one())
        return _joined(tests, pc.and_kleene)

    def _one(self) -> Test:
        if self._word("not"):
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise self._error("nested too deeply")
            inner = self._one()
            self._depth -= 1
            return lambda batch: pc.invert(inner(batch))
        if self._word("("):
            inner = self._either()
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Test:
        name = self._take("a column")
        if name not in self._schema.names:
            raise self._error(f"no column is called {name}", f"Known are {', '.join(self._schema.names)}")
        self.columns.add(name)
        kind = self._schema.field(name).type
        if self._word("is"):
            is_negated = self._word("not")
            self._need("null")
            return lambda batch: pc.is_valid(batch.column(name)) if is_negated else pc.is_null(batch.column(name))
        is_negated = self._word("not")
        if self._word("in"):
            test = self._within(name, kind)
        elif self._word("like"):
            test = self._like(name, kind)
        elif self._word("has"):
            test = self._has(name, kind)
        elif is_negated:
            raise self._error("after `column not` comes in, like or has")
        else:
            test = self._compare(name, kind)
        return (lambda batch: pc.invert(test(batch))) if is_negated else test

    def _compare(self, name: str, kind: pa.DataType) -> Test:
        sign = self._take("a comparison")
        if sign not in _COMPARISONS:
            raise self._error(f"{sign} is no comparison")
        if pa.types.is_list(kind):
            raise self._error(f"{name} is a list", f"Write {name} has VALUE")
        value, compare = self._value(name, kind), _COMPARISONS[sign]
        return lambda batch: compare(batch.column(name), value)

    def _within(self, name: str, kind: pa.DataType) -> Test:
        self._need("(")
        values = [self._value(name, kind).as_py()]
        while self._word(","):
            values.append(self._value(name, kind).as_py())
        self._need(")")
        known = pa.array(values, kind)
        # is_in says False for null, where SQL says null.
        return lambda batch: pc.if_else(
            pc.is_valid(batch.column(name)), pc.is_in(batch.column(name), value_set=known), pa.scalar(None, pa.bool_())
        )

    def _like(self, name: str, kind: pa.DataType) -> Test:
        if not pa.types.is_string(kind):
            raise self._error(f"{name} is no text", "Use = < > in")
        pattern = self._value(name, kind).as_py()
        return lambda batch: pc.match_like(batch.column(name), pattern)

    def _has(self, name: str, kind: pa.DataType) -> Test:
        if not pa.types.is_list(kind):
            raise self._error(f"{name} is no list", f"Write {name} = VALUE")
        value = self._value(name, kind.value_type).as_py()
        return lambda batch: pa.array(
            [None if each is None else value in each for each in batch.column(name).to_pylist()], pa.bool_()
        )

    def _value(self, name: str, kind: pa.DataType) -> pa.Scalar:
        token = self._take("a value")
        try:
            return pa.scalar(_literal(token, kind), kind)
        except (ValueError, OverflowError, pa.ArrowException) as error:
            raise self._error(f"{name} is {kind}, which {token} is not") from error

    def _word(self, word: str) -> bool:
        """Take the next token if it is this word."""
        if self._place < len(self._tokens) and self._tokens[self._place].lower() == word:
            self._place += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._word(word):
            found = self._tokens[self._place] if self._place < len(self._tokens) else "the end"
            raise self._error(f"expected {word}, found {found}")

    def _take(self, what: str) -> str:
        if self._place >= len(self._tokens):
            raise self._error(f"ends where {what} should stand")
        self._place += 1
        return self._tokens[self._place - 1]

    @staticmethod
    def _error(what: str, fix: str = _FIX) -> UsageError:
        return UsageError(what, where="--where", fix=fix)


def _tokens(text: str) -> list[str]:
    if len(text) > MAX_LENGTH:
        raise UsageError(f"longer than {MAX_LENGTH} characters", where="--where", fix="Filter what comes out")
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise UsageError(f"cannot read {text[place : place + 10].strip()!r}", where="--where", fix=_FIX)
        tokens.append(match[0].strip())
        place = match.end()
    return tokens


def _literal(token: str, kind: pa.DataType) -> Any:
    """Turn a token into a value of a column's type; raises ValueError where it is none."""
    quoted = token[1:-1].replace("''", "'") if token.startswith("'") else None
    if pa.types.is_string(kind):
        if quoted is None:
            raise ValueError(token)
        return quoted
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}.get(token.lower()) if token.lower() in ("true", "false") else int("no")
    if pa.types.is_timestamp(kind):
        at = datetime.fromisoformat(quoted or "")
        return naive(at if at.tzinfo else at.replace(tzinfo=UTC))
    return int(token, 16) if token[:2].lower() == "0x" else int(token if quoted is None else quoted)


def _joined(tests: list[Test], join: Callable[[pa.Array, pa.Array], pa.Array]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(batch: pa.RecordBatch) -> pa.Array:
        result = tests[0](batch)
        for each in tests[1:]:
            result = join(result, each(batch))
        return result

    return test

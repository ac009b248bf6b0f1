"""Which condition of a query SQLite looks documents up by.

SQLite knows nothing about how many documents a value stands in, and keeps no such statistics while documents change.
So each condition that could decide is tried on its own, up to a limit: if few documents meet it, these are looked at,
whatever else is asked; if many meet all of them, the first documents of a list are found soon by walking in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final

from assaykit.emulator.engine.sqlite_conditions import (
    MATCHES,
    alias,
    condition,
    has_each,
    others,
    shape_of,
    with_each,
    with_list,
    without_index,
)
from assaykit.emulator.engine.sqlite_numbers import Numbers
from assaykit.emulator.engine.sqlite_parts import parts_table, text_index
from assaykit.emulator.engine.sqlite_tables import Table
from assaykit.emulator.engine.sqlite_texts import PART, can_be_looked_up, following, phrase, searchable
from assaykit.emulator.engine.storage import Scalar, Select, Where

FEW: Final = 2000
"""Documents up to which it is quicker to look them up and sort them than to walk through all in their order."""
_BRANCHES: Final = 4
"""Values up to which a list is put together from one ordered list for each."""
_PARTS: Final = 100
"""Parts up to which a term that is shorter than they are is looked up by them."""
_SAMPLE: Final = 500
_FREQUENT: Final = 10
"""Documents of a sample in which a term is found from which on it counts as frequent."""
_BOUNDS: Final = frozenset(("<", "<=", ">", ">="))
Rows = Callable[[str, tuple[Scalar, ...]], list[Any]]
"""Returns the rows that a statement asks for."""


class Planner:
    """Rewrites conditions so that few documents are looked at.

    Args:
        tables: The tables of all collections.
        texts: Collections and searches whose texts are in an index.
        numbers: Counts documents.
        rows: Reads rows.
    """

    def __init__(
        self,
        tables: Mapping[str, Table],
        texts: Container[tuple[str, str]],
        numbers: Numbers,
        rows: Rows,
    ) -> None:
        self._tables = tables
        self._texts = texts
        self._numbers = numbers
        self._rows = rows

    def plan(self, collection: str, where: Sequence[Where], order: Sequence[str] | None = None) -> Sequence[Where]:
        """Return conditions that mean the same.

        Args:
            collection: The collection.
            where: The conditions.
            order: Order of the list of which the first documents are wanted; None if all are.
        """
        table = self._tables[collection]
        found = self.resolve(collection, where, each=True)
        if self._numbers.size(table) < FEW:
            return found
        deciding = _deciding(table, found)
        best = self._rarest(collection, found, deciding)
        if best is not None:
            kept = set(best)
            if found[best[0]].operator == "=":
                kept.update(place for place, one in enumerate(found) if one.field in table.tail)
        elif order is not None:
            kept = _kept(found, deciding, order)
        else:
            # So many are wanted that it is quicker to list all that are selected first.
            found = [with_list(one) for one in found]
            if deciding or not any(one.operator == "contains" for one in found):
                return found
            # All texts are looked through, in an index that has the other fields as well.
            kept = set()
        return [one if place in kept else without_index(one) for place, one in enumerate(found)]

    def resolve(self, collection: str, where: Sequence[Where], *, each: bool = False) -> Sequence[Where]:
        """Return conditions in which rare texts are looked up, those of selections included.

        Args:
            collection: The collection.
            where: The conditions.
            each: Whether documents may look for their like one by one where very many are selected.
        """
        if not any(isinstance(one.value, Select) or one.operator == "contains" for one in where):
            return where
        return [self._resolved(collection, one, each) for one in where]

    def _resolved(self, collection: str, one: Where, each: bool) -> Where:
        if isinstance(one.value, Select):
            select = one.value
            select = select._replace(where=self.plan(select.collection, select.where))
            one = one._replace(value=select)
            return with_each(one) if each and not self._selects_few(select) else one
        if one.operator == "contains" and (collection, one.field) in self._texts:
            return self._looked_up(collection, one)
        return one

    def is_few(self, select: Select) -> bool:
        """Whether a selection has few documents."""
        return self._selects_few(select._replace(where=self.plan(select.collection, select.where)))

    def _selects_few(self, select: Select) -> bool:
        if self._numbers.size(self._tables[select.collection]) < FEW or any(
            one.operator == MATCHES for one in select.where
        ):
            return True
        return self._probe(select.collection, select.where) < FEW

    def _looked_up(self, collection: str, one: Where) -> Where:
        """Return a condition on texts as one on their index, if it finds few."""
        several = [one.value] if isinstance(one.value, str) or not isinstance(one.value, Sequence) else one.value
        phrases: list[str] = []
        for term in map(searchable, several):
            if not can_be_looked_up(term):
                return one
            parts = [term] if len(term) >= PART else self._parts(collection, one.field, term)
            if parts is None:
                return one
            phrases.extend(map(phrase, parts))
        if not phrases:
            return one
        expression, index = " OR ".join(phrases), text_index(collection, one.field)
        found = f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT {FEW})"  # noqa: S608 - names are declared and quoted
        few = self._numbers.number(found, [expression], [collection]) < FEW
        return Where(one.field, MATCHES, expression) if few else one

    def _parts(self, collection: str, search: str, term: str) -> list[str] | None:
        """Return the parts of texts that begin with a short term, or None if they are too many to ask for."""
        end, table = following(term), self._tables[collection]
        column = table.search(search)
        sample = f"SELECT {column} FROM {table.name} ORDER BY seq DESC LIMIT {_SAMPLE}"  # noqa: S608 - names are declared and quoted
        found = f"SELECT count(*) FROM ({sample}) WHERE instr({column}, ?) > 0"  # noqa: S608 - likewise
        # To tell the parts, SQLite walks through all places in which they stand.
        if end is None or self._numbers.number(found, [term], [collection]) >= _FREQUENT:
            return None
        statement = (
            f"SELECT term FROM {parts_table(collection, search)} WHERE term >= ? AND term < ? LIMIT {_PARTS + 1}"  # noqa: S608 - names are declared and quoted
        )
        parts = [row[0] for row in self._rows(statement, (term, end))]
        return parts if len(parts) <= _PARTS else None

    def _rarest(
        self, collection: str, found: Sequence[Where], deciding: Sequence[Sequence[int]]
    ) -> Sequence[int] | None:
        """Return the places of conditions on one field that few documents meet, or None if many meet each."""
        unique = self._tables[collection].collection.unique
        for places in deciding:
            one = found[places[0]]
            if one.operator == MATCHES or (one.field in unique and one.operator in ("=", "in")):
                return places
        alone = len(deciding) == 1 and found[deciding[0][0]].operator == "="
        if alone and not any(map(has_each, found)):
            return None
        numbers = [self._probe(collection, [found[place] for place in places]) for places in deciding]
        least = min(numbers, default=FEW)
        return deciding[numbers.index(least)] if least < FEW else None

    def _probe(self, collection: str, where: Sequence[Where]) -> int:
        """Return how many documents meet conditions, counting no further than what is few."""
        table = self._tables[collection]
        shape, values = shape_of(where)
        met = condition(self._tables, table, shape)
        statement = f"SELECT count(*) FROM (SELECT 1 FROM {table.name} AS {alias(0)}{met} LIMIT {FEW})"  # noqa: S608 - names are declared and quoted
        return self._numbers.number(statement, values, (collection, *others(shape)))


def _deciding(table: Table, found: Sequence[Where]) -> list[list[int]]:
    """Return the places of conditions that an index looks documents up by; several that bound one field together.

    Conditions on what nearly all lists ask for, such as an owner, are none of them.
    """
    alone: list[list[int]] = []
    bounds: dict[str, list[int]] = {}
    for place, one in enumerate(found):
        if one.operator == MATCHES:
            alone.append([place])
        elif one.field not in table.fields or table.collection.indexes[one.field] is bool:
            continue
        elif one.field in table.collection.unique or one.field not in table.tail:
            if one.operator in _BOUNDS:
                bounds.setdefault(one.field, []).append(place)
            elif one.operator in ("=", "in"):
                alone.append([place])
    return [*alone, *bounds.values()]


def _kept(found: Sequence[Where], deciding: Sequence[Sequence[int]], order: Sequence[str]) -> set[int]:
    """Return the places of conditions whose index has the documents in their order as well."""
    first = order[0].removeprefix("-") if order else ""
    places = {place for group in deciding for place in group}
    kept = {place for place, one in enumerate(found) if place not in places or one.field == first}
    equal = [place for place in places if found[place].operator == "="]
    listed = [place for place in places if _values(found[place])]
    return kept | set((equal or listed)[:1])


def _values(one: Where) -> list[Scalar]:
    """Return the values of a condition that some ordered lists, one for each, can be put together for."""
    if one.operator != "in" or not isinstance(one.value, Sequence) or isinstance(one.value, Select | str):
        return []
    values: list[Scalar] = list(dict.fromkeys(one.value))
    return values if len(values) <= _BRANCHES else []


def branches(table: Table, where: Sequence[Where]) -> list[Sequence[Where]]:
    """Return conditions as alternatives that no document meets two of, and that an index has in their order.

    Args:
        table: The table.
        where: The conditions, planned.
    """
    for place, one in enumerate(where):
        if one.field not in table.collection.unique and (values := _values(one)):
            return [[*where[:place], Where(one.field, "=", value), *where[place + 1 :]] for value in values]
    return [where]

"""What a list shows: conditions from the query, the path and the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assaykit.emulator.engine.contract import Contract, Operation
from assaykit.emulator.engine.resources import filters
from assaykit.emulator.engine.resources.declarations import Filter, Resource
from assaykit.emulator.engine.resources.paging import Paging, read_paging
from assaykit.emulator.engine.resources.shapes import Property, column
from assaykit.emulator.engine.storage import Where

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Call

EXPAND: Final = "expand"
FIELDS: Final = "fields"
SEARCH: Final = "s"
IDS: Final = "ids"


@dataclass(frozen=True, slots=True)
class Selection:
    """How the query of a list is read.

    Args:
        filters: The filter of each parameter.
        compared: Fields that these filters compare, each with its kind, "" for the kind that is listed.
        paging: How the list is paged; None if it is not, or if there is no list.
    """

    filters: Mapping[str, Filter]
    compared: tuple[tuple[str, str], ...]
    paging: Paging | None

    def where(self, call: Call) -> list[Where]:
        """Return the conditions that a request's query states."""
        return [
            condition
            for name, one in self.filters.items()
            if name in call.query
            for condition in one.conditions(call, call.query[name])
        ]


def make_selection(
    resource: Resource,
    home: Resource,
    operations: Mapping[str, Operation],
    properties: Mapping[str, Property],
    contract: Contract,
) -> Selection:
    """Derive the filters of a list from its query parameters.

    Args:
        resource: The resource.
        home: The resource that declares the kind of its documents.
        operations: Its operations by verb.
        properties: The properties that are shown of the kind.
        contract: The vendor's specification.

    Raises:
        ValueError: A parameter is no field, and no filter is declared for it.
    """
    if "list" not in operations:
        return Selection({}, (), None)
    operation = operations["list"]
    paging = read_paging(operation, contract)
    taken = {EXPAND, FIELDS} | ({paging.page, paging.size} if paging is not None else set())
    found: dict[str, Filter] = {}
    declared = {**home.filters, **resource.filters}
    indexes = {**home.indexes, **resource.indexes}
    searches = {**home.searches, **resource.searches}
    for parameter in operation.query_parameters:
        name = parameter.name
        if name in taken:
            continue
        plain = name.removesuffix("[]")
        field = "id" if plain == IDS else plain
        if name in declared:
            own = declared[name]
            found[name] = own if isinstance(own, Filter) else Filter(own)
        elif name == SEARCH and SEARCH in searches:
            found[name] = filters.contains(SEARCH)
        elif field in properties and properties[field].is_instant:
            found[name] = filters.at(field)
        elif field in indexes or (field in properties and column(properties[field]) is not None):
            kind = indexes.get(field) or properties[field].type
            found[name] = filters.equals(field, kind)
        else:
            raise ValueError(f"{operation.id}: the parameter {name} is no field; declare a filter for it")
    return Selection(found, tuple(pair for one in found.values() for pair in one.compared), paging)

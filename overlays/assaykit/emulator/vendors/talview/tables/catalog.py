"""Small lists that other resources choose from: categories, custom fields, choices."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import Change, Derived, Resource, belongs, refers
from assaykit.emulator.engine.resources.filters import contains, equals, through
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.vendors.talview.tables.organizations import ORGANIZATION

_LAST_PLACE: Final = 2**31


def _place(document: Document) -> int:
    """Return where a choice stands; those without a place come last."""
    place: int | None = document.get("sort_order")
    return _LAST_PLACE if place is None else place


def _reported(change: Change) -> None:
    """Keep a truth: administrators may send null, which users are never shown."""
    change.document["is_report"] = bool(change.document["is_report"])


RESOURCES: Final = (
    Resource(
        "categories",
        "Category",
        soft=True,
        searches={"s": ("name",)},
        filters={"question_id": through("questions", "id", leads_to="category_id")},
        links={"self": "/models/category/{id}", "index": "/models/category"},
    ),
    Resource("admin_categories", "Category", of="categories", parents=ORGANIZATION),
    Resource(
        "custom_fields",
        "Custom field",
        soft=True,
        defaults={"is_report": False},
        before={"create": _reported, "update": _reported},
    ),
    Resource("admin_custom_fields", "Custom field", of="custom_fields", parents=ORGANIZATION),
    Resource("select_field_types", "Choice list"),
    Resource(
        "select_field_data",
        "Choice",
        soft=True,
        order=("_place", "id"),
        references={"select_field_type_id": belongs("select_field_types"), "parent_id": refers("select_field_data")},
        searches={"value": ("value",)},
        derived={"_place": Derived(int, _place)},
    ),
    Resource(
        "admin_select_field_data",
        "Choice",
        of="select_field_data",
        parents=ORGANIZATION,
        order=("_place", "id"),
        filters={"value": contains("value"), "value_exact": equals("value", str)},
    ),
)

"""An invented vendor with nothing but plain resources: libraries with shelves, authors, books and reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply
from assaykit.emulator.engine.rejection import UNAUTHORIZED, Rejected
from assaykit.emulator.engine.resources import (
    Change,
    Computed,
    Conventions,
    Derived,
    Resource,
    Resources,
    View,
    belongs,
    each,
    loose,
    refers,
    resources_of,
)
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.filters import contains, equals, has, since, through, until
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.vendor import Call, Vendor
from assaykit.emulator.engine.worlds import State, World

MINE, OTHER = 1, 2
LIBRARIANS = {"mine": (MINE, 11), "other": (OTHER, 22)}
"""Library and user of each token."""

_ID = {"type": "integer", "minimum": 1}
_TEXT = {"type": "string", "minLength": 1}
_NULLABLE = {"type": ["string", "null"]}
_INSTANT = {"type": "string", "x-datetime": "offset-short"}
_STAMPS = {"created_at": _INSTANT, "updated_at": _INSTANT, "created_by": {"type": ["integer", "null"]}}
_LINKS = {"type": "object"}

SCHEMAS: dict[str, Any] = {
    "Library": {"id": _ID, "name": _TEXT},
    "Shelf": {"id": _ID, "label": _TEXT, "library_id": _ID, "place": {"type": ["integer", "null"]}},
    "Author": {
        "id": _ID,
        "external_id": _NULLABLE,
        "name": {"type": "string"},
        "email": _NULLABLE,
        "born": {"type": ["integer", "null"]},
        "alive": {"type": "boolean"},
        "rank": {"type": "number"},
        "genres": {"type": "array", "items": _TEXT},
        "mood": {"allOf": [{"$ref": "#/components/schemas/Mood"}]},
        "joined_at": {"type": ["string", "null"], "x-datetime": "offset-short"},
        "bookCount": {"type": "integer"},
        "openCount": {"type": "integer"},
        **_STAMPS,
        "_links": _LINKS,
    },
    "Book": {
        "id": _ID,
        "title": _TEXT,
        "author_id": _ID,
        "shelf_id": {"type": ["integer", "null"]},
        "pages": {"type": "integer", "default": 100},
        "author": {"oneOf": [{"$ref": "#/components/schemas/Author"}, {"type": "null"}]},
        "heading": {"type": "string"},
        **_STAMPS,
        "_links": {"type": "array", "items": {"type": "object"}},
    },
    "AdminBook": {"id": _ID, "title": _TEXT, "library_id": _ID, "is_deleted": {"type": "boolean"}},
    "Review": {"id": _ID, "book_id": _ID, "author_id": {"type": ["integer", "null"]}, "text": _TEXT},
}
NEW: dict[str, Any] = {
    "Shelf": ({"label": _TEXT, "place": {"type": ["integer", "null"]}}, ["label"]),
    "Author": (
        {
            "name": _TEXT,
            "external_id": _NULLABLE,
            "email": _NULLABLE,
            "born": {"type": ["integer", "null"]},
            "alive": {"type": "boolean"},
            "rank": {"type": "number"},
            "genres": {"type": "array", "items": _TEXT},
            "joined_at": {"type": ["string", "null"], "format": "date-time"},
        },
        [],
    ),
    "Book": ({"title": _TEXT, "author_id": _ID, "shelf_id": {"type": ["integer", "null"]}, "pages": _ID}, []),
    "AdminBook": ({"title": _TEXT, "is_deleted": {"type": "boolean"}}, []),
    "Review": ({"book_id": _ID, "author_id": _ID, "text": _TEXT}, ["book_id", "text"]),
}
QUERIES: dict[str, dict[str, Any]] = {
    "authors": {
        "id": _ID,
        "ids[]": {"type": "array", "items": _ID},
        "name": _TEXT,
        "email": _TEXT,
        "born": {"type": "integer"},
        "alive": {"type": "boolean"},
        "rank": {"type": "number"},
        "s": {"type": "string"},
        "genres[]": {"type": "array", "items": _TEXT},
        "joined_at": {"type": "string"},
        "from": {"type": "string"},
        "to": {"type": "string"},
        "since": {"type": "integer"},
        "book_title": _TEXT,
        "initial": _TEXT,
    },
    "books": {
        "author_id": _ID,
        "author_name": _TEXT,
        "title": _TEXT,
        "pages[]": {"type": "array", "items": _ID},
        "shelf_id": _ID,
        "thick": {"type": "integer"},
    },
    "admin_books": {"is_deleted": {"type": "boolean"}, "title": _TEXT},
    "shelves": {"label": _TEXT},
    "reviews": {"book_id": _ID},
}
_COUNT = {"schema": {"type": "integer", "minimum": 0}}
_PAGING = {
    "style": "page",
    "page": "page",
    "size": "pageSize",
    "totalHeader": "X-Total",
    "lastHeader": "X-Pages",
    "currentHeader": "X-Page",
}
_WORDS = {"type": "array", "items": {"type": "string", "minLength": 1}}


def _json(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"description": "fine", "content": {"application/json": {"schema": schema}}, **more}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


_ERRORS = {str(status): _json({"type": "object"}) for status in (400, 401, 404, 415)}


def _operation(name: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": {**responses, **_ERRORS}, **more}


def _paths(tag: str, path: str, schema: str, *, paged: bool = True) -> dict[str, Any]:
    """Return the five operations of a resource."""
    body = {"required": True, "content": {"application/json": {"schema": _ref(f"New{schema}")}}}
    query = [{"name": name, "in": "query", "schema": found} for name, found in QUERIES[tag].items()]
    sizes = [
        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
        {"name": "pageSize", "in": "query", "schema": {"type": "integer", "minimum": 1}},
    ]
    shown = [{"name": name, "in": "query", "explode": False, "schema": _WORDS} for name in ("expand", "fields")]
    headers = dict.fromkeys(("X-Total", "X-Pages", "X-Page", "X-Per-Page"), _COUNT) | {
        "Link": {"schema": {"type": "string"}}
    }
    listed = _json({"type": "array", "items": _ref(schema)}, **({"headers": headers} if paged else {}))
    created = _json(_ref(schema), headers={"Location": {"required": True, "schema": _TEXT}})
    above = [{"name": "lid", "in": "path", "required": True, "schema": _ID} for _ in range(path.count("{lid}"))]
    number = {"name": "id", "in": "path", "required": True, "schema": _ID}
    listing = _operation(
        f"{tag}_list",
        {"200": listed},
        parameters=[*query, *shown, *(sizes if paged else [])],
        **({"x-paging": _PAGING} if paged else {}),
    )
    return {
        path: {
            "parameters": above,
            "get": listing,
            "post": _operation(f"{tag}_create", {"201": created}, requestBody=body, parameters=shown),
        },
        f"{path}/{{id}}": {
            "parameters": [*above, number],
            "get": _operation(f"{tag}_get", {"200": _json(_ref(schema))}, parameters=shown),
            "put": _operation(f"{tag}_update", {"200": _json(_ref(schema))}, requestBody=body),
            "delete": _operation(f"{tag}_delete", {"204": {"description": "gone"}}),
        },
    }


def document() -> dict[str, Any]:
    """Return the specification."""
    objects = {name: {"type": "object", "properties": found} for name, found in SCHEMAS.items()}
    bodies = {
        f"New{name}": {"type": "object", "properties": found, "required": required}
        for name, (found, required) in NEW.items()
    }
    number = {"name": "id", "in": "path", "required": True, "schema": _ID}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Library", "version": "1"},
        "security": [{"bearer": []}],
        "paths": {
            "/libraries/{id}": {
                "parameters": [number],
                "get": _operation("libraries_get", {"200": _json(_ref("Library"))}),
            },
            **_paths("authors", "/authors", "Author"),
            **_paths("books", "/books", "Book"),
            **_paths("admin_books", "/libraries/{lid}/books", "AdminBook"),
            **_paths("shelves", "/libraries/{lid}/shelves", "Shelf", paged=False),
            **_paths("reviews", "/reviews", "Review"),
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {**objects, **bodies, "Mood": {"type": "integer", "enum": [3, 7]}},
        },
    }


def _counts(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    view.state.cache["pages counted"] = view.state.cache.get("pages counted", 0) + 1
    resources = resources_of(view.state)
    where = [Where("author_id", "in", [one["id"] for one in documents]), *resources.records.alive("books")]
    numbers = view.state.store.tally(resources.collection("books"), ["author_id"], where)
    return [numbers.get((one["id"],), 0) for one in documents]


def _title(change: Change) -> None:
    if change.document["title"] == "Forbidden":
        raise unfit("title", "may not be that")
    change.document["title"] = change.document["title"].strip()


def _log(word: str) -> Any:
    def note(change: Change) -> None:
        titles = (change.old or {}).get("title"), change.document["title"]
        change.state.cache.setdefault("log", []).append((word, change.verb, *titles, change.user))

    return note


def _thick(_: Call, value: int) -> Sequence[Where]:
    return [Where("pages", ">=", value)]


TABLE = (
    Resource("libraries", "Library", scope="all"),
    Resource(
        "shelves",
        "Shelf",
        parents={"lid": "library_id"},
        order=("_place", "id"),
        derived={"_place": Derived(int, lambda shelf: 999 if shelf["place"] is None else shelf["place"])},
    ),
    Resource(
        "authors",
        "Author",
        scope="shared",
        unique=(("email",),),
        unique_everywhere=(("external_id",),),
        defaults={"rank": 1.5, "genres": ["prose"]},
        searches={"s": ("name", "email")},
        derived={"_initial": Derived(str, lambda author: author["name"][:1])},
        filters={
            "genres[]": has("genres"),
            "from": since("joined_at"),
            "to": until("joined_at"),
            "since": since("joined_at"),
            "book_title": through("books", "title", leads_to="author_id"),
            "initial": equals("_initial", str),
        },
        computed={"bookCount": Computed(_counts), "openCount": each(lambda _, __: 5, expanded=True)},
        links={
            "self": "/authors/{id}",
            "mail": "mailto:{email}",
            "books": "/books?author_id={id}",
            "odd": lambda _, author: None if author["id"] % 2 == 0 else "/odd",
        },
    ),
    Resource(
        "books",
        "Book",
        soft=True,
        references={"author_id": belongs("authors"), "shelf_id": loose("shelves")},
        searches={"title": ("title",)},
        computed={"heading": each(lambda view, book: f"{book['title']} ({view.identity[1]})")},
        filters={
            "title": contains("title"),
            "author_name": through("authors", "s", field="author_id", inner="contains"),
            "thick": _thick,
        },
        before={"create": _title, "update": _title, "delete": _log("before")},
        after={"create": _log("after"), "update": _log("after"), "delete": _log("after")},
        indexes={"title": str},
    ),
    Resource(
        "admin_books",
        "Book",
        of="books",
        parents={"lid": "library_id?"},
        filters={"title": equals("title")},
        custom=frozenset(),
    ),
    Resource("reviews", "Review", references={"book_id": belongs("books"), "author_id": refers("authors", "critic")}),
)
CONVENTIONS = Conventions(
    owner="library_id", owners="libraries", owner_of=lambda who: who[0], user_of=lambda who: who[1], largest_page=9
)


def _errors(rejected: Rejected) -> Reply:
    fields = {field.name: field.message for field in rejected.fields}
    return Reply(rejected.status, [("Content-Type", "application/json")], dumps({"fields": fields}))


def _check(_: State, credentials: Credentials) -> tuple[int, int]:
    if credentials.value not in LIBRARIANS:
        raise Rejected(UNAUTHORIZED, "The token is wrong.")
    return LIBRARIANS[credentials.value]


def _seed(state: State) -> None:
    resources_of(state).records.seed(state, "libraries", {"id": MINE, "name": "Mine"}, {"id": OTHER, "name": "Other"})


def library(table: Sequence[Resource] = TABLE) -> Vendor:
    """Return the vendor, freshly compiled.

    Args:
        table: Its declarations.
    """
    contract = Contract(document())
    resources = Resources(contract, table, CONVENTIONS, prefix="library")
    return Vendor(
        name="library",
        contract=contract,
        behaviours=resources.behaviours,
        errors=_errors,
        verifiers={"bearer": _check},
        collections=resources.collections,
        seed=_seed,
        resources=resources,
    )


@contextmanager
def client_of(world: World, librarian: str = "mine") -> Iterator[httpx.Client]:
    """Open a client in process."""
    headers = {"Authorization": f"Bearer {librarian}"}
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("library"), headers=headers) as client:
        yield client


def everything(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return the items of all pages of a list."""
    items: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = client.get(path, params={**query, "page": page})
        assert answer.status_code == 200, answer.text
        items.extend(answer.json())
        if page >= int(answer.headers["X-Pages"]):
            return items
        page += 1

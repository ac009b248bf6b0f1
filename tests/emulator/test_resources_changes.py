"""Plain resources: what creating, changing and deleting does to documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.resources import Resource, resources_of
from assaykit.emulator.engine.worlds import State, World
from tests.emulator.conftest import START
from tests.emulator.library import MINE, OTHER, TABLE, client_of, library

FIRST = 10_000_001


@pytest.fixture(scope="module")
def libraries() -> Emulator:
    return Emulator([library()], check_replies=True)


@pytest.fixture
def shelf_world(libraries: Emulator) -> Iterator[World]:
    made = libraries.make_world("library", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def state(shelf_world: World) -> State:
    return shelf_world.states["library"]


@pytest.fixture
def client(shelf_world: World) -> Iterator[httpx.Client]:
    with client_of(shelf_world) as opened:
        yield opened


@pytest.fixture
def stranger(shelf_world: World) -> Iterator[httpx.Client]:
    with client_of(shelf_world, "other") as opened:
        yield opened


def make(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def refused(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 400, answer.text
    fields: dict[str, str] = answer.json()["fields"]
    return fields


def test_what_is_not_sent_is_filled_in(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada", unknown=1)
    assert author == {
        "id": FIRST,
        "external_id": None,
        "name": "Ada",
        "email": None,
        "born": None,
        "alive": False,
        "rank": 1.5,
        "genres": ["prose"],
        "mood": 3,
        "joined_at": None,
        "bookCount": 0,
        "created_at": "2026-01-05 09:00:00+00",
        "updated_at": "2026-01-05 09:00:00+00",
        "created_by": 11,
        "_links": {
            "self": {"href": f"/authors/{FIRST}"},
            "books": {"href": f"/books?author_id={FIRST}"},
            "odd": {"href": "/odd"},
        },
    }


def test_a_schemas_default_is_a_default(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada")
    assert make(client, "/books", title="A", author_id=author["id"])["pages"] == 100


def test_the_location_leads_to_what_was_created(client: httpx.Client) -> None:
    answer = client.post("/authors", json={"name": "Ada"})
    assert client.get(answer.headers["Location"]).json() == answer.json()
    answer = client.post(f"/libraries/{MINE}/shelves", json={"label": "A"})
    assert client.get(answer.headers["Location"]).json()["label"] == "A"


def test_instants_are_kept_in_one_form_and_written_in_the_vendors(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada", joined_at="2026-03-01T10:00:00.250+02:00")
    assert author["joined_at"] == "2026-03-01 08:00:00+00"


def test_a_change_leaves_what_is_not_sent(client: httpx.Client, shelf_world: World) -> None:
    author = make(client, "/authors", name="Ada", born=1990)
    shelf_world.clock.advance(hours=1)
    changed = client.put(f"/authors/{author['id']}", json={"born": None}).json()
    assert changed == author | {"born": None, "updated_at": "2026-01-05 10:00:00+00"}
    assert client.get(f"/authors/{author['id']}").json() == changed


@pytest.mark.parametrize(("field", "body"), [("author_id", {"author_id": 77}), ("shelf_id", {"shelf_id": 77})])
def test_a_reference_to_nothing_is_refused(client: httpx.Client, field: str, body: dict[str, int]) -> None:
    author = make(client, "/authors", name="Ada")
    book = make(client, "/books", title="A", author_id=author["id"])
    valid = {"title": "B", "author_id": author["id"]}
    for answer in (client.post("/books", json=valid | body), client.put(f"/books/{book['id']}", json=body)):
        assert list(refused(answer)) == [f"body.{field}"]
        assert "that exists" in refused(answer)[f"body.{field}"]


def test_what_another_owner_has_cannot_be_referred_to(client: httpx.Client, stranger: httpx.Client) -> None:
    author = make(stranger, "/authors", name="Olga")
    assert "body.author_id" in refused(client.post("/books", json={"title": "A", "author_id": author["id"]}))


def test_a_taken_value_is_refused_within_one_owner_or_everywhere(client: httpx.Client, stranger: httpx.Client) -> None:
    ada = make(client, "/authors", name="Ada", email="a@example.com", external_id="x")
    assert "body.email" in refused(client.post("/authors", json={"name": "B", "email": "a@example.com"}))
    make(stranger, "/authors", name="Olga", email="a@example.com")
    assert "body.external_id" in refused(stranger.post("/authors", json={"name": "O", "external_id": "x"}))
    bob = make(client, "/authors", name="Bob", email="b@example.com")
    assert "body.email" in refused(client.put(f"/authors/{bob['id']}", json={"email": "a@example.com"}))
    assert client.put(f"/authors/{ada['id']}", json={"email": "a@example.com"}).status_code == 200


def test_a_refused_creation_leaves_nothing(client: httpx.Client, state: State) -> None:
    author = make(client, "/authors", name="Ada")
    assert "body.title" in refused(client.post("/books", json={"title": "Forbidden", "author_id": author["id"]}))
    assert client.get("/books").json() == []
    assert state.cache.get("log") is None


def test_hooks_see_what_was_and_what_will_be(client: httpx.Client, state: State) -> None:
    author = make(client, "/authors", name="Ada")
    book = make(client, "/books", title=" A ", author_id=author["id"])
    client.put(f"/books/{book['id']}", json={"title": "B"})
    client.delete(f"/books/{book['id']}")
    assert state.cache["log"] == [
        ("after", "create", None, "A", 11),
        ("after", "update", "A", "B", 11),
        ("before", "delete", "B", "B", 11),
        ("after", "delete", "B", "B", 11),
    ]


def test_a_deleted_document_is_gone(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada")
    path = f"/authors/{author['id']}"
    assert client.delete(path).status_code == 204
    answers = [client.get(path), client.put(path, json={"name": "B"}), client.delete(path)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert make(client, "/authors", name="Bob")["id"] > author["id"]


def test_a_softly_deleted_document_can_come_back(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada")
    book = make(client, "/books", title="A", author_id=author["id"])
    path, admin = f"/books/{book['id']}", f"/libraries/{MINE}/books"
    client.delete(path)
    assert client.get(path).status_code == 404
    assert client.get(admin).json() == []
    assert [one["is_deleted"] for one in client.get(admin, params={"is_deleted": "true"}).json()] == [True]
    assert client.put(f"{admin}/{book['id']}", json={"title": "B"}).status_code == 404
    assert client.put(f"{admin}/{book['id']}", json={"is_deleted": False}).json()["is_deleted"] is False
    assert client.get(path).json()["title"] == "A"


def test_a_softly_deleted_document_cannot_be_referred_to(client: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada")
    book = make(client, "/books", title="A", author_id=author["id"])
    client.delete(f"/books/{book['id']}")
    assert "body.book_id" in refused(client.post("/reviews", json={"book_id": book["id"], "text": "Good"}))


def test_deletion_reaches_parts_releases_the_loose_and_keeps_the_rest(client: httpx.Client, state: State) -> None:
    ada, bob = (make(client, "/authors", name=name)["id"] for name in ("Ada", "Bob"))
    shelf = make(client, f"/libraries/{MINE}/shelves", label="A")["id"]
    books = [
        make(client, "/books", title=str(n), author_id=author, shelf_id=shelf)["id"]
        for n, author in enumerate((ada, ada, bob))
    ]
    for book in books:
        make(client, "/reviews", book_id=book, author_id=ada, text="Good")
    client.delete(f"/libraries/{MINE}/shelves/{shelf}")
    assert [book["shelf_id"] for book in client.get("/books").json()] == [None, None, None]
    client.delete(f"/authors/{ada}")
    assert [book["id"] for book in client.get("/books").json()] == [books[2]]
    # What was written about the author's own books went with them; the review by the author stays.
    assert [(one["book_id"], one["author_id"]) for one in client.get("/reviews").json()] == [(books[2], ada)]
    assert resources_of(state).records.dangling(state) == [f"reviews {FIRST + 2}: author_id {ada}"]


def test_owners_do_not_see_each_other(client: httpx.Client, stranger: httpx.Client) -> None:
    author = make(client, "/authors", name="Ada")
    path = f"/authors/{author['id']}"
    answers = [stranger.get(path), stranger.put(path, json={"name": "O"}), stranger.delete(path)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert stranger.get("/authors").json() == []


def test_what_has_no_owner_is_seen_by_all(client: httpx.Client, stranger: httpx.Client, state: State) -> None:
    resources_of(state).records.seed(state, "authors", {"id": 5, "name": "Anon"})
    assert [one.get("/authors/5").json()["name"] for one in (client, stranger)] == ["Anon", "Anon"]
    assert make(client, "/books", title="A", author_id=5)["author_id"] == 5


def test_a_parent_in_the_path_limits_what_is_seen(client: httpx.Client) -> None:
    shelf = make(client, f"/libraries/{OTHER}/shelves", label="A")
    assert shelf["library_id"] == OTHER
    assert client.get(f"/libraries/{OTHER}/shelves").json() == [shelf]
    assert client.get(f"/libraries/{MINE}/shelves").json() == []
    assert client.get(f"/libraries/{MINE}/shelves/{shelf['id']}").status_code == 404
    assert client.get(f"/libraries/{OTHER}/shelves/{shelf['id']}").json() == shelf


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_parent_answers_404(client: httpx.Client, method: str) -> None:
    assert client.request(method, "/libraries/9/shelves", json={"label": "A"}).status_code == 404


def test_the_emulator_itself_makes_documents_under_the_same_rules(client: httpx.Client, state: State) -> None:
    author = make(client, "/authors", name="Ada")
    records = resources_of(state).records
    with state.store.transaction():
        book = records.insert(state, "books", {"title": " A ", "author_id": author["id"]}, user=7)
        changed = records.change(state, "books", book, {"pages": 5})
    shown = client.get(f"/books/{book['id']}").json()
    assert (shown["title"], shown["pages"], shown["created_by"], book["library_id"]) == ("A", 5, 7, MINE)
    assert changed["pages"] == 5
    records.remove(state, "books", changed)
    assert records.count(state, "books") == 0


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ((*TABLE, Resource("planets")), "planets has no operation"),
        ((*TABLE, Resource("books")), "same tag"),
        ((*TABLE, Resource("reviewers", of="people")), "shows people, which is not declared"),
        (tuple(one for one in TABLE if one.tag != "shelves"), "refers to shelves, which is not declared"),
        (
            (*(one for one in TABLE if one.tag != "shelves"), Resource("shelves")),
            r"declare which field each of \['lid'\]",
        ),
        ((*(one for one in TABLE if one.tag != "authors"), Resource("authors")), "declare a filter for it"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(table: tuple[Resource, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        library(table)

"""Plain resources: every kind of filter against a brute force, pages, order, expansion, fields and links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START
from tests.emulator.library import MINE, OTHER, client_of, everything, library

Item = dict[str, Any]
NAMES = ("Ada Lovelace", "ada k.", "Bob", "Émile Zola", "STRASSE", "Straße", "100%_", "")
GENRES: tuple[list[str], ...] = (["prose"], ["prose", "verse"], ["drama"], [])
AUTHORS = 45


@pytest.fixture(scope="module")
def filled() -> Iterator[World]:
    """Return a world with authors and books of two owners; nothing in this module changes it."""
    world = Emulator([library()], check_replies=True).make_world("library", ManualClock(START))
    state = world.states["library"]
    records = resources_of(state).records
    for number in range(1, AUTHORS + 1):
        name = NAMES[number % len(NAMES)]
        author = {
            "id": number,
            "library_id": OTHER if number % 9 == 0 else MINE,
            "name": name,
            "email": None if number % 5 == 0 else f"{name[:2]}{number}@Example.com",
            "born": None if number % 7 == 0 else 1900 + number % 4,
            "alive": number % 2 == 0,
            "rank": number % 3 + 0.5,
            "genres": GENRES[number % len(GENRES)],
            "joined_at": None if number % 6 == 0 else f"2026-01-0{number % 4 + 1}T10:00:0{number % 3}.000000Z",
        }
        book = {
            "id": number,
            "library_id": author["library_id"],
            "title": f"Title {number % 5}",
            "author_id": number,
            "shelf_id": None,
            "pages": 50 * (number % 6),
            "is_deleted": number % 11 == 0,
        }
        records.seed(state, "authors", author)
        records.seed(state, "books", book)
    yield world
    world.close()


@pytest.fixture(scope="module")
def client(filled: World) -> Iterator[httpx.Client]:
    with client_of(filled) as opened:
        yield opened


def among(item: Item, field: str, term: str) -> bool:
    return term.casefold() in (item[field] or "").casefold()


def titled(client: httpx.Client, title: str) -> set[int]:
    return {book["author_id"] for book in everything(client, "/books") if book["title"] == title}


AUTHOR_FILTERS: dict[str, tuple[str, Callable[[Item], bool]]] = {
    "an id": ("id=7", lambda a: a["id"] == 7),
    "an unknown id": ("id=9999", lambda a: False),
    "an id of any size": (f"id={10**30}", lambda a: False),
    "ids with brackets": ("ids[]=3&ids[]=8&ids[]=999", lambda a: a["id"] in (3, 8)),
    "ids with numbers": ("ids[1]=3&ids[0]=8", lambda a: a["id"] in (3, 8)),
    "ids without brackets": ("ids=3&ids=8", lambda a: a["id"] in (3, 8)),
    "ids in two ways": ("ids=3&ids[7]=8&ids%5B%5D=4", lambda a: a["id"] in (3, 4, 8)),
    "text": ("name=Bob", lambda a: a["name"] == "Bob"),
    "text in another case": ("name=bob", lambda a: False),
    "a nullable number": ("born=1902", lambda a: a["born"] == 1902),
    "true": ("alive=true", lambda a: a["alive"]),
    "false": ("alive=false", lambda a: not a["alive"]),
    "a fraction": ("rank=1.5", lambda a: a["rank"] == 1.5),
    "a search": ("s=ada", lambda a: among(a, "name", "ada") or among(a, "email", "ada")),
    "a search in the other field": ("s=EXAMPLE", lambda a: among(a, "email", "example")),
    "a search with capital accents": ("s=%C3%89MILE", lambda a: among(a, "name", "émile")),
    "a search that folds": ("s=strasse", lambda a: a["name"] in ("Straße", "STRASSE")),
    "a search for what SQL would read": ("s=0%25_", lambda a: among(a, "name", "0%_") or among(a, "email", "0%_")),
    "a search for nothing": ("s=", lambda a: True),
    "a search across fields": ("s=bobbo", lambda a: False),
    "an entry of a list": ("genres[]=verse", lambda a: "verse" in a["genres"]),
    "one of several entries": ("genres=verse&genres=drama", lambda a: bool({"verse", "drama"} & set(a["genres"]))),
    "a part of an entry": ("genres[]=vers", lambda a: False),
    "an instant": ("joined_at=2026-01-02T10:00:01Z", lambda a: a["joined_at"] == "2026-01-02 10:00:01+00"),
    "an instant elsewhere": (
        "joined_at=2026-01-02T12:00:01%2B02:00",
        lambda a: a["joined_at"] == "2026-01-02 10:00:01+00",
    ),
    "a day": ("joined_at=2026-01-03", lambda a: (a["joined_at"] or "").startswith("2026-01-03")),
    "no instant": ("joined_at=soon", lambda a: False),
    "a beginning": ("from=2026-01-03T10:00:01Z", lambda a: (a["joined_at"] or "") >= "2026-01-03 10:00:01"),
    "an end": (
        "to=2026-01-03T10:00:01Z",
        lambda a: a["joined_at"] is not None and a["joined_at"] <= "2026-01-03 10:00:01+00",
    ),
    "days from and to": (
        "from=2026-01-02&to=2026-01-03",
        lambda a: a["joined_at"] is not None and "2026-01-02" <= a["joined_at"] < "2026-01-04",
    ),
    "seconds since 1970": ("since=1767434401", lambda a: (a["joined_at"] or "") >= "2026-01-03 10:00:01"),
    "a derived field": ("initial=A", lambda a: a["name"].startswith("A")),
    "two filters": ("alive=true&born=1900", lambda a: a["alive"] and a["born"] == 1900),
}


@pytest.mark.parametrize(("query", "fits"), AUTHOR_FILTERS.values(), ids=AUTHOR_FILTERS.keys())
def test_a_filter_keeps_what_a_brute_force_keeps(
    client: httpx.Client, query: str, fits: Callable[[Item], bool]
) -> None:
    whole = everything(client, "/authors")
    parameters = httpx.QueryParams(query)
    found = everything(client, "/authors", **{name: parameters.get_list(name) for name in parameters})
    assert [one["id"] for one in found] == [one["id"] for one in whole if fits(one)]


def test_most_filters_keep_some_and_not_all(client: httpx.Client) -> None:
    sizes = [sum(map(fits, everything(client, "/authors"))) for _, fits in AUTHOR_FILTERS.values()]
    assert sum(0 < size < AUTHORS - AUTHORS // 9 for size in sizes) >= 24


@pytest.mark.parametrize("title", ["Title 1", "Title 9"])
def test_a_filter_goes_through_other_documents(client: httpx.Client, title: str) -> None:
    wanted = titled(client, title)
    found = everything(client, "/authors", book_title=title)
    assert {one["id"] for one in found} == wanted
    assert len(found) == len(wanted)


BOOK_FILTERS: dict[str, tuple[dict[str, Any], Callable[[Item], bool]]] = {
    "a reference": ({"author_id": 4}, lambda b: b["author_id"] == 4),
    "a part of the title": ({"title": "LE 3"}, lambda b: b["title"] == "Title 3"),
    "numbers": ({"pages[]": [50, 100]}, lambda b: b["pages"] in (50, 100)),
    "one's own function": ({"thick": 150}, lambda b: b["pages"] >= 150),
    "a search among others": ({"author_name": "ADA"}, lambda b: "ada" in b["author"]["name"].casefold()),
}


@pytest.mark.parametrize(("query", "fits"), BOOK_FILTERS.values(), ids=BOOK_FILTERS.keys())
def test_books_are_filtered(client: httpx.Client, query: dict[str, Any], fits: Callable[[Item], bool]) -> None:
    wanted = [book["id"] for book in everything(client, "/books", expand="author") if fits(book)]
    assert [book["id"] for book in everything(client, "/books", **query)] == wanted
    assert wanted


def test_deleted_ones_are_listed_for_those_who_ask(client: httpx.Client) -> None:
    shown = client.get(f"/libraries/{MINE}/books", params={"pageSize": 9}).headers["X-Total"]
    hidden = everything(client, f"/libraries/{MINE}/books", is_deleted="true")
    assert [one["id"] for one in hidden] == [44, 33, 22, 11]
    assert int(shown) == AUTHORS - AUTHORS // 9 - len(hidden)


@pytest.mark.parametrize("query", ["ids[]=x", "ids[0]=x", "id=1&id=2", "alive=1", "page=0", "pageSize=0"])
def test_a_value_of_the_wrong_kind_is_refused(client: httpx.Client, query: str) -> None:
    assert client.get(f"/authors?{query}").status_code == 400


@pytest.mark.parametrize("size", [1, 4, 9, 1000])
@pytest.mark.parametrize("query", [{}, {"alive": "true"}])
def test_pages_add_up_to_the_whole(client: httpx.Client, size: int, query: dict[str, Any]) -> None:
    ids = [one["id"] for one in everything(client, "/authors", pageSize=size, **query)]
    expected = [n for n in range(AUTHORS, 0, -1) if n % 9 and (not query or n % 2 == 0)]
    assert ids == expected


def test_headers_tell_the_place_of_a_page(client: httpx.Client) -> None:
    answer = client.get("/authors", params={"pageSize": 8, "page": 2, "alive": "true"})
    told = [answer.headers[name] for name in ("X-Total", "X-Pages", "X-Page", "X-Per-Page")]
    assert told == ["20", "3", "2", "8"]
    assert len(answer.json()) == 8


def test_links_lead_to_the_neighbours(client: httpx.Client) -> None:
    answer = client.get("/authors", params={"pageSize": 8, "page": 2, "alive": "true"})
    relations = {name: link["url"] for name, link in answer.links.items()}
    assert list(relations) == ["self", "first", "prev", "next", "last"]
    assert client.get(relations["self"]).json() == answer.json()
    walked = [one["id"] for name in ("prev", "self", "next") for one in client.get(relations[name]).json()]
    assert walked == [n for n in range(AUTHORS, 0, -1) if n % 9 and n % 2 == 0]


@pytest.mark.parametrize(
    ("page", "relations"), [(1, {"self", "first", "next", "last"}), (3, {"self", "first", "prev", "last"})]
)
def test_the_ends_have_one_neighbour(client: httpx.Client, page: int, relations: set[str]) -> None:
    assert set(client.get("/authors", params={"pageSize": 8, "page": page, "alive": "true"}).links) == relations


def test_a_page_beyond_the_last_is_the_last(client: httpx.Client) -> None:
    last = client.get("/authors", params={"pageSize": 9, "page": 5})
    beyond = client.get("/authors", params={"pageSize": 9, "page": 2_147_483_647})
    assert beyond.json() == last.json()
    assert beyond.headers["X-Page"] == "5"


def test_a_size_above_the_largest_counts_as_the_largest(client: httpx.Client) -> None:
    answer = client.get("/authors", params={"pageSize": 1000})
    assert (len(answer.json()), answer.headers["X-Per-Page"]) == (9, "9")


def test_an_empty_list_has_no_pages(client: httpx.Client) -> None:
    answer = client.get("/authors", params={"name": "Nobody"})
    assert (answer.json(), answer.headers["X-Pages"], answer.headers["X-Page"]) == ([], "0", "1")
    assert set(answer.links) == {"self"}


def test_a_list_is_sorted_as_declared(filled: World) -> None:
    with client_of(filled) as client:
        for label, place in (("a", 3), ("b", None), ("c", 1), ("d", 3)):
            client.post(f"/libraries/{OTHER}/shelves", json={"label": label, "place": place})
        assert [one["label"] for one in client.get(f"/libraries/{OTHER}/shelves").json()] == ["c", "a", "d", "b"]


def test_expansion_puts_objects_in_and_reaches_into_them(client: httpx.Client) -> None:
    plain = client.get("/books/4").json()
    assert "author" not in plain
    book = client.get("/books/4", params={"expand": "author.openCount,shelf,nonsense.more"}).json()
    author = client.get("/authors/4").json()
    assert book == plain | {"author": author | {"openCount": 5}, "shelf": None}


def test_expansion_works_in_lists(client: httpx.Client) -> None:
    for book in everything(client, "/books", expand="author"):
        assert book["author"]["id"] == book["author_id"]


def test_a_reference_can_expand_under_another_name(filled: World) -> None:
    with client_of(filled) as client:
        body = {"book_id": 4, "author_id": 5, "text": "Good"}
        review = client.post("/reviews", json=body, params={"expand": "critic,book"}).json()
    assert (review["critic"]["id"], review["book"]["heading"]) == (5, "Title 4 (11)")


def test_fields_select_properties(client: httpx.Client) -> None:
    assert client.get("/authors/4", params={"fields": "id,name,nonsense"}).json() == {"id": 4, "name": "STRASSE"}
    assert set(client.get("/books/4", params={"fields": "id", "expand": "author"}).json()) == {"id", "author"}


def test_computed_properties_cost_one_query_for_a_page(filled: World, client: httpx.Client) -> None:
    cache = filled.states["library"].cache
    before = cache.get("pages counted", 0)
    page = client.get("/authors", params={"pageSize": 9}).json()
    assert cache["pages counted"] == before + 1
    assert [one["bookCount"] for one in page] == [0 if one["id"] % 11 == 0 else 1 for one in page]


def test_links_are_filled_in_and_left_out_without_a_value(client: httpx.Client) -> None:
    links = client.get("/authors/4").json()["_links"]
    assert links == {
        "self": {"href": "/authors/4"},
        "mail": {"href": "mailto:ST4%40Example.com"},
        "books": {"href": "/books?author_id=4"},
    }
    assert set(client.get("/authors/5").json()["_links"]) == {"self", "books", "odd"}
    assert client.get("/books/4").json()["_links"] == []

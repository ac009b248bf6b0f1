"""Query filters of Talview that look at something else than the field of their name: what they keep, by brute force."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tests.emulator.conftest import START
from tests.emulator.talview_lists import Listed, Parameter, Reader, Row, lists
from tests.emulator.talview_matching import Matching, Texts, bounded, equality, instant, same, spread, text_search

Maker = Callable[[Reader, Listed, Parameter], Matching]
RECENTLY: Final = timedelta(days=7)
"""How long an evaluation counts as recent; the emulator's table of decisions says so."""


def other_field(field: str) -> Maker:
    """Compare another field than that of the name."""
    return lambda reader, listed, parameter: equality(
        parameter, [row[field] for row in reader.rows(listed.id)], lambda row: row[field]
    )


def through(related: str, given: str, *, leads_to: str = "id", field: str = "id") -> Maker:
    """Compare a field of the rows of another list.

    Args:
        related: The other list.
        given: Its field.
        leads_to: Its field with the number that the filtered row has too.
        field: The field in which that row has it.
    """

    def make(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
        known = [(row[leads_to], row[given]) for row in reader.rows(related)]
        there = {row[field] for row in reader.rows(listed.id)}
        kept, idle = ([value for number, value in known if (number in there) is some] for some in (True, False))
        return pairs(parameter, known, field, ask=[*spread(kept, 3), *spread(idle, 1)])

    return make


def pairs(
    parameter: Parameter, known: Iterable[tuple[Any, Any]], field: str = "id", *, ask: Iterable[Any] | None = None
) -> Matching:
    """Keep rows whose number goes with a value.

    Args:
        parameter: The parameter.
        known: Numbers, each with a value that goes with it.
        field: The field of the rows in which the number stands.
        ask: Values that are worth asking for; None for some of those that are known.
    """
    found: dict[Any, list[Any]] = {}
    for number, value in known:
        found.setdefault(number, []).append(value)

    def keeps(row: Row, texts: Texts) -> bool:
        return any(same(parameter.item, value, text) for value in found.get(row[field], ()) for text in texts)

    values = [value for told in found.values() for value in told] if ask is None else ask
    return Matching(equality(parameter, values, lambda row: row).values, keeps)


def search(*fields: str) -> Maker:
    """Search fields of the rows themselves."""
    return lambda reader, listed, _: text_search(reader.rows(listed.id), lambda row: [row[name] for name in fields])


def search_in(related: str, *fields: str, field: str) -> Maker:
    """Search fields of those rows of another list whose ids stand in a field."""

    def make(reader: Reader, listed: Listed, _: Parameter) -> Matching:
        others = {row["id"]: row for row in reader.rows(related)}
        return text_search(reader.rows(listed.id), lambda row: [others[row[field]][name] for name in fields])

    return make


def flag(kept: Callable[[Reader, Listed], Callable[[Row], bool]]) -> Maker:
    """Turn a condition on with 1; with 0 everything is kept."""

    def make(reader: Reader, listed: Listed, _: Parameter) -> Matching:
        holds = kept(reader, listed)
        return Matching([("1",), ("0",)], lambda row, texts: texts == ("0",) or holds(row))

    return make


def _sort_keys(reader: Reader) -> dict[Any, Any]:
    """Return the sort key of the status of each assessment candidate."""
    rows = reader.rows("assessment_candidates_list", expand="status")
    return {row["id"]: row["status"]["sort_key"] for row in rows}


def _with_sort_key(key: int) -> Maker:
    return flag(lambda reader, _: lambda row: _sort_keys(reader)[row["id"]] == key)


def _sort_key(field: str) -> Maker:
    return lambda reader, _, parameter: pairs(parameter, list(_sort_keys(reader).items()), field)


def _without_panel(field: str) -> Maker:
    def kept(reader: Reader, _: Listed) -> Callable[[Row], bool]:
        assigned = {row[field] for row in reader.rows("panel_candidates_list")}
        return lambda row: row["id"] not in assigned

    return flag(kept)


def _recently_evaluated(reader: Reader, _: Listed) -> Callable[[Row], bool]:
    del reader
    return lambda row: row["evaluated_at"] is not None and instant(row["evaluated_at"]) >= START - RECENTLY


def _by_me(reader: Reader, _: Listed) -> Callable[[Row], bool]:
    me = reader.one("/user/me")["id"]
    return lambda row: bool(row["evaluated_by"] == me)


def _day(fits: Callable[[str, str], bool]) -> Maker:
    """Compare the day on which something was created."""

    def make(reader: Reader, listed: Listed, _: Parameter) -> Matching:
        days = [datetime.fromisoformat(row["created_at"][:10]) for row in reader.rows(listed.id)]
        texts = [f"{day + timedelta(days=more):%Y-%m-%d}" for day in spread(days) for more in (-1, 0, 1)]
        return Matching([(text,) for text in texts], lambda row, given: fits(row["created_at"][:10], given[0]))

    return make


def _starts(reader: Reader, listed: Listed, _: Parameter) -> Matching:
    begins = [row["from"] for row in reader.rows(listed.id)]
    return bounded(begins, lambda row: row["from"], lambda at, given: at >= given, seconds=True)


def _custom_fields(reader: Reader, listed: Listed, _: Parameter) -> Matching:
    known = [row["cf"] for row in reader.rows(listed.id) if row["cf"]]
    wrong = [{name: "no such value"} for name in known[0]] + [{"no-such-field": 1}, {**known[0], "no-such-field": 1}]

    def keeps(row: Row, texts: Texts) -> bool:
        return bool(row["cf"]) and json.loads(texts[0]).items() <= row["cf"].items()

    return Matching([(json.dumps(one),) for one in (*known, *wrong)], keeps)


def _content(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
    texts = [text for row in reader.rows(listed.id) for text in row["content"].values()]
    return Matching(
        equality(parameter, texts, lambda row: row).values, lambda row, given: given[0] in row["content"].values()
    )


def _category(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
    """Tell e-mails (1) from text messages (2) by what is said about the type; the object has no field for it."""
    kinds = [(row["id"], 2 if "text message" in row["description"] else 1) for row in reader.rows(listed.id)]
    return pairs(parameter, kinds)


def _roles(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
    """Compare the labels that answers show, as the specification describes each value."""
    named = zip(parameter.item["enum"], parameter.item["x-enum-descriptions"], strict=True)
    labels = {value: text.rstrip(".").partition(",")[0] for value, text in named}
    assert {label for row in reader.rows(listed.id) for label in row["roles"]} <= set(labels.values())
    return Matching(
        equality(parameter, (), lambda row: row).values,
        lambda row, texts: any(labels[text] in row["roles"] for text in texts),
    )


def _of_user(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
    """List the calendar of another user; without the filter it is that of the caller."""
    return equality(
        parameter, [row["user_id"] for row in reader.rows("user_calendars_list")], lambda row: row["user_id"]
    )


def _of_menu_card(reader: Reader, _: Listed, parameter: Parameter) -> Matching:
    """Keep candidates who are invited to an assessment of a menu card."""
    cards = [(row["assessment_id"], row["menu_card_id"]) for row in reader.rows("menu_card_assessments_list")]
    invited = [(row["candidate_id"], row["assessment_id"]) for row in reader.rows("assessment_candidates_list")]
    return pairs(parameter, [(one, card) for one, of in invited for place, card in cards if of == place])


def _asked_for(kind: str, field: str) -> Maker:
    """Keep what a section asks for, alone or as an entry of its list."""

    def make(reader: Reader, _: Listed, parameter: Parameter) -> Matching:
        rows = [*reader.rows(kind), *reader.rows("section_combined_list")]
        return pairs(parameter, [(row[field], row["section_id"]) for row in rows])

    return make


def _judged(tell: Callable[[Any], Any]) -> Maker:
    """Compare what the latest evaluation by a panel member says of a section candidate.

    Args:
        tell: Returns what is compared of a recommendation, which is None without an evaluation.
    """

    def make(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
        latest: dict[Any, Any] = {}
        for row in reversed(reader.rows("evaluations_list")):  # the list begins with the latest
            latest[row["panel_id"], row["assessment_section_candidate_id"]] = row["recommendation"]
        known = [
            (row["id"], tell(latest.get((row["panel_id"], row["assessment_section_candidate_id"]))))
            for row in reader.rows(listed.id)
        ]
        return pairs(parameter, known)

    return make


def _files_of_answers(reader: Reader) -> list[tuple[Any, Any]]:
    """Return the files of answers, each with the answer."""
    return [(file["id"], row["id"]) for row in reader.rows("mobile_answers_list") for file in row["submitted_files"]]


def _files_of_invited(field: str) -> Maker:
    """Keep files that were attached to somebody invited, or to one of their answers."""

    def make(reader: Reader, _: Listed, parameter: Parameter) -> Matching:
        answers = {row["id"]: row[field] for row in reader.rows("answers_list")}
        attached = [(row["file_id"], row[field]) for row in reader.rows("assessment_candidate_files_list")]
        answered = [(file, answers[answer]) for file, answer in _files_of_answers(reader) if answer in answers]
        return pairs(parameter, [*attached, *answered])

    return make


def _recordings(reader: Reader, _: Listed, parameter: Parameter) -> Matching:
    sessions = reader.rows("live_sessions_list", expand="recordings")
    return pairs(parameter, [(file["id"], row["id"]) for row in sessions for file in row["recordings"]])


def stated(*known: tuple[int, int]) -> Maker:
    """Go by what the start world holds, told here: numbers of rows, each with the value that goes with it."""
    return lambda _, __, parameter: pairs(parameter, known)


_CANDIDATE: Final = ("first_name", "last_name", "email")
ELSEWHERE: Final[Mapping[tuple[str, str], Maker]] = {
    ("admin_categories_list", "s"): search("name"),
    ("admin_menu_cards_list", "s"): search("name", "code"),
    ("admin_notification_logs_list", "from"): _day(str.__ge__),
    ("admin_notification_logs_list", "to"): _day(str.__le__),
    ("admin_notification_logs_list", "s"): search("subject", "content", "from_address", "to_address"),
    ("admin_notification_logs_list", "label"): through(
        "admin_notification_template_types_list", "label", leads_to="type_id", field="type_id"
    ),
    ("admin_notification_template_tags_list", "s"): search("tag", "description"),
    ("admin_notification_template_types_list", "s"): search("label", "description"),
    ("admin_notification_template_types_list", "category"): _category,
    ("admin_select_field_data_list", "value_exact"): other_field("value"),
    ("admin_user_categories_list", "s"): search_in("categories_list", "name", field="category_id"),
    ("assessments_list", "status"): other_field("status_id"),
    ("assessments_list", "cf"): _custom_fields,
    ("assessments_list", "event_id"): through("event_assessments_list", "event_id", leads_to="assessment_id"),
    ("assessments_list", "menu_card_id"): through(
        "menu_card_assessments_list", "menu_card_id", leads_to="assessment_id"
    ),
    ("assessment_candidates_list", "s"): search_in("candidates_list", *_CANDIDATE, "external_id", field="candidate_id"),
    ("assessment_candidates_list", "status_sort_key"): _sort_key("id"),
    ("assessment_candidates_list", "panel_id"): through(
        "panel_candidates_list", "panel_id", leads_to="assessment_candidate_id"
    ),
    ("assessment_candidates_list", "isPendingInvite"): _with_sort_key(10),
    ("assessment_candidates_list", "isUnassigned"): _without_panel("assessment_candidate_id"),
    ("assessment_candidates_list", "isPendingEval"): _with_sort_key(50),
    ("assessment_candidates_list", "isRecentEval"): flag(_recently_evaluated),
    ("assessment_sections_list", "section_type_id[]"): through("sections_list", "section_type_id", field="section_id"),
    ("assessment_section_candidates_list", "unassigned"): _without_panel("assessment_section_candidate_id"),
    ("calendar_list", "user_id"): _of_user,
    ("calendar_list", "startsAt"): _starts,
    ("user_calendars_list", "startsAt"): _starts,
    ("candidates_list", "menu_card_id"): _of_menu_card,
    ("categories_list", "question_id"): stated((12, 84073), (12, 84074), (513, 62028)),
    ("evaluations_list", "self"): flag(_by_me),
    ("events_list", "s"): search("title", "code", "external_id"),
    ("events_list", "assessment_id"): through("event_assessments_list", "assessment_id", leads_to="event_id"),
    ("event_candidates_list", "assessment_id"): through(
        "assessment_candidates_list", "assessment_id", field="assessment_candidate_id"
    ),
    ("event_candidates_list", "s"): search_in("candidates_list", *_CANDIDATE, field="candidate_id"),
    ("event_candidates_list", "status_sort_key"): _sort_key("assessment_candidate_id"),
    ("files_list", "answer_id"): lambda reader, _, parameter: pairs(parameter, _files_of_answers(reader)),
    ("files_list", "assessment_candidate_id"): _files_of_invited("assessment_candidate_id"),
    ("files_list", "assessment_section_candidate_id"): _files_of_invited("assessment_section_candidate_id"),
    ("files_list", "candidate_id"): through("candidate_file_attachments_list", "candidate_id", leads_to="file_id"),
    ("files_list", "form_instance_id"): through("form_instance_files_list", "form_instance_id", leads_to="file_id"),
    ("files_list", "live_session_id"): _recordings,
    ("files_list", "question_id"): stated((13960366, 141)),
    ("form_instances_list", "type[]"): through("forms_list", "type", field="form_id"),
    ("live_attendee_flashes_list", "live_session_id"): through("live_attendees_list", "live_session_id"),
    ("live_attendee_flashes_list", "email"): through("live_attendees_list", "email"),
    ("panels_list", "assessment_id"): through(
        "assessment_sections_list", "assessment_id", field="assessment_section_id"
    ),
    ("panel_candidates_list", "evaluated"): _judged(lambda recommendation: recommendation is not None),
    ("panel_candidates_list", "recommendation"): _judged(lambda recommendation: recommendation),
    ("parameters_list", "section_id"): through("section_parameters_list", "section_id", leads_to="parameter_id"),
    ("questions_list", "content"): _content,
    ("questions_list", "section_id"): _asked_for("section_questions_list", "question_id"),
    ("skills_list", "question_id"): through("question_skills_list", "question_id", leads_to="skill_id"),
    ("skills_list", "section_id"): _asked_for("section_skills_list", "skill_id"),
    ("users_list", "roles[]"): _roles,
}
"""By list operation and parameter. Nothing shows or changes category and files of a question; they are told here."""
assert set(ELSEWHERE) <= {(listed.id, name) for listed in lists().values() for name in listed.filters}

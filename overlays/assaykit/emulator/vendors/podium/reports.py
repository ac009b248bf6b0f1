"""Reports: ordered, queued, generated as the clock advances, kept for a year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import day_range, instant_text, parse_instant
from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import CONFLICT, GONE, NOT_FOUND, Field, Rejected
from assaykit.emulator.engine.storage import Document, Storage, Where, change, equal
from assaykit.emulator.engine.vendor import Action, Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.documents import MEDIA_TYPES, WRITERS, archive
from assaykit.emulator.vendors.podium.errors import REPORT_EXPIRED, REPORT_NOT_READY
from assaykit.emulator.vendors.podium.records import (
    BUNDLES,
    INVITATIONS,
    LINKS,
    NORMS,
    PARTICIPANTS,
    REPORTS,
    ROLE_PROFILES,
    TESTS,
    client_of,
    known,
    unknown,
)
from assaykit.emulator.vendors.podium.scoring import scores

GENERATION: Final = timedelta(seconds=3)
"""How long a report stays in the queue."""
KEPT: Final = timedelta(days=365)
LINK_LIFETIME: Final = timedelta(hours=1)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
behaviours = Behaviours()


def _participants(call: Call, client: Document) -> list[str]:
    ids = call.body["participantIds"]
    for index, participant in enumerate(
        known(call.state.store, PARTICIPANTS, "participant", ids, "body.participantIds")
    ):
        if participant["clientId"] != client["id"]:
            raise unknown("participant", f"body.participantIds[{index}]")
    return list(dict.fromkeys(ids))


def _queue(call: Call, client: Document, participant_ids: Sequence[str]) -> Success:
    """Check what the report is to hold, and put it into the queue."""
    store, body = call.state.store, call.body
    bundle = store.get(BUNDLES, body["reportBundleId"])
    if bundle is None:
        raise unknown("report bundle", "body.reportBundleId")
    for index, report_id in enumerate(body["reportIds"]):
        if report_id not in bundle["reports"]:
            raise unknown("report", f"body.reportIds[{index}]")
    norms = known(store, NORMS, "norm", body["normIds"], "body.normIds")
    profiles = known(store, ROLE_PROFILES, "role profile", body.get("roleProfileIds", ()), "body.roleProfileIds")
    queue_id = f"1-1-{call.state.ids.uuid('report')}"
    now = call.state.clock.now()
    store.insert(
        REPORTS,
        queue_id,
        {
            "id": queue_id,
            "clientId": client["id"],
            "participantIds": list(participant_ids),
            "reportIds": list(dict.fromkeys(body["reportIds"])),
            "normIds": [norm["id"] for norm in norms],
            "roleProfileIds": [profile["id"] for profile in profiles],
            "format": body.get("format", "docx"),
            "requestedAt": instant_text(now),
            "readyAt": instant_text(now + GENERATION),
            "error": False,
            "suspended": False,
        },
    )
    return Success({"reportQueueId": queue_id})


@behaviours.operation("reports_request")
def request(call: Call) -> Success:
    """Order a report on named participants."""
    client = client_of(call)
    return _queue(call, client, _participants(call, client))


@behaviours.operation("reports_request_by_date")
def request_by_date(call: Call) -> Success:
    """Order a report on everybody who completed a test within a range of days."""
    client = client_of(call)
    named = _participants(call, client) if "participantIds" in call.body else None
    completed = call.state.store.find(
        INVITATIONS,
        [
            *equal(clientId=client["id"]),
            Where("completedAt", "!=", None),
            *day_range("completedAt", call.body["startDate"], call.body["endDate"]),
        ],
        order=["completedAt"],
    )
    found = list(dict.fromkeys(invitation["participantId"] for invitation in completed))
    chosen = found if named is None else [participant_id for participant_id in named if participant_id in found]
    if not chosen:
        raise Rejected(
            NOT_FOUND,
            "Nobody completed a test within this range of days.",
            [Field("body.startDate", "begins a range without completed tests")],
        )
    return _queue(call, client, chosen)


def report_of(call: Call) -> Document:
    """Return the report in the path.

    Raises:
        Rejected: The client is unknown, or has no such report.
    """
    client = client_of(call)
    report = call.state.store.get(REPORTS, call.path["reportQueueId"])
    if report is None or report["clientId"] != client["id"]:
        raise unknown("report", "path.reportQueueId")
    return report


def completion(state: State, report: Document) -> str | None:
    """Return when a report was generated, or None if it has not been."""
    ready: str | None = report["readyAt"]
    return ready if ready is not None and ready <= state.now() else None


def shown_report(state: State, report: Document) -> dict[str, Any]:
    """Return how far a report has got, as the API shows it."""
    shown = {
        "completionDate": completion(state, report),
        "error": report["error"],
        "suspended": report["suspended"],
    }
    return edited("reports", report, shown)


@behaviours.operation("reports_status")
def status(call: Call) -> Success:
    """Tell how far a report has got."""
    return Success(shown_report(call.state, report_of(call)))


def require_document(state: State, report: Document) -> None:
    """Make sure that a report can be handed out.

    Raises:
        Rejected: It is not generated yet, will not be, or is no longer kept.
    """
    completed = completion(state, report)
    if completed is None:
        cause = (
            "The report is suspended."
            if report["suspended"]
            else "The report is not generated yet; ask for its status."
        )
        raise Rejected(CONFLICT, cause, code=REPORT_NOT_READY)
    if state.clock.now() >= parse_instant(completed) + KEPT:
        raise Rejected(GONE, "The report was generated more than a year ago and has been deleted.", code=REPORT_EXPIRED)


@behaviours.operation("reports_download")
def download(call: Call) -> Success:
    """Hand out the document."""
    report = report_of(call)
    require_document(call.state, report)
    return document_reply(call.state.store, report)


@behaviours.operation("reports_secure_link")
def secure_link(call: Call) -> Success:
    """Make an address that anybody can open for one hour."""
    report = report_of(call)
    require_document(call.state, report)
    token = call.state.ids.token("link")
    call.state.store.insert(
        LINKS,
        token,
        {"reportId": report["id"], "expiresAt": instant_text(call.state.clock.now() + LINK_LIFETIME)},
    )
    name = "reportdownload" + (".zip" if _is_archive(report) else f".{report['format']}")
    return Success({"downloadLink": f"{call.request.base_url}/downloads/{token}/{name}"})


def _is_archive(report: Document) -> bool:
    return len(report["participantIds"]) * len(report["reportIds"]) > 1


def document_reply(store: Storage, report: Document) -> Success:
    """Return the document of a report, or an archive if it covers several."""
    write = WRITERS[report["format"]]
    files = {
        f"{_UNSAFE.sub('_', participant_id)}-{_UNSAFE.sub('_', report_id)}.{report['format']}": write(
            _lines(store, report, participant_id, report_id)
        )
        for participant_id in report["participantIds"]
        for report_id in report["reportIds"]
    }
    if _is_archive(report):
        kind, name, content = "zip", "reports.zip", archive(files)
    else:
        kind, name, content = report["format"], f"report.{report['format']}", next(iter(files.values()))
    disposition = ("Content-Disposition", f'attachment; filename="{name}"')
    return Success(content, media_type=MEDIA_TYPES[kind], headers=(disposition,))


def _lines(store: Storage, report: Document, participant_id: str, report_id: str) -> list[str]:
    """Return the text of one document: the tests that were completed when it was generated, and their scores."""
    participant = store.get(PARTICIPANTS, participant_id) or {}
    norms = [norm for norm_id in report["normIds"] if (norm := store.get(NORMS, norm_id)) is not None]
    profiles = [
        profile
        for profile_id in report["roleProfileIds"]
        if (profile := store.get(ROLE_PROFILES, profile_id)) is not None
    ]
    lines = [
        f"Report {report_id}",
        f"Participant {participant.get('firstName', '')} {participant.get('lastName', '')} ({participant_id})",
        f"Generated {report['readyAt']}",
    ]
    where = [*equal(participantId=participant_id), Where("completedAt", "<=", report["readyAt"])]
    completed = store.find(INVITATIONS, where, order=["completedAt"])
    if not completed:
        lines.append("No completed tests.")
    for invitation in completed:
        test = store.get(TESTS, invitation["testId"])
        if test is None:
            continue
        lines.append(f"Test {test['id']}, completed {invitation['completedAt']}")
        for norm in norms:
            lines.extend(
                f"{norm['id']} {score['scaleId']}: raw {score['rawScore']}, percentile {score['percentileScore']}, "
                f"standardised {score['standardisedScore']}"
                for score in scores(invitation["rawScores"], test, norm, profiles)
            )
    return lines


def _named(state: State, arguments: Mapping[str, Any]) -> str:
    queue_id = arguments.get("reportQueueId")
    if not isinstance(queue_id, str) or state.store.get(REPORTS, queue_id) is None:
        raise Rejected(NOT_FOUND, "There is no report with this id.", [Field("reportQueueId", "is not known")])
    return queue_id


def _set(state: State, queue_id: str, **fields: Any) -> dict[str, Any]:
    report = change(state.store, REPORTS, queue_id, lambda document: document.update(fields))
    return {name: report[name] for name in ("id", "readyAt", "error", "suspended")}


def fail(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let the generation of a report meet an error: `{"reportQueueId": …}`. `finish-reports` mends it."""
    return _set(state, _named(state, arguments), error=True, suspended=False, readyAt=None)


def suspend(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Suspend a report for good: `{"reportQueueId": …}`."""
    return _set(state, _named(state, arguments), error=True, suspended=True, readyAt=None)


def finish(state: State, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Generate everything in the queue that is not suspended now, or just `reportQueueId`."""
    now = state.now()
    if "reportQueueId" in arguments:
        waiting = [_named(state, arguments)]
        if (state.store.get(REPORTS, waiting[0]) or {})["suspended"]:
            raise Rejected(CONFLICT, "The report is suspended for good; request it again.")
    else:
        waiting = [
            report["id"]
            for report in state.store.find(REPORTS)
            if completion(state, report) is None and not report["suspended"]
        ]
    return [_set(state, queue_id, error=False, suspended=False, readyAt=now) for queue_id in waiting]


ACTIONS: Final[dict[str, Action]] = {"fail-report": fail, "suspend-report": suspend, "finish-reports": finish}

"""Every field of the documented samples. `[]` is a list; a sample without an answer has an empty one."""

from __future__ import annotations

from typing import Final

_WHO: Final = "participantId integrationPartnerParticipantId integrationPartnerParticipantMetadata"
_TEST: Final = "invitationId testId creationDate completionDate expiryDate firstLaunched"
_SCORE: Final = "scaleId percentileScore rawScore standardisedScore"
_METADATA: Final = "candidateId assessmentId fieldId testStatus reviewedBy"


def _under(prefix: str, names: str) -> set[str]:
    return {f"{prefix}{name}" for name in names.split()}


def _status(prefix: str, who: str) -> set[str]:
    return _under(prefix, who) | _under(f"{prefix}tests[].", _TEST)


def _results(prefix: str) -> set[str]:
    results = _under(f"{prefix}results[].", "testId completionDate")
    return _under(prefix, _WHO) | results | _under(f"{prefix}results[].scores[].", _SCORE)


_STORED: Final = _under("integrationPartnerParticipantMetadata.", _METADATA)

FIELDS: Final[dict[str, set[str]]] = {
    "tokens_create": {"token"},
    "participants_create": {"participantId", "integrationPartnerParticipantId", "participantAssessmentUrl"},
    "tests_assign": _under("[].", "testId invitationId"),
    "tests_remove": set(),
    "invitations_send": set(),
    "participants_status": _status("", _WHO),
    "participants_status_by_partner_id": _status("[].", f"{_WHO} emailAddress"),
    # The start world's participant has not completed the second test that the sample asks for: no scores.
    "results_get": _results("") | {"results[].scores[]"},
    "results_list": _results("[]."),
    "metadata_update": _STORED,
    "metadata_update_by_partner_id": _STORED,
    "metadata_delete": set(),
    "metadata_delete_by_partner_id": set(),
    "reports_request": {"reportQueueId"},
    "reports_request_by_date": {"reportQueueId"},
    "reports_status": _under("", "completionDate error suspended"),
    "reports_download": set(),
    "reports_secure_link": {"downloadLink"},
    "credits_get": {"creditTotal"},
}

"""Files, kinds of files, forms, and menu cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Resource, belongs, each, loose, refers, resources_of
from assaykit.emulator.engine.resources.declarations import Conditions
from assaykit.emulator.engine.resources.filters import equals, selected, through
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import contents, converting, uploads
from assaykit.emulator.vendors.talview.tables.organizations import ORGANIZATION

PARTICULARS: Final[dict[str, str]] = {
    "fname": "First Name",
    "lname": "Last Name",
    "email": "Email",
    "phone": "Phone",
}
"""Names and labels of the fields that the server gives to a new form."""


def _structure() -> list[dict[str, Any]]:
    fields = {
        str(place): {"id": f"cf_{name}", "name": name, "type": "text", "label": label, "autocomplete": "on"}
        for place, (name, label) in enumerate(PARTICULARS.items(), 1)
    }
    return [{"id": 1, "name": "Assessment form", "fields": fields, "expandable": False}]


def _card_code(state: State, _: Document) -> str:
    return str(10_000_000 + int(state.ids.fraction("menu-card-code") * 90_000_000))


def _of_invited(field: str) -> Conditions:
    """Return a filter by somebody invited, who is known by a field: the files attached to them or to their answers."""

    def conditions(call: Call, value: int) -> Sequence[Where]:
        records, where = resources_of(call.state).records, [Where(field, "=", value)]
        # There is no "or" between selections; one candidate has few files.
        attached = [entry["file_id"] for entry in records.find(call.state, "assessment_candidate_files", where)]
        answered = [Where("answer_id", "in", selected(call, "answers", "id", where))]
        answers = [file["id"] for file in records.find(call.state, "files", answered)]
        return [Where("id", "in", sorted({*attached, *answers}))]

    return conditions


RESOURCES: Final = (
    Resource("file_types", "File type", scope="all", order=("id",)),
    Resource(
        "files",
        "File",
        references={"file_type_id": refers("file_types")},
        before={"create": contents.describe},
        after={"create": contents.keep_upload, "delete": contents.forget},
        indexes={"answer_id": int, "live_session_id": int, "question_id": int},
        filters={
            "assessment_candidate_id": _of_invited("assessment_candidate_id"),
            "assessment_section_candidate_id": _of_invited("assessment_section_candidate_id"),
            "candidate_id": through("candidate_file_attachments", "candidate_id", leads_to="file_id"),
            "form_instance_id": through("form_instance_files", "form_instance_id", leads_to="file_id"),
        },
        computed={"resourceUrl": each(contents.address), "pdfUrl": each(converting.address)},
        links={"fileType": "/models/file-type/{file_type_id}"},
    ),
    Resource(
        "file_uploads",
        "Upload",
        references={"file_type_id": refers("file_types")},
        computed={"path": each(contents.upload_path)},
        before={"create": uploads.decode},
        after={"create": uploads.keep_upload},
    ),
    Resource("mobile_file_uploads", "Upload", of="file_uploads"),
    Resource(
        "forms",
        "Form",
        soft=True,
        defaults={
            "structure": _structure(),
            "fieldKeys": list(PARTICULARS.values()),
            "status": 0,
            "is_public": False,
            "is_editable": False,
        },
    ),
    Resource("admin_forms", "Form", of="forms", parents=ORGANIZATION),
    Resource(
        "form_instances",
        "Filled-in form",
        references={
            "form_id": refers("forms"),
            "evaluation_id": loose("evaluations"),
            "assessment_section_id": belongs("assessment_sections"),
            "assessment_candidate_id": belongs("assessment_candidates"),
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
        },
        filters={"type[]": through("forms", "type", field="form_id")},
        links={"file": "/models/file?form_instance_id={id}"},
    ),
    Resource(
        "form_instance_files",
        "File of the form",
        references={"form_instance_id": belongs("form_instances"), "file_id": refers("files")},
    ),
    Resource(
        "menu_cards",
        "Menu card",
        soft=True,
        searches={"s": ("name", "code")},
        defaults={"code": _card_code},
        links={
            "candidates": "/models/candidate?menu_card_id={id}",
            "assessments": "/models/assessment?menu_card_id={id}",
            "sources": "/models/source?menu_card_id={id}",
            "menuCardCandidates": "/models/menu-card-candidate?menu_card_id={id}",
        },
    ),
    Resource(
        "admin_menu_cards",
        "Menu card",
        of="menu_cards",
        parents=ORGANIZATION,
        computed={"code": each(lambda _, document: int(document["code"]))},
        filters={"code": equals("code", str)},
    ),
    Resource(
        "menu_card_assessments",
        "Assessment of the menu card",
        references={"assessment_id": belongs("assessments"), "menu_card_id": belongs("menu_cards")},
    ),
)

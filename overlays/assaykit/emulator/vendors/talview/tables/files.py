"""Files, kinds of files, forms, and menu cards."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Resource, belongs, each, loose, refers, resources_of
from assaykit.emulator.engine.resources.filters import equals, through
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import contents, uploads
from assaykit.emulator.vendors.talview.tables.hooks import attached
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


def _detached(change: Change) -> None:
    """Forget on a file that it was handed in with a form."""
    records = resources_of(change.state).records
    document = records.get(change.state, "files", change.document["file_id"])
    if document is not None and document.get("form_instance_id") == change.document["form_instance_id"]:
        records.change(change.state, "files", document, {"form_instance_id": None}, user=change.user)


RESOURCES: Final = (
    Resource("file_types", "File type", scope="all", order=("id",)),
    Resource(
        "files",
        "File",
        references={"file_type_id": refers("file_types")},
        before={"create": contents.describe},
        after={"create": contents.keep_upload, "delete": contents.forget},
        indexes={
            "answer_id": int,
            "assessment_candidate_id": int,
            "assessment_section_candidate_id": int,
            "candidate_id": int,
            "form_instance_id": int,
            "live_session_id": int,
            "question_id": int,
        },
        computed={"resourceUrl": each(contents.address)},
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
        after={
            "create": attached("form_instance_id"),
            "update": attached("form_instance_id"),
            "delete": _detached,
        },
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

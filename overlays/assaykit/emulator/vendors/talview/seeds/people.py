"""Organizations of the start world, their users, account managers and permissions."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.credentials import (
    EVALUATOR_NAME,
    EVALUATOR_PASSWORD,
    OTHER_NAME,
    OTHER_PASSWORD,
    PASSWORD,
    RESET_TOKEN,
    UNUSED_RESET_TOKEN,
    USER_NAME,
)

COMPANY: Final = 488
OTHER: Final = 496
SUBSIDIARY: Final = 2
PARTNER: Final = 733
RECRUITER: Final = 30876
EVALUATOR: Final = 41
STRANGER: Final = 50001
"""The user of the second organization."""
_MANAGER: Final = 307856
_HELPERS: Final = (67656, 45285, 35432, 30023)
"""Users whom samples of panels and calendars name."""
_FURTHER: Final = range(70001, 70009)
_FLAGS: Final = (
    "isInterview", "isLive", "isObjective", "isEssay", "isCode", "isEvaluation", "isTyping", "isSimulation",
    "advancedProctorV3Enabled", "isPublicAttachment", "hasAssessmentCreate", "isAdhocLive", "isMobileAssessment",
    "chatbot_enabled", "isUploadPreForm", "isPearsonEnabled", "senderEmailEnabled",
)  # fmt: skip
PERMISSIONS: Final = (
    "assessment.create", "assessment.update", "candidate.create", "candidate.update", "evaluation.create",
    "event.create", "event.update", "live-session.schedule", "panel.assign", "question.create", "report.read",
    "user.create",
)  # fmt: skip


def fill(state: State) -> None:
    """Add them."""
    records = resources_of(state).records
    records.seed(
        state,
        "admin_organizations",
        _organization(COMPANY, "Sample Company", "80909"),
        _organization(OTHER, "Other Sample Company", None),
        _organization(SUBSIDIARY, "Sample Subsidiary", None),
        _organization(3, "Sample Shop", None),
        _organization(PARTNER, "Sample Partner", None),
    )
    records.seed(state, "users", *_users())
    records.seed(state, "admin_account_managers", *_managers(state))
    records.seed(
        state, "permission_names", *({"id": number, "name": name} for number, name in enumerate(PERMISSIONS, 1))
    )
    records.seed(state, "permissions", *_permissions())


def _organization(number: int, name: str, reference: str | None) -> dict[str, Any]:
    return {
        **dict.fromkeys(_FLAGS, True),
        "id": number,
        "name": name,
        "external_id": reference,
        "address1": "1 Sample Street",
        "city": "Sample Town",
        "country": "Sample Land",
        "phone": "5550188",
        "logo": "https://files.example.com/logo.png",
        "defaultFont": "Roboto, sans-serif",
        "mailDateTimeFormat": "full",
        "theme": "default",
        "termsLink": "https://company.example.com/terms",
        "logoutUrl": "/login",
        "timeZone": "Asia/Kolkata",
        "formUrl": "https://forms.example.com",
        "meetDomain": "meet.example.com",
        "recruitDomain": "recruit.example.com",
        "fromAddress": f"{name} <noreply@example.com>",
        "created_by": 1,
        "updated_by": 1,
    }


def _user(number: int, name: str, email: str, *roles: str, organization: int = COMPANY, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "external_id": f"user-{number}",
        "username": email,
        "email": email,
        "name": name,
        "location": "Berlin",
        "organization_id": organization,
        "roles": list(roles),
        "current_role": roles[0],
        "status": 20,
        "gravatarLink": f"https://avatars.example.com/{number}",
        "created_by": 1,
        "updated_by": 1,
        "isPrivacyAccepted": True,
        "isTermsAccepted": True,
        **more,
    }


def _users() -> list[dict[str, Any]]:
    all_roles = (
        "Master_Recruiter", "Recruiter", "API", "Evaluator", "Account_Manager", "Admin", "Content_Manager",
        "Hiring_Manager", "Master_Hiring_Manager",
    )  # fmt: skip
    evaluator = ("Account_Manager", "Evaluator", "Hiring_Manager")
    helpers = [
        _user(number, f"Helper Sample {place}", f"helper-{place}@example.com", "Evaluator", "Recruiter")
        for place, number in enumerate(_HELPERS, 1)
    ]
    further = [
        _user(number, f"Colleague Sample {place}", f"colleague-{place}@example.com", "Recruiter")
        for place, number in enumerate(_FURTHER, 1)
    ]
    further[0]["password_reset_token"] = UNUSED_RESET_TOKEN
    return [
        _user(
            RECRUITER,
            "Robin Sample",
            USER_NAME,
            *all_roles,
            password=PASSWORD,
            phone="5550100",
            countryCode="+1",
            bio="Recruits engineers.",
            website="https://www.example.com",
        ),
        _user(
            EVALUATOR,
            "Otto Sample",
            EVALUATOR_NAME,
            *evaluator,
            password=EVALUATOR_PASSWORD,
            password_reset_token=RESET_TOKEN,
        ),
        _user(
            STRANGER,
            "Sam Sample",
            OTHER_NAME,
            "Master_Recruiter",
            "Recruiter",
            "Evaluator",
            "Account_Manager",
            organization=OTHER,
            password=OTHER_PASSWORD,
        ),
        _user(_MANAGER, "Max Sample", "manager@example.com", "Account_Manager", organization=PARTNER),
        _user(60001, "Sue Sample", "subsidiary@example.com", "Recruiter", organization=SUBSIDIARY),
        *helpers,
        *further,
    ]


def _managers(state: State) -> list[dict[str, Any]]:
    def manager(number: int, organization: int, user: int, **more: Any) -> dict[str, Any]:
        told = {"added_by": RECRUITER, "added_at": state.now(), "updated_by": RECRUITER, "role": "Account Manager"}
        return {"id": number, "organization_id": organization, "user_id": user, **told, **more}

    gone = {"is_deleted": True, "deleted_by": RECRUITER, "deleted_at": state.now()}
    return [
        manager(700, COMPANY, RECRUITER),
        manager(701, COMPANY, EVALUATOR),
        manager(702, SUBSIDIARY, RECRUITER),
        manager(703, 3, RECRUITER),
        manager(704, PARTNER, RECRUITER),
        manager(705, OTHER, STRANGER),
        manager(706, COMPANY, 35432, **gone),
        manager(712, PARTNER, _MANAGER),
        *(manager(720 + place, COMPANY, user) for place, user in enumerate(_FURTHER)),
    ]


def _permissions() -> list[dict[str, Any]]:
    def grant(number: int, name: str, user: int | None, organization: int = COMPANY) -> dict[str, Any]:
        return {"id": number, "item_name": name, "user_id": user, "organization_id": organization, "type": 2}

    return [
        grant(435367, "event.create", None),
        grant(435368, "assessment.create", None),
        grant(435369, "candidate.create", None),
        grant(435370, "event.create", None, OTHER),
        grant(435371, "event.create", None, SUBSIDIARY),
        grant(1516457, "panel.assign", RECRUITER),
        grant(1516458, "user.create", RECRUITER),
        grant(1516459, "report.read", EVALUATOR),
        grant(1516460, "panel.assign", EVALUATOR),
        grant(1516461, "panel.assign", STRANGER, OTHER),
        *(grant(1516470 + place, "report.read", user) for place, user in enumerate(_FURTHER)),
    ]

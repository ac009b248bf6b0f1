"""The records of the documentation's samples, under their ids and with their values; the people are invented."""

from __future__ import annotations

from typing import Any, Final

COMPANIES: Final = {
    # Id, name, when registered. The second is the sample's.
    106291: ("Sample Works", "2019-09-30 08:00:00"),
    107172: ("Prof. Janis Boyle DVM", "2021-05-11 06:19:17"),
    99999: ("Nine Sample Foods", "2018-03-02 09:30:00"),
}


def company(number: int, name: str, slug: str, registered: str) -> dict[str, Any]:
    """Return a company that has filled in as little as the sample's; dates are texts without a zone."""
    unknown = dict.fromkeys
    return {
        "id": number,
        "parent_id": None,
        "name": name,
        "slug": slug,
        "partnership": 0,
        "created_at": registered,
        "updated_at": registered,
        **unknown(("email_logo_file_path", "assessment_logo_file_path", "report_logo_file_path")),
        **unknown(("company_name", "description", "benefit", "tips_for_applier", "location", "address", "website")),
        **unknown(("email", "phone", "linkedin_url", "instagram_url", "facebook_url", "twitter_url", "youtube_url")),
        **unknown(("established", "tags")),
        "verified": 0,
        **unknown(("verified_at", "deleted_at", "industry_id", "latitude", "longitude", "exam_engine_access_token")),
        "private": 0,
        "rejected": 0,
        **unknown(("rejected_at", "referral_code", "referral_id", "verified_email_sent_at")),
        "trial": 0,
        **unknown(("trial_started_at", "trial_ended_at")),
        "suspended": 0,
        **unknown(("suspended_at", "developer_activated_at")),
        "avatar_url": "https://picsum.photos/200",
        "cover_url": "https://picsum.photos/500",
        "logo_url": "https://picsum.photos/200",
    }


def exam(number: int) -> dict[str, Any]:
    """Return exam 1 or 8, which differ in their ids alone."""
    return {
        "id": number,
        "organization_id": 106291,
        "job_id": 10,
        "title": "Random title",
        "started_at": "2020-05-23 00:54:00",
        "ended_at": "2020-05-29 00:55:00",
        "created_at": "2020-05-23 00:54:27",
        "updated_at": "2020-05-23 00:54:27",
    }


ASSESSMENTS: Final[list[dict[str, Any]]] = [
    {
        "name": "asm-1",
        "slug": "asm-1",
        "aspects": [{"group": "Aspect", "name": "aspect-1", "slug": "aspect-1"}],
    }
]
"""What exams 1 and 8 consist of."""

TICKETS: Final = {
    # Ticket, name, e-mail address, created, last changed.
    12: ("John Doe", "john.doe@example.com", "2020-05-27T13:12:50.000000Z", "2020-11-04T08:39:37.000000Z"),
    25: ("Tina Smith", "tina.smith@example.com", "2020-06-02T16:21:03.000000Z", "2020-11-04T08:39:37.000000Z"),
}

RESULTS: Final[list[dict[str, Any]]] = [
    {
        "assessment_name": "asm-1",
        "assessment_slug": "asm-1",
        "total_score": 10,
        "aspect_scores": [
            {"aspect_group": "Aspect", "aspect_name": "aspect-1", "aspect_slug": "aspect-1", "score": 100}
        ],
    }
]
"""The scores of ticket 1."""

_JOB_REST: Final[dict[str, Any]] = {
    "private": 0,
    "closed": 0,
    "verified": 0,
    "verified_at": None,
    "suspended": 0,
    "suspended_at": None,
    "organization": None,
    "company": None,
}

JOBS: Final[dict[int, dict[str, Any]]] = {
    1: {
        "id": 1,
        "type": 1,
        "organization_id": 107172,
        "profession_id": 597,
        "title": "Programmer",
        "description": "Programmer",
        "created_at": "2021-05-11 06:20:00",
        "updated_at": "2021-05-11 06:20:00",
        "location": "Jakarta Selatan",
        "due_date": "2021-06-10 00:00:00",
        "min_experience": 1,
        "min_salary": 4000000,
        "max_salary": 8000000,
        "requirements": "The requirement of the job",
        "benefits": "Benefit you can get",
        "youtube_video_url": "https://youtu.be/job",
        "industry_id": 6,
        "code": "PRO123",
        "country_id": 1,
        "province_id": 1,
        "city_id": 7,
        "district_id": 40,
        "slug": "programmer",
        **_JOB_REST,
        "page_url": "https://talentics.id/prof-janis-boyle-dvm/programmer",
        "required_assessments": [],
        "required_aspects": [],
        "related_profession": {
            "id": 597,
            "profession_cluster_id": 6,
            "name": "IT Support",
            "slug": "it-support",
            "description": "IT Support",
        },
        "applicable": True,
        "work_ready": True,
        "redirect_url": "https://karier.rencanamu.id/company/job-slug?utm_source=rencanamu.id",
    },
    10: {
        "id": 10,
        "type": 1,
        "organization_id": 106291,
        "profession_id": 2,
        "title": "Quality Control Analysts",
        "description": "Some description about jobs",
        "created_at": "2019-10-09 10:32:07",
        "updated_at": "2020-08-18 15:30:11",
        "location": "Kandanghaur, Kabupaten Indramayu",
        "due_date": "2021-08-18 15:30:11",
        "min_experience": 1,
        "min_salary": 5000000,
        "max_salary": 6500000,
        "requirements": "Some requirement about the jobs",
        "benefits": "Some benefit about the jobs",
        "youtube_video_url": "https://youtu.be/job",
        "industry_id": 16,
        "code": "JOBCODE123",
        "country_id": 1,
        "province_id": 1,
        "city_id": 7,
        "district_id": 40,
        "slug": "quality-control-analysts",
        **_JOB_REST,
        "page_url": "https://talentics.id/sample-works/quality-control-analysts",
        "required_assessments": [],
        "required_aspects": [],
        "related_profession": {
            "id": 2,
            "profession_cluster_id": 1,
            "name": "Quality Control",
            "slug": "quality-control",
            "description": "Quality Control",
        },
        "applicable": False,
        "work_ready": False,
        "redirect_url": "https://karier.rencanamu.id/company/job-slug?utm_source=rencanamu.id",
    },
}


def _applicant(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "organization_id": 99999,
        "job_id": 1,
        "account_id": 100000 + number,
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@example.com",
        "phone_number": more["phone"],
        "identity_number": more["identity"],
        "location": "Jakarta",
        "education": "S1",
        "year_of_experience": more["experience"],
        "gender": more["gender"],
        "dob": more["born"],
        "nik": more["identity"],
        "draft": 0,
        "background_enabled": 1,
        "portfolio_link": "http://portfolio.com",
        "address": "Pela Mampang, Jakarta Selatan",
        "cv_file_path": "jobs/apply/cv/1598762375.pdf",
        "access_code": more["code"],
        "access_code_expired_at": more["expires"],
    }


APPLICANTS: Final = (
    _applicant(
        1,
        "John Doe",
        phone="0811111111",
        identity="3201150001100223",
        experience="1-3 years",
        gender=1,
        born="1986-12-19",
        code="A123456",
        expires="2021-06-06 00:00:00",
    ),
    _applicant(
        2,
        "Mary Jane",
        phone="08222222222",
        identity="3201150001100224",
        experience="< 1 years",
        gender=2,
        born="1990-11-12",
        code="A234567",
        expires="2021-06-7 00:00:00",  # as the sample has it: a day of one digit
    ),
)
FORM_OWNER: Final = 30
"""The applicant whose form the page shows."""
_UPLOADED: Final = "https://talentics.id/download/file_uploaded"


def form(number: int, name: str, email: str, submitted: str) -> dict[str, Any]:
    """Return a form with every field of the sample's, in its order.

    Args:
        number: Id of the applicant.
        name: The applicant's name.
        email: The applicant's e-mail address.
        submitted: When it was submitted.
    """
    values = {
        "birthplace": "Kota Jakarta Selatan",
        "religion": "Moslem",
        "identity_address": "Pela Mampang",
        "current_address": "Pela Mampang",
        "blood_type": ("O", "A", "B", "AB")[number % 4 - 2],
        "marital_status": "Married",
        "date_of_married": "2018-12-02",
        "number_of_children": "1",
        "npwp_number": "111111111111111",
        "npwp_address": "Pela Mampang",
        "license_number": "111111",
        "reference_name": "Mary",
        "reference_address": "Pela Mampang",
        "reference_phone": "0811111111",
        "reference_email": "mary@example.com",
        "reference_relation": "Wife",
        "bank_account_number": "1270101",
        "bank_name": "BANK BCA",
        "bank_account_name": name,
        "identity_card": f"{_UPLOADED}/identity_card/1625642548/2019-07.pdf",
        "npwp_card": f"{_UPLOADED}/npwp_card/1625642554/2019-08.pdf",
        "bank_book": f"{_UPLOADED}/bank_book/1625642557/2019-09.pdf",
        "other_document": f"{_UPLOADED}/other_document/1625642560/2019-10.pdf",
    }
    return {
        "id": number,
        "applicant_id": number,
        "name": name,
        "email": email,
        "application_time": submitted,
        "employment_application_form": [{"name": field, "value": value} for field, value in values.items()],
    }

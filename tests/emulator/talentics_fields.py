"""Every field of the documented samples, in the samples' order. `[]` is a list."""

from __future__ import annotations

from typing import Final

_PAGE: Final = """
links.first links.last links.prev links.next meta.current_page meta.from meta.last_page meta.path
meta.per_page meta.to meta.total
"""
_COMPANY: Final = """
id parent_id name slug partnership created_at updated_at email_logo_file_path assessment_logo_file_path
report_logo_file_path company_name description benefit tips_for_applier location address website email phone
linkedin_url instagram_url facebook_url twitter_url youtube_url established tags verified verified_at
deleted_at industry_id latitude longitude exam_engine_access_token private rejected rejected_at referral_code
referral_id verified_email_sent_at trial trial_started_at trial_ended_at suspended suspended_at
developer_activated_at avatar_url cover_url logo_url
"""
_COMPANIES: Final = " ".join(f"data.{role}.{name}" for role in ("organization", "company") for name in _COMPANY.split())

FIELDS: Final = {
    "exams_list": """
data[].id data[].organization_id data[].job_id data[].title data[].started_at data[].ended_at
data[].created_at data[].updated_at
"""
    + _PAGE,
    "exams_get": """
data.id data.organization_id data.job_id data.title data.started_at data.ended_at data.created_at
data.updated_at
""",
    "tickets_list": """
data[].id data[].name data[].email data[].started_at data[].finished_at data[].exam.id data[].exam.title
data[].exam.started_at data[].exam.ended_at data[].created_at data[].updated_at data[].status
"""
    + _PAGE,
    "tickets_scores": """
data.ticket_id data.name data.email data.results[].assessment_name data.results[].assessment_slug
data.results[].total_score data.results[].aspect_scores[].aspect_group
data.results[].aspect_scores[].aspect_name data.results[].aspect_scores[].aspect_slug
data.results[].aspect_scores[].score
""",
    "jobs_list": """
data[].id data[].type data[].organization_id data[].profession_id data[].title data[].description
data[].created_at data[].updated_at data[].location data[].due_date data[].min_experience data[].min_salary
data[].max_salary data[].requirements data[].benefits data[].youtube_video_url data[].industry_id data[].code
data[].country_id data[].province_id data[].city_id data[].district_id data[].slug
"""
    + _PAGE,
    "jobs_get": """
data.id data.type data.organization_id data.profession_id data.title data.description data.location
data.due_date data.min_experience data.min_salary data.max_salary data.requirements data.benefits
data.youtube_video_url data.industry_id data.code data.country_id data.province_id data.city_id
data.district_id data.slug data.private data.closed data.verified data.verified_at data.suspended
data.suspended_at data.page_url data.required_assessments[] data.required_aspects[] data.related_profession.id
data.related_profession.profession_cluster_id data.related_profession.name data.related_profession.slug
data.related_profession.description data.applicable data.work_ready data.redirect_url
"""
    + _COMPANIES,
    "applicants_list": """
data[].id data[].organization_id data[].job_id data[].account_id data[].name data[].email data[].phone_number
data[].identity_number data[].location data[].education data[].year_of_experience data[].gender data[].dob
data[].nik data[].draft data[].background_enabled data[].portfolio_link data[].address data[].cv_file_path
data[].access_code data[].access_code_expired_at
""",
    "applicants_get": """
data.id data.organization_id data.job_id data.account_id data.name data.email data.phone_number
data.identity_number data.location data.education data.year_of_experience data.gender data.dob data.nik
data.draft data.background_enabled data.portfolio_link data.address data.cv_file_path data.access_code
data.access_code_expired_at
""",
    "applicants_employment_application_form": """
data.id data.applicant_id data.name data.email data.application_time data.employment_application_form[].name
data.employment_application_form[].value
""",
}

"""Roles of users: kept as values, shown as labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LABELS: Final = {
    "SuperAdmin": "Super Admin",
    "Developer": "Developer",
    "Recruiter": "Recruiter",
    "Evaluator": "Evaluator",
    "Account_Manager": "Account Manager",
    "Content_Manager": "Content Manager",
    "Support_Engineer": "Support Engineer",
    "Master_Recruiter": "Master Recruiter",
    "Walk_In_Admin": "Walkin Admin",
    "Admin": "Admin",
    "API": "API User",
    "Candidate": "Candidate",
    "Consultant": "Consultant",
    "Student": "Student",
    "Sourcer": "Sourcer",
    "Onboarding": "Onboarding",
    "Offer": "Offer",
    "Candidate_Verification": "Candidate Verification",
    "Background_Check": "Background Check",
    "Hiring_Manager": "Hiring Manager",
    "Master_Hiring_Manager": "Master Hiring Manager",
    "External_Assessment_Admin": "External Assessment Admin",
}
"""The label of each role, as answers show it, by the value that requests name."""


def labels(values: Iterable[str]) -> list[str]:
    """Return the labels of roles, each once."""
    return list(dict.fromkeys(LABELS[value] for value in values))

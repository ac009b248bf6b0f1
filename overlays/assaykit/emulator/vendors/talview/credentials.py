"""What opens the start world, and nothing else."""

from __future__ import annotations

from typing import Final

CLIENT_ID: Final = "assaykit-demo-app"
CLIENT_SECRET: Final = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
USER_NAME: Final = "recruiter@example.com"
PASSWORD: Final = "assaykit-demo-password"  # noqa: S105 - likewise
EVALUATOR_NAME: Final = "evaluator@example.com"
EVALUATOR_PASSWORD: Final = "assaykit-evaluator-password"  # noqa: S105 - likewise
OTHER_NAME: Final = "other@example.com"
OTHER_PASSWORD: Final = "assaykit-other-password"  # noqa: S105 - likewise
RESET_TOKEN: Final = "assaykit-demo-reset-token"  # noqa: S105 - likewise
UNUSED_RESET_TOKEN: Final = "assaykit-unused-reset-token"  # noqa: S105 - likewise
"""Of another user, so that one link stays good when the other has been used."""

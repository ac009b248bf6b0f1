"""What Talview keeps beside its plain resources: applications, service accounts and tokens."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.storage import Collection

APPLICATIONS: Final = "talview._applications"
SERVICE_ACCOUNTS: Final = "talview._service_accounts"
TOKENS: Final = "talview._tokens"
REFRESH_TOKENS: Final = "talview._refresh_tokens"

COLLECTIONS: Final = (
    Collection(APPLICATIONS),
    Collection(SERVICE_ACCOUNTS),
    Collection(TOKENS, {"expires": int}),
    Collection(REFRESH_TOKENS),
)

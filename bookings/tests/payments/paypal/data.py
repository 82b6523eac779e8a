"""PayPal's own files, which judge what nobody here can: its OpenAPI descriptions and a webhook that it signed.

They are not part of the repository: EXODRIVE_PAYMENTS_DATA says where they are, else `../shared/payments` beside it.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(os.environ.get("EXODRIVE_PAYMENTS_DATA") or settings.BASE_DIR.parent / "shared" / "payments")
MISSING = f"PayPal's own files are not at {FOLDER} (EXODRIVE_PAYMENTS_DATA): what they judge was NOT JUDGED"
SPECIFICATIONS = ("checkout_orders_v2", "payments_payment_v2", "notifications_webhooks_v1")


def path_of(*parts: str) -> Path:
    """A file of theirs. Without it the test is skipped and says so; under CI=true it fails."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        (pytest.fail if os.environ.get("CI", "").lower() in {"1", "true"} else pytest.skip)(MISSING)
    return path


def are_here() -> bool:
    """Whether there is anything to judge with."""
    return FOLDER.exists()

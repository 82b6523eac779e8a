"""What every template may use: who we are and in which languages we speak."""

from typing import Any

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from exodrive.i18n.formats import LOCALES


def business(request: HttpRequest | None) -> dict[str, Any]:
    """The business, the page's language tag (en-GB) and the languages to choose from."""
    language = (get_language() or "en")[:2]
    return {
        "business": {
            "name": settings.BUSINESS_NAME,
            "phone": settings.BUSINESS_PHONE,
            "email": settings.BUSINESS_EMAIL,
            "address": settings.BUSINESS_ADDRESS,
            # Whether customers pay in the funnel, if they do not choose otherwise.
            "pays_online": settings.PAYMENT_METHODS[0] in settings.ONLINE_PAYMENT_METHODS,
        },
        "site_url": settings.SITE_URL,
        "language": language,
        "language_tag": LOCALES.get(language, "en_GB").replace("_", "-"),
        "languages": [
            (code, (Locale.parse(LOCALES[code]).get_language_name(code) or code).capitalize())
            for code, _name in settings.LANGUAGES
        ],
    }

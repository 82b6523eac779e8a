"""The language of an answer that has no language in its address."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import trans_real


def asked_language(request: HttpRequest) -> str:
    """The first language of Accept-Language that we speak. The cookie of the staff pages does not count here."""
    for wanted, weight in trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            if weight:
                return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE

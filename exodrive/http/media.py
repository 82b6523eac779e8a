"""Uploaded photos of cars. A web server or bucket in front may serve /media/ instead; without one this does."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

YEAR = 365 * 24 * 3600  # seconds


@require_safe
def car_photo(request: HttpRequest, path: str) -> HttpResponseBase:
    """A photo by its name; a new upload gets a new name, so browsers may keep it. Raises Http404."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT / "cars"))
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response

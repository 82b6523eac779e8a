"""Every address of the site on one page."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from exodrive import api, media

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("staff/", include("inbox.urls")),
    path("api/", api.addresses()),
    path("media/cars/<path:path>", media.car_photo),
    path("", include("bookings.urls_unprefixed")),
    *i18n_patterns(path("", include("bookings.urls")), prefix_default_language=True),
]

handler400 = "exodrive.errors.bad_request"
handler403 = "exodrive.errors.permission_denied"
handler404 = "exodrive.errors.page_not_found"
handler500 = "exodrive.errors.server_error"

"""Every address of the site on one page."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include

from bookings.urls import without_language
from exodrive import api
from exodrive.http import media, security_txt
from exodrive.routes import Tag, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls, tags={Tag.STAFF, Tag.SIGNING_IN}),
    path("staff/", include("inbox.urls"), tags={Tag.STAFF}),
    path("api/", api.addresses(), tags={Tag.API}),
    path("media/cars/<path:path>", media.car_photo),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("", include(without_language)),
    *i18n_patterns(path("", include("bookings.urls")), prefix_default_language=True),
]

handler400 = "exodrive.http.refusals.bad_request"
handler403 = "exodrive.http.refusals.permission_denied"
handler404 = "exodrive.http.refusals.page_not_found"
handler500 = "exodrive.http.refusals.server_error"

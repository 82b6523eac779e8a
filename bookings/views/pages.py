"""Pages with nothing but words, the new-link form, robots.txt, the site map."""

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.views.decorators.http import require_http_methods, require_safe

from bookings.forms.link import LinkForm
from bookings.links.lookup import request_new_link
from bookings.views.decorators import see_other
from bookings.views.rides.services import url_of
from cars.models import Car, Fleet, offered_rides, terms_of_fleet
from exodrive.limits.rates import hit
from exodrive.mailboxes import canonical
from exodrive.routes import unsearched


@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Asks for email and reference; the answer never tells whether they match."""
    form = LinkForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            hit("link_email", canonical(form.cleaned_data["email"]))
            request_new_link(**form.cleaned_data)
            return see_other(f"{reverse('new_link')}?sent=1")
        return render(request, "bookings/link.html", {"form": form, "errors": form.summary}, status=422)
    return render(request, "bookings/link.html", {"form": form, "sent": "sent" in request.GET})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What one agrees to."""
    context = {
        "free_hours": settings.FREE_CANCELLATION_HOURS,
        "deposits": Car.objects.filter(status=Car.Status.OFFERED, deposit__gt=0).exists(),
        "included": terms_of_fleet(Fleet.objects.order_by("pk").first()),
    }
    return render(request, "terms.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data, why, for how long."""
    days = {
        "link_days": settings.TOKEN_DAYS_AFTER_RETURN,
        "booking_years": -(-settings.RETENTION_BOOKINGS_DAYS // 365),
        "mail_days": settings.RETENTION_MAILS_DAYS,
    }
    return render(request, "privacy.html", days)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and what does not yet."""
    return render(request, "accessibility.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines stay out of everything behind a secret link, and of the staff side."""
    lines = ["User-agent: *", *(f"Disallow: {start}" for start in unsearched())]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


MAX_MAPPED = 10_000  # cars; a map may have 50,000 addresses, and each car has four


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that a stranger may find, in each language."""
    changed = Greatest("updated_at", Max("images__updated_at"), "location__updated_at")
    cars = Car.objects.filter(status=Car.Status.OFFERED).annotate(changed=changed)
    pages = [(reverse(name), "") for name in ("home", "cars", "terms", "privacy", "accessibility")]
    pages += [(reverse("car", args=[car.slug]), car.changed.isoformat()) for car in cars[:MAX_MAPPED]]
    pages += _rides()
    urls = [
        (settings.SITE_URL + translate_url(path, code), at)
        for path, at in pages
        for code, _name in settings.LANGUAGES
    ]
    return render(request, "sitemap.xml", {"urls": urls}, content_type="application/xml; charset=utf-8")


def _rides() -> list[tuple[str, str]]:
    """The list of rides and the page of each service, where there is any."""
    found = [(url_of(service), service.updated_at.isoformat()) for service in offered_rides()[:MAX_MAPPED]]
    return [(reverse("services"), ""), *found] if found else []

"""Tags of the page frame: this page in the other languages."""

from django import template
from django.conf import settings
from django.urls import translate_url

register = template.Library()


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[dict[str, object]]:
    """The address of this page, with its query, in every language of the site, each named in itself."""
    path = context["request"].get_full_path()
    return [
        {"code": code, "name": name, "url": translate_url(path, code), "current": code == context["language"]}
        for code, name in context["languages"]
    ]


@register.simple_tag(takes_context=True)
def alternate_links(context: template.Context) -> list[dict[str, str]]:
    """Absolute addresses of this page, without its query, in every language and for x-default (English)."""
    path = context["request"].path
    links = [
        {"code": code, "url": settings.SITE_URL + translate_url(path, code)} for code, _ in settings.LANGUAGES
    ]
    return [*links, {"code": "x-default", "url": links[0]["url"]}]

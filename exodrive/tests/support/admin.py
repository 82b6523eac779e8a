"""Pages of the Django admin as a browser sends them back."""

from typing import Any

from django.apps import apps
from django.contrib import admin


def values_of(page: Any) -> dict[str, Any]:
    """What the browser would send back."""
    context = page.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if value is not None and value is not False:
                sent[bound.html_name] = "on" if value is True else value
    return sent


def pages() -> list[Any]:
    """Every model's page, in the order of the models."""
    return [
        admin.site.get_model_admin(model) for model in apps.get_models() if admin.site.is_registered(model)
    ]

"""Signing in and out. The identity here is the login role: it reaches users and sessions, nothing else."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from inbox.forms import LoginForm, errors_of
from inbox.permissions import forbidden
from inbox.replies import SeeOther, next_url


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form. A right password of somebody who does not work here opens no session: 403."""
    onward = next_url(request, reverse("inbox"))
    if request.staff is not None:  # type: ignore[attr-defined]
        return SeeOther(onward)
    form = LoginForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        user = form.get_user()
        if not user.works_here:
            return forbidden(request)
        login(request, user)
        return SeeOther(onward)
    status = 422 if form.is_bound else 200
    context = {"form": form, "errors": errors_of(form), "next": onward}
    return render(request, "inbox/login.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return SeeOther(reverse("staff_login"))

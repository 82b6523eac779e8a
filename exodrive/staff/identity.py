"""Who asks: says to the database, for every request, whether the public or a member of staff does."""

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from exodrive.db.logins import serves_public_only
from exodrive.errors import Unavailable
from exodrive.http.middleware import GetResponse, log
from exodrive.http.refusals import page_not_found, refuse, wants_json
from exodrive.http.request import Request, prepare
from exodrive.models import ApiToken, User
from exodrive.rls import LOGIN, PUBLIC, STAFF, acting_as
from exodrive.routes import Tag, tags_of
from exodrive.staff import journal, sessions

STAFF_SIDE = {Tag.STAFF, Tag.API}


class IdentityMiddleware:
    """Says to the database who asks.

    Public pages always run as exo_public, also for somebody who is signed in. Under /staff/, /admin/ and /api/ a
    member of staff (session, or Bearer token on the API) runs as exo_staff and stands in `request.staff`. Signing in
    and the admin's login page run as the login role itself, which reaches sessions and users only. Another Bearer
    token on the API is a customer's: exo_public with what that token opens. In a process whose database login can be
    nobody but exo_public there is no staff side: its pages and the webhooks are 404, its API 401.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, django_request: HttpRequest) -> HttpResponse:
        request = prepare(django_request)
        with journal.asked_by(request):
            return self._identified(request)

    def _identified(self, request: Request) -> HttpResponse:
        if not STAFF_SIDE & tags_of(request.path):
            return self._as_public(request)
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if wants_json(request) and scheme.lower() == "bearer" else ""
        try:
            if serves_public_only():
                return self._without_staff(request, token)
            return self._by_token(request, token) if token else self._by_session(request)
        except (
            OperationalError
        ) as error:  # who asks could not be found out; what views raise never comes here
            log.error("database unavailable: %s", type(error.__cause__ or error).__name__)
            with acting_as(PUBLIC):
                return refuse(request, Unavailable())

    def _without_staff(self, request: Request, bearer: str) -> HttpResponse:
        if not wants_json(request) or Tag.WEBHOOK in tags_of(request.path):
            with acting_as(PUBLIC):
                return page_not_found(request)
        request.bearer = bearer
        request.user = AnonymousUser()  # nobody asks for a session, which this process could not read
        with acting_as(PUBLIC, token=None if bearer.startswith(ApiToken.PREFIX) else bearer):
            return self.get_response(request)

    def _by_token(self, request: Request, bearer: str) -> HttpResponse:
        request.bearer = bearer
        if not bearer.startswith(ApiToken.PREFIX):
            with acting_as(PUBLIC, token=bearer):
                return self.get_response(request)
        at = timezone.now()
        with acting_as(LOGIN):
            token = ApiToken.live(bearer, at)
            if token is None or not token.user.works_here:
                token = None
            else:
                token.note_use(at)
        if token is None:
            return self._as_public(request)
        request.api_token = token
        return self._as_staff(request, token.user)

    def _by_session(self, request: Request) -> HttpResponse:
        with acting_as(LOGIN):
            user = request.user
            if user.is_authenticated and sessions.is_over(request):
                logout(request)
                request.session_ended = True
                user = request.user
            staff = user if isinstance(user, User) and user.works_here else None
        if staff:
            return self._as_staff(request, staff)
        if Tag.SIGNING_IN in tags_of(request.path):
            with acting_as(LOGIN):
                return self.get_response(request)
        return self._as_public(request)

    def _as_staff(self, request: Request, staff: User) -> HttpResponse:
        request.staff = staff
        with acting_as(STAFF, user=staff):
            return self.get_response(request)

    def _as_public(self, request: Request) -> HttpResponse:
        with acting_as(PUBLIC):
            return self.get_response(request)

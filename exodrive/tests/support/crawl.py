"""Who gets which answer where: one line for each method and address of the site.

    METHOD  address as in the URLconf  statuses

One status for each caller of the section, or a single one for all of them. A method that has no line must be refused
with 405 to everybody. Models in the admin have one word each.
"""

import re
from typing import Any

from django.apps import apps

from exodrive.rls import as_owner

CALLERS = ("anonymous", "A", "B", "desk", "manager", "superuser")
PUBLIC = ("anonymous", "A", "B", "desk", "manager")  # pages and API
STAFF = ("anonymous", "desk", "manager")
ADMIN = ("anonymous", "desk", "manager", "superuser")
NOT_ALLOWED = 405
MODEL = re.compile(r"admin/(exodrive|cars|bookings|inbox)/(\w+)/")

PAGES = """
GET    media/cars/<path:path>                               404
GET    booking/<str:token>/                                 302
GET    pay/back/<uuid:payment_id>/                          200
GET    sandbox/<uuid:order_id>/                             404
POST   sandbox/<uuid:order_id>/                             404
GET    robots.txt                                           200
GET    .well-known/security.txt                             200
GET    sitemap.xml                                          200
GET    en/                                                  200
GET    en/cars/                                             200
GET    en/cars/<slug:slug>/                                 200
POST   en/cars/<slug:slug>/                                 422
GET    en/services/                                         200
GET    en/services/<slug:slug>/                             200
POST   en/services/<slug:slug>/                             422
GET    en/tours/<slug:slug>/                                301
POST   en/tours/<slug:slug>/                                301
GET    en/book/<str:token>/                                 404 404 200 404 404
POST   en/book/<str:token>/                                 404 404 422 404 404
POST   en/book/<str:token>/extension/                       404 404 303 404 404
GET    en/booking/<str:token>/                              404 404 200 404 404
POST   en/booking/<str:token>/                              404 404 303 404 404
GET    en/booking/<str:token>/proof/<str:proof>/            303
POST   en/booking/<str:token>/address/                      404 404 422 404 404
GET    en/booking/<str:token>/change/                       404 404 200 404 404
POST   en/booking/<str:token>/change/                       404 404 422 404 404
GET    en/booking/<str:token>/cancellation/                 404 404 200 404 404
POST   en/booking/<str:token>/cancellation/                 404 404 303 404 404
GET    en/booking/<str:token>/payment/                      404 404 200 404 404
POST   en/booking/<str:token>/payment/                      404 404 422 404 404
POST   en/booking/<str:token>/requests/                     404 404 303 404 404
GET    en/booking/<str:token>/pin/                          404 404 200 404 404
POST   en/booking/<str:token>/pin/                          404 404 422 404 404
GET    en/booking/<str:token>/entry/                        404 404 302 404 404
POST   en/booking/<str:token>/entry/                        404 404 302 404 404
GET    en/booking/<str:token>/calendar.ics                  404 404 200 404 404
POST   en/booking/<str:token>/copy/                         404 404 303 404 404
POST   en/booking/<str:token>/erasure/                      404 404 303 404 404
GET    en/data/<str:token>/                                 404 404 200 404 404
POST   en/data/<str:token>/                                 404 404 200 404 404
GET    en/link/                                             200
POST   en/link/                                             422
GET    en/terms/                                            200
GET    en/privacy/                                          200
GET    en/accessibility/                                    200
"""
API = """
GET    api/openapi.json                                     200
GET    api/docs                                             200
GET    api/cars                                             200
GET    api/availability                                     422
GET    api/extras                                           422
GET    api/services                                         200
GET    api/services/<service_id>/availability               422
GET    api/tours/<slug>/departures                          404
POST   api/holds                                            422
POST   api/mailbox-codes                                    422
PATCH  api/holds/<hold_id>                                  404 404 200 404 404
DELETE api/holds/<hold_id>                                  404 404 204 404 404
GET    api/bookings                                         401 403 403 200 200
POST   api/bookings                                         422
GET    api/bookings/<booking_id>                            401 404 200 200 200
PATCH  api/bookings/<booking_id>                            401 404 200 200 200
DELETE api/bookings/<booking_id>                            401 404 200 403 200
PATCH  api/bookings/<booking_id>/status                     401 403 403 200 200
POST   api/bookings/<booking_id>/no-show                    401 403 403 400 400
POST   api/bookings/<booking_id>/no-show/undo               401 403 403 400 400
POST   api/bookings/<booking_id>/cancel                     401 404 200 403 200
POST   api/bookings/<booking_id>/swap                       401 403 403 422 422
GET    api/bookings/<booking_id>/triage                     401 403 403 200 200
PATCH  api/bookings/<booking_id>/triage                     401 403 403 200 200
POST   api/bookings/<booking_id>/payments                   401 404 422 422 422
GET    api/payments/<payment_id>                            401 404 200 200 200
POST   api/payments/<payment_id>/refunds                    401 403 403 403 201
POST   api/payments/<payment_id>/capture                    401 403 403 403 422
POST   api/payments/<payment_id>/void                       401 403 403 422 422
GET    api/blocks                                           401 403 403 200 200
POST   api/blocks                                           401 403 403 422 422
GET    api/blocks/<block_id>                                401 403 403 200 200
PATCH  api/blocks/<block_id>                                401 403 403 200 200
DELETE api/blocks/<block_id>                                401 403 403 204 204
GET    api/                                                 404
POST   api/                                                 404
PUT    api/                                                 404
PATCH  api/                                                 404
DELETE api/                                                 404
GET    api/webhooks/resend                                  404
POST   api/webhooks/resend                                  404
PUT    api/webhooks/resend                                  404
PATCH  api/webhooks/resend                                  404
DELETE api/webhooks/resend                                  404
POST   api/webhooks/sandbox                                 404
POST   api/webhooks/paypal                                  404
POST   api/webhooks/stripe                                  404
GET    api/<path:rest>                                      404
POST   api/<path:rest>                                      404
PUT    api/<path:rest>                                      404
PATCH  api/<path:rest>                                      404
DELETE api/<path:rest>                                      404
"""
STAFF_PAGES = """
GET    staff/                                               302
GET    staff/login/                                         200 303 303
POST   staff/login/                                         422 303 303
GET    staff/login/code/                                    303
POST   staff/login/code/                                    303
GET    staff/login/setup/                                   303
POST   staff/login/setup/                                   303
POST   staff/logout/                                        303
GET    staff/language/                                      302
POST   staff/language/                                      302
GET    staff/account/                                       302 200 200
GET    staff/account/second-step/                           302 200 200
POST   staff/account/second-step/                           302 200 200
POST   staff/account/second-step/removal/                   302 422 422
POST   staff/account/recovery-codes/                        302 422 422
POST   staff/account/sessions/end/                          302 303 303
POST   staff/account/sessions/<str:name>/end/               302 303 303
GET    staff/security/                                      302 403 200
GET    staff/maintenance/                                   302 200 200
POST   staff/maintenance/<int:pk>/                          302 422 422
GET    staff/figures/                                       302 403 200
GET    staff/figures/<slug:code>.csv                        302 403 200
GET    staff/inbox/                                         302 200 200
GET    staff/inbox/bookings.csv                             302 200 200
POST   staff/inbox/several/                                 302 303 303
GET    staff/inbox/lists/new/                               302 200 200
POST   staff/inbox/lists/new/                               302 422 422
POST   staff/inbox/lists/<int:pk>/removal/                  302 303 303
GET    staff/inbox/keys/                                    302 200 200
GET    staff/badge/                                         302 200 200
GET    staff/today/                                         302 200 200
GET    staff/calendar/                                      302 200 200
GET    staff/blocks/new/                                    302 200 200
POST   staff/blocks/new/                                    302 422 422
GET    staff/blocks/<int:pk>/                               302 200 200
POST   staff/blocks/<int:pk>/                               302 422 422
POST   staff/blocks/<int:pk>/end/                           302 409 409
GET    staff/blocks/<int:pk>/removal/                       302 200 200
POST   staff/blocks/<int:pk>/removal/                       302 303 303
GET    staff/closing/                                       302 200 200
GET    staff/cars/<int:pk>/bookings/                        302 200 200
POST   staff/cars/<int:pk>/bookings/                        302 403 422
GET    staff/bookings/new/                                  302 200 200
POST   staff/bookings/new/                                  302 422 422
GET    staff/rides/new/                                     302 200 200
POST   staff/rides/new/                                     302 422 422
GET    staff/bookings/<uuid:pk>/                            302 200 200
GET    staff/bookings/<uuid:pk>/change/                     302 200 200
POST   staff/bookings/<uuid:pk>/change/                     302 422 422
POST   staff/bookings/<uuid:pk>/status/                     302 400 400
GET    staff/bookings/<uuid:pk>/handover/                   302
POST   staff/bookings/<uuid:pk>/handover/                   302 422 422
GET    staff/bookings/<uuid:pk>/handover/undoing/           302
POST   staff/bookings/<uuid:pk>/handover/undoing/           302 400 400
GET    staff/bookings/<uuid:pk>/return/                     302
POST   staff/bookings/<uuid:pk>/return/                     302 422 422
GET    staff/bookings/<uuid:pk>/swap/                       302 400 400
POST   staff/bookings/<uuid:pk>/swap/                       302 400 400
GET    staff/bookings/<uuid:pk>/driver/                     302 400 400
POST   staff/bookings/<uuid:pk>/driver/                     302 400 400
GET    staff/bookings/<uuid:pk>/return/correction/          302
POST   staff/bookings/<uuid:pk>/return/correction/          302
GET    staff/bookings/<uuid:pk>/return/undo/                302
POST   staff/bookings/<uuid:pk>/return/undo/                302 400 400
GET    staff/bookings/<uuid:pk>/no-show/                    302
POST   staff/bookings/<uuid:pk>/no-show/                    302 400 400
GET    staff/bookings/<uuid:pk>/no-show/undoing/            302
POST   staff/bookings/<uuid:pk>/no-show/undoing/            302 400 400
GET    staff/bookings/<uuid:pk>/cancellation/               302 200 200
POST   staff/bookings/<uuid:pk>/cancellation/               302 422 422
POST   staff/bookings/<uuid:pk>/seen/                       302 400 400
POST   staff/bookings/<uuid:pk>/unproven/                   302 303 303
POST   staff/bookings/<uuid:pk>/claim/                      302 303 303
POST   staff/bookings/<uuid:pk>/snooze/                     302 422 422
POST   staff/bookings/<uuid:pk>/follow-up/                  302 422 422
POST   staff/bookings/<uuid:pk>/notes/                      302 422 422
GET    staff/bookings/<uuid:pk>/customer/                   302 403 200
POST   staff/bookings/<uuid:pk>/customer/                   302 403 422
GET    staff/bookings/<uuid:pk>/do-not-rent/                302 403 200
POST   staff/bookings/<uuid:pk>/do-not-rent/                302 403 422
POST   staff/bookings/<uuid:pk>/do-not-rent/<int:mark_id>/lifting/ 302 403 303
POST   staff/bookings/<uuid:pk>/link/                       302 403 303
POST   staff/bookings/<uuid:pk>/pin/                        302 422 422
GET    staff/bookings/<uuid:pk>/payment/                    302 200 200
POST   staff/bookings/<uuid:pk>/payment/                    302 422 422
POST   staff/bookings/<uuid:pk>/payment-link/               302 422 422
GET    staff/payments/                                      302 200 200
POST   staff/payments/<uuid:pk>/seen/                       302 303 303
GET    staff/payments/<uuid:pk>/refund/                     302 403 200
POST   staff/payments/<uuid:pk>/refund/                     302 403 422
GET    staff/payments/<uuid:pk>/capture/                    302 403 302
POST   staff/payments/<uuid:pk>/capture/                    302 403 422
GET    staff/payments/<uuid:pk>/release/                    302
POST   staff/payments/<uuid:pk>/release/                    302 422 422
GET    staff/payments/<uuid:pk>/returned/                   302
POST   staff/payments/<uuid:pk>/returned/                   302 422 422
POST   staff/refunds/<uuid:pk>/given/                       302 303 303
POST   staff/reports/<uuid:pk>/handling/                    302 403 303
POST   staff/mails/<uuid:pk>/sending/                       302 303 303
"""
ADMIN_PAGES = """
GET    admin/                                               302 200 200 200
POST   admin/                                               302 200 200 200
GET    admin/login/                                         302
POST   admin/login/                                         302
GET    admin/logout/                                        302
POST   admin/logout/                                        302
GET    admin/password_change/                               302 200 200 200
POST   admin/password_change/                               302 200 200 200
GET    admin/password_change/done/                          302 200 200 200
POST   admin/password_change/done/                          302 405 405 405
GET    admin/autocomplete/                                  302 403 403 403
POST   admin/autocomplete/                                  302 405 405 405
GET    admin/jsi18n/                                        302 200 200 200
POST   admin/jsi18n/                                        302 405 405 405
GET    admin/r/<path:content_type_id>/<path:object_id>/     302 404 404 404
POST   admin/r/<path:content_type_id>/<path:object_id>/     302 404 404 404
GET    admin/exodrive/user/<id>/password/                   302 403 403 200
POST   admin/exodrive/user/<id>/password/                   302 403 403 200
GET    admin/^(?P<app_label>exodrive|cars|bookings|inbox)/$ 302 200 200 200
POST   admin/^(?P<app_label>exodrive|cars|bookings|inbox)/$ 302 200 200 200
GET    admin/(?P<url>.*)$                                   302 404 404 404
POST   admin/(?P<url>.*)$                                   302 404 404 404
"""
LINES = [
    line for part in (PAGES, API, STAFF_PAGES, ADMIN_PAGES) for line in part.splitlines() if line.strip()
]
TABLE = {" ".join(line.split()[:2]): [int(word) for word in line.split()[2:]] for line in LINES}

# The pages that Django makes for every model in the admin, by what the model's mix-in allows.
OBJECT = "<path:object_id>/"
SAME = {f"GET {OBJECT}": [302, 302, 302, 302], f"POST {OBJECT}": [302, 302, 302, 302]}


def model_pages(
    look: list[int], add: list[int], change: list[int], delete: list[int]
) -> dict[str, list[int]]:
    """Statuses of desk, manager and superuser; who is not signed in is sent to do so."""
    pages = {"GET ": look, "POST ": look, "GET add/": add, "POST add/": add}
    pages |= {f"{method} {OBJECT}history/": look for method in ("GET", "POST")}
    pages |= {f"{method} {OBJECT}delete/": delete for method in ("GET", "POST")}
    pages |= {f"GET {OBJECT}change/": look, f"POST {OBJECT}change/": change}
    return {page: [302, *statuses] for page, statuses in pages.items()} | SAME


ALL, NONE = [200, 200, 200], [403, 403, 403]
MANAGERS, SUPERUSERS = [403, 200, 200], [403, 403, 200]
LOOKED_AT = model_pages(look=ALL, add=NONE, change=NONE, delete=NONE)
MANAGED = model_pages(look=ALL, add=MANAGERS, change=MANAGERS, delete=MANAGERS)
FOR_SUPERUSERS = model_pages(look=SUPERUSERS, add=SUPERUSERS, change=SUPERUSERS, delete=NONE)
ISSUED = model_pages(look=MANAGERS, add=MANAGERS, change=NONE, delete=NONE)
# The history of a token that one does not see is one that is not there.
ISSUED |= {f"{method} {OBJECT}history/": [302, 302, 200, 200] for method in ("GET", "POST")}
ADMIN_MODELS = {
    "exodrive/user": FOR_SUPERUSERS,
    "exodrive/apitoken": ISSUED,
    "exodrive/jobrun": LOOKED_AT,
    "cars/car": MANAGED,
    "cars/location": MANAGED,
    "cars/agency": MANAGED,
    "cars/fleet": MANAGED,
    "cars/closedday": MANAGED,
    "cars/season": MANAGED,
    "cars/discount": MANAGED,
    "cars/fee": MANAGED,
    "cars/extra": MANAGED,
    "cars/carclass": MANAGED,
    "cars/zone": MANAGED,
    "cars/place": MANAGED,
    "cars/service": MANAGED,
    "bookings/booking": LOOKED_AT,
    "bookings/customer": LOOKED_AT,
    "bookings/hold": LOOKED_AT,
    "bookings/block": LOOKED_AT,
    "bookings/statuschange": LOOKED_AT,
    "bookings/tourdeparture": model_pages(look=ALL, add=MANAGERS, change=NONE, delete=NONE)
    | {
        "POST add/": [302, 403, 422, 422],  # nothing typed
        f"GET {OBJECT}seats/": [302, 403, 200, 200],
        f"POST {OBJECT}seats/": [302, 403, 200, 200],
    },
    "bookings/payment": LOOKED_AT,
    "bookings/paymentoperation": LOOKED_AT,
    "bookings/refund": LOOKED_AT,
    "bookings/providerevent": model_pages(look=MANAGERS, add=NONE, change=NONE, delete=NONE),
    "inbox/inboxitem": LOOKED_AT,
    "inbox/inboxemail": LOOKED_AT,
}
for _model, _pages in ADMIN_MODELS.items():
    for _page, _statuses in _pages.items():
        _method, _, _rest = _page.partition(" ")
        TABLE[f"{_method} admin/{_model}/{_rest}"] = _statuses

PART = {"amount": "1.00", "currency": "EUR"}  # of B's payment, which was taken at the counter
# What is sent, where an empty form or `{}` would not get past the first check.
BODIES: dict[str, dict[str, Any]] = {
    "PATCH api/bookings/<booking_id>": {"phone": "+33 1 23 45 67 89"},
    "PATCH api/bookings/<booking_id>/status": {"status": "upcoming"},
    "POST api/bookings/<booking_id>/payments": {"method": "pick_up"},
    "POST api/payments/<payment_id>/refunds": {"amount": PART, "reason": "Late"},
    "POST api/payments/<payment_id>/capture": {"amount": PART, "reason": "A scratch"},
    "POST en/booking/<str:token>/requests/": {"phone": "+33 1 23 45 67 89"},
}


def expected(method: str, route: str, callers: tuple[str, ...]) -> list[int]:
    """The statuses of a line, one for each caller."""
    statuses = TABLE.get(f"{method} {route}", [NOT_ALLOWED])
    return statuses * len(callers) if len(statuses) == 1 else statuses


def admin_methods(route: str, *, everything: bool) -> tuple[str, ...]:
    """What to try on an admin page. Posting to a model's lists and histories waits for the long run."""
    acts = not MODEL.match(route) or route.endswith(("add/", "change/", "delete/", "password/"))
    return ("GET", "POST") if acts or everything else ("GET",)


def some_object(app: str, model: str) -> Any:
    """The key of any row of a model, or one that does not exist."""
    with as_owner():
        return apps.get_model(app, model)._base_manager.values_list("pk", flat=True).first() or 999

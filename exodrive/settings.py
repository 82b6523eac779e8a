"""All settings, in headed sections. Every switch is an environment variable with a safe development default.

Values come from the real environment first, then `.env`, then `var/services.env` (written by `manage.py start`
with the URLs of the embedded PostgreSQL and Valkey). `exodrive/checks.py` refuses to run in production with a
development default where a secret is needed.
"""

import os
import re
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from exodrive.db.deadlines import TimeoutConnection
from exodrive.db.urls import refuse_empty_urls
from exodrive.ops.release import find_release

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")
# What runs here writes here: embedded data, logs, collected static files, development's mails and uploads.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
env.read_env(VAR_DIR / "services.env")

# --- Where are we? ------------------------------------------------------------------------------------------

ENVIRONMENT = env("ENVIRONMENT", default="development")
if ENVIRONMENT not in (
    "development",
    "production",
):  # "prod" would be served with everything that development allows
    raise ImproperlyConfigured(f"ENVIRONMENT is {ENVIRONMENT!r}; it must be development or production.")
PRODUCTION = ENVIRONMENT == "production"
TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "::1"])
RELEASE = env("RELEASE", default="") or find_release(BASE_DIR)

# --- Secrets ------------------------------------------------------------------------------------------------

DEVELOPMENT_SECRET = "development-only-and-refused-in-production"  # noqa: S105
SECRET_KEY = env("SECRET_KEY", default=DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# Booking and hold links are HMACs under this key, so that they can be mailed again without being stored.
LINK_KEY = env("LINK_KEY", default=DEVELOPMENT_SECRET)

# --- The business -------------------------------------------------------------------------------------------

BUSINESS_NAME = env("BUSINESS_NAME", default="Exodrive")
BUSINESS_PHONE = env("BUSINESS_PHONE", default="+33 4 00 00 00 00")
BUSINESS_EMAIL = env("BUSINESS_EMAIL", default="hello@exodrive.test")
BUSINESS_ADDRESS = env("BUSINESS_ADDRESS", default="12 rue de la Villette, 69003 Lyon, France")
# Addresses or URLs for who found a hole (/.well-known/security.txt); without any, BUSINESS_EMAIL.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
STAFF_NOTIFY_EMAILS = env.list("STAFF_NOTIFY_EMAILS", default=[])

CURRENCY = env("CURRENCY", default="EUR")
TAX_RATE = env("TAX_RATE", default="20")  # per cent
TAX_INCLUDED = env.bool("TAX_INCLUDED", default=True)

# --- Booking rules: fleet-wide defaults, in days, hours or minutes as named ---------------------------------

# What a fleet's rules begin with stands in cars.models.Fleet and is edited in the admin.
HOLD_FOR = timedelta(minutes=env.int("HOLD_MINUTES", default=15))
HOLD_PAUSE = timedelta(minutes=5)  # between the holds of one visitor on the same days, after two in a row
TOKEN_DAYS_AFTER_RETURN = env.int("TOKEN_DAYS_AFTER_RETURN", default=30)
# What nobody has paid may keep cars from others only for people who can be reached (docs/decisions.md). 0 is no limit.
PROVE_MINUTES = env.int("PROVE_MINUTES", default=120)
HOLDS_PER_VISITOR = env.int("HOLDS_PER_VISITOR", default=3)
_LIMITED = env("RATE_LIMITS", default="off" if TESTING else "on") != "off"
HOLDS_PER_NETWORK = env.int("HOLDS_PER_NETWORK", default=4) if _LIMITED else 0
UNPROVEN_PER_VISITOR = env.int("UNPROVEN_PER_VISITOR", default=2) if _LIMITED else 0
UNPROVEN_PER_NETWORK = env.int("UNPROVEN_PER_NETWORK", default=4) if _LIMITED else 0
# Per cent of the cars of a place, two at least.
UNPROVEN_SHARE = env.int("UNPROVEN_SHARE", default=20) if _LIMITED else 0
# So many unproven bookings at once make /readyz degraded.
UNPROVEN_ALARM = env.int("UNPROVEN_ALARM", default=10)
PAYMENT_WINDOW = timedelta(minutes=env.int("PAYMENT_WINDOW", default=30))
NEW_LINK_HOURS = env.int("NEW_LINK_HOURS", default=24)
# What comes back of the price, by hours before the pick-up: "72:100,24:50" is all until 72 h, half until 24 h, then none.
# Frozen on each booking; empty: all until FREE_CANCELLATION_HOURS, then none.
_tiers = [tier.partition(":") for tier in env.list("CANCELLATION_TIERS", default=[])]
if not all(hours.strip().isdecimal() and percent.strip().isdecimal() for hours, _colon, percent in _tiers):
    raise ImproperlyConfigured(
        "CANCELLATION_TIERS must be like 72:100,24:50: hours before the pick-up, per cent back."
    )
CANCELLATION_TIERS = tuple((int(hours), int(percent)) for hours, _colon, percent in _tiers)
FREE_CANCELLATION_HOURS = next(
    (hours for hours, percent in CANCELLATION_TIERS if percent == 100),
    env.int("FREE_CANCELLATION_HOURS", default=48),
)
CHANGE_CUTOFF_HOURS = env.int("CHANGE_CUTOFF_HOURS", default=48)
# What staff are proposed to charge for a car that comes back late or with less fuel; they decide.
RETURN_GRACE = timedelta(minutes=env.int("RETURN_GRACE_MINUTES", default=59))
LATE_RETURN_HOURLY_PERCENT = env.int(
    "LATE_RETURN_HOURLY_PERCENT", default=20
)  # of what a day costs, up to a day
_eighth = env("FUEL_PRICE_PER_EIGHTH", default="")
if _eighth and not re.fullmatch(r"[0-9]{1,6}([.][0-9]{1,4})?", _eighth):
    raise ImproperlyConfigured("FUEL_PRICE_PER_EIGHTH must be an amount like 12.50.")
FUEL_PRICE_PER_EIGHTH = Decimal(_eighth or 0)  # with tax; 0: missing fuel is not proposed

# --- Payments (docs/payments.md) ----------------------------------------------------------------------------

# Keys: only from the environment, never shown, logged or exported.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_URL = env("STRIPE_API_URL", default="")  # another address than Stripe's own, in tests
PAYPAL_CLIENT_ID = env("PAYPAL_CLIENT_ID", default="")
PAYPAL_CLIENT_SECRET = env("PAYPAL_CLIENT_SECRET", default="")
PAYPAL_WEBHOOK_ID = env("PAYPAL_WEBHOOK_ID", default="")
PAYPAL_API_URL = env("PAYPAL_API_URL", default="https://api-m.paypal.com")
PAYPAL_VERIFY = env("PAYPAL_VERIFY", default="local")  # or "postback": PayPal itself checks its signatures
PAYPAL_CA_BUNDLE = env(
    "PAYPAL_CA_BUNDLE", default=""
)  # certificates that PayPal's may hang from; else certifi's
# A provider of our own that takes no money, with a page that approves, declines and breaks. Never beside live keys.
PAYMENTS_SANDBOX = env.bool("PAYMENTS_SANDBOX", default=False)
# What customers are offered, the first one first: paypal, stripe, sandbox, pick_up, transfer.
PAYMENT_METHODS = env.list("PAYMENT_METHODS", default=["pick_up"])
# Methods that are paid at once: an unpaid booking with one of them is cancelled after the payment window.
ONLINE_PAYMENT_METHODS = frozenset({"paypal", "stripe", "sandbox"})
PAYMENT_TIMEOUT = env.float("PAYMENT_TIMEOUT", default=5)  # seconds that a page waits for a provider at most
BANK_ACCOUNT = env("BANK_ACCOUNT", default="")  # where transfers go, e.g. "IBAN FR76 …, BIC …"
DEPOSIT_HOLD_LEAD = timedelta(hours=env.int("DEPOSIT_HOLD_LEAD", default=24))  # before the pick-up
DEPOSIT_RELEASE_AFTER = timedelta(hours=env.int("DEPOSIT_RELEASE_AFTER", default=72))  # after a clean return
# Pick-ups so soon after the payment hold the deposit in the same checkout.
DEPOSIT_AT_ONCE = timedelta(days=3)
RETENTION_EVENTS_DAYS = env.int("RETENTION_EVENTS_DAYS", default=90)  # what providers reported, word for word

# --- Personal data: for how many days it is kept (docs/decisions.md says why) --------------------------------

RETENTION_BOOKINGS_DAYS = env.int("RETENTION_BOOKINGS_DAYS", default=3650)  # after a person's last return day
RETENTION_MAILS_DAYS = env.int("RETENTION_MAILS_DAYS", default=365)  # who was mailed what
DO_NOT_RENT_YEARS = env.int("DO_NOT_RENT_YEARS", default=3)  # a manager's decision not to rent to somebody
RETENTION_SECURITY_DAYS = env.int("RETENTION_SECURITY_DAYS", default=365)  # security events

# --- Applications -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "exodrive",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "cars",
    "bookings",
    "inbox",
    "exodrive.staff.admin_site.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "anymail",
    "ninja",
]

MIDDLEWARE = [
    "exodrive.http.loopback.LoopbackMiddleware",
    "exodrive.http.probes.ProbeMiddleware",
    "exodrive.db.deadlines.TimeoutMiddleware",
    "exodrive.http.middleware.RequestIdMiddleware",
    "exodrive.http.security_headers.HeadersMiddleware",
    "exodrive.http.compression.CompressionMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "exodrive.http.security_headers.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "exodrive.http.light.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "exodrive.http.origin.HiddenOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "exodrive.http.light.Authentication",
    "exodrive.http.light.Messages",
    "django_htmx.middleware.HtmxMiddleware",
    "exodrive.limits.middleware.ThrottleMiddleware",
    "exodrive.staff.identity.IdentityMiddleware",
    "exodrive.http.middleware.RefusalMiddleware",
    "exodrive.http.display.DisplayMiddleware",
]

ROOT_URLCONF = "exodrive.urls"
WSGI_APPLICATION = "exodrive.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Not the session: public pages have none, and their database role could not write it.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "exodrive.context_processors.business",
                "bookings.views.navigation.worlds",
            ],
            "builtins": ["exodrive.templatetags.formats"],
        },
    }
]

# --- Database: every query runs as the role that exodrive.rls says (docs/architecture.md) -------------------

# These commands own the schema; everything else connects as the application login, which owns nothing.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "dbshell", "flush", "start"}
OWNER_COMMANDS |= {"createsuperuser", "changepassword", "backup", "restore"}
AS_OWNER = TESTING or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)
refuse_empty_urls(os.environ)
APP_DATABASE_URL = env("DATABASE_URL", default="postgres://exo_app@127.0.0.1:54329/exodrive")
DATABASE_URL = env("DATABASE_OWNER_URL", default=APP_DATABASE_URL) if AS_OWNER else APP_DATABASE_URL
DATABASE_VARIABLE = "DATABASE_OWNER_URL" if DATABASE_URL != APP_DATABASE_URL else "DATABASE_URL"
# Fifty threads on a busy test machine wait for each other longer than any customer should.
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=40_000 if TESTING else 4000)
LOCK_TIMEOUT_MS = env.int("LOCK_TIMEOUT_MS", default=30_000 if TESTING else 3000)
PREPARE_AFTER = env.int("PREPARE_AFTER", default=5)
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=8)
# "transaction": DATABASE_URL leads to a pooler that gives us a server for one transaction (exodrive.db.backend.pooled).
DATABASE_POOLER = env("DATABASE_POOLER", default="")
if DATABASE_POOLER not in ("", "transaction"):
    raise ImproperlyConfigured(f"DATABASE_POOLER is {DATABASE_POOLER!r}; it must be empty or transaction.")
# Seconds until we stop waiting for a server that hangs: in a request in all, elsewhere for each statement.
REQUEST_PATIENCE = env.float("REQUEST_PATIENCE", default=40.0 if TESTING else 3.6)
DATABASE_PATIENCE = STATEMENT_TIMEOUT_MS / 1000 + 1

_database = env.db_url_config(DATABASE_URL)

DATABASES = {
    "default": {
        **_database,
        "ENGINE": "exodrive.db.backend",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a restarted server costs nobody a refused request
        "OPTIONS": {
            **_database.get("OPTIONS", {}),  # what the URL says: sslmode, sslrootcert
            "connect_timeout": 30 if TESTING else 2,  # fifty racers connect at once, on whatever machine
            "application_name": "exodrive",
            # What exodrive.db.together sends so often on one connection is prepared there.
            "prepare_threshold": None if DATABASE_POOLER else PREPARE_AFTER or None,
            # A dead network is noticed before somebody asks; a server that hangs by exodrive.db.deadlines.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "options": "-c timezone=UTC"
            if AS_OWNER and not TESTING
            else f"-c timezone=UTC -c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}"
            f" -c idle_in_transaction_session_timeout={STATEMENT_TIMEOUT_MS * 3}"
            # The server drops the work and the locks of a client that went away.
            " -c client_connection_check_interval=1000",
        },
    }
}
if DATABASE_POOLER and not AS_OWNER:  # the owner's commands go to the server itself
    DATABASES["default"] |= {"POOLER": DATABASE_POOLER, "DISABLE_SERVER_SIDE_CURSORS": True}
    del DATABASES["default"]["OPTIONS"][
        "options"
    ]  # a pooler knows none; the time-outs go with each transaction
if not AS_OWNER:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        "timeout": 2,
        # After so many seconds in vain a new attempt waits for the next request, not for a back-off that grew to minutes.
        "reconnect_timeout": 5,
        "connection_class": TimeoutConnection,
    }

# A streaming replica for the catalogue and its calendars (exodrive.db.replica), as the same login.
DATABASE_REPLICA_URL = "" if AS_OWNER else env("DATABASE_REPLICA_URL", default="")
DATABASE_REPLICA_MAX_LAG = env.float("DATABASE_REPLICA_MAX_LAG", default=3)  # seconds
DATABASE_ROUTERS = ["exodrive.db.replica.Router"]
if DATABASE_REPLICA_URL:
    _replica = env.db_url_config(DATABASE_REPLICA_URL)
    DATABASES["replica"] = {**DATABASES["default"], **_replica, "ENGINE": "exodrive.db.backend"}
    _options = DATABASES["default"]["OPTIONS"]
    _pool = {**_options["pool"], "timeout": 0.5}  # the primary is asked instead
    DATABASES["replica"]["OPTIONS"] = {**_options, **_replica.get("OPTIONS", {}), "pool": _pool}

# --- Redis: locks, cache, Celery broker. Optional at run time: away means slower, never wrong ---------------

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:63799/0")
REDIS_TIMEOUT = 0.1  # seconds, for connecting and for answering
AVAILABILITY_CACHE_SECONDS = 0 if TESTING else env.int("AVAILABILITY_CACHE_SECONDS", default=60)
REDIS_PREFIX = "exodrive-test" if TESTING else "exodrive"

# --- Rate limits: how often one address, email or link may do something (exodrive.limits.rates) -------------

# "n/second|minute|hour|day", several with ";": all of them hold. Offices and mobile networks share one address, so
# what counts addresses leaves room for many people; what counts one person or one account is narrower.
RATE_LIMIT_DEFAULTS = {
    "read": "600/minute",  # API reads of an address
    "hold": "30/minute;300/hour",  # holds of an address
    "code_email": "5/hour;10/day",  # codes for one mailbox
    "preview": "120/minute",  # new prices of a form, of an address
    "booking": "20/minute;150/hour",  # bookings of an address, refused ones included
    "booking_email": "20/hour;60/day",  # bookings of one customer
    "change": "60/minute;600/hour",  # changes and cancellations of an address, and every other form
    "change_link": "30/minute;120/hour",  # the same of one booking
    "link": "10/minute;60/hour",  # requests for a new link of an address
    "link_email": "5/hour;15/day",  # the same for one customer: each may be a mail
    "guess": "20/minute;100/hour",  # links of an address that open nothing
    "pin": "30/minute;300/hour",  # PINs of links, tried or set, from an address: each is a slow hash
    "staff_token": "20/minute;100/hour",  # the same with API tokens of staff
    "login": "30/minute;300/hour",  # sign-ins of an address
    "login_pair": "5/minute;10/15minute;20/hour;60/day",  # of one account from one address: the back-off
    "login_account": "30/hour;120/day",  # of one account, from browsers that never signed in to it
    "login_code": "10/15minute;40/day",  # codes of the second step of one account
}
RATE_LIMITING = env("RATE_LIMITS", default="off" if TESTING else "on") != "off"
RATE_LIMITS = {
    name: env(f"RATE_LIMIT_{name.upper()}", default=default)
    for name, default in RATE_LIMIT_DEFAULTS.items()
    if RATE_LIMITING
}
# While Redis is away each process counts by itself: nothing that writes may be faster than this.
RATE_LIMIT_WITHOUT_REDIS = env("RATE_LIMIT_WITHOUT_REDIS", default="10/minute")

# --- Celery -------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = "memory://" if TESTING else REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "exodrive"
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(Path(env("RUN_DIR", default=str(VAR_DIR))) / "celerybeat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A Redis that answers, but with an error (loading, read-only, no memory, no protocol), is one to wait for as well.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds after which a task is interrupted, then killed. What it did not finish, the next run of its job does.
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
# A web process that publishes while Redis is away must not wait: the sweeper sends what was not published.
PUBLISH_TIMEOUTS = {"socket_connect_timeout": 0.1, "socket_timeout": 0.1, "max_retries": 0}

# --- Mail ---------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"{BUSINESS_NAME} <{BUSINESS_EMAIL}>")
EMAIL_BACKEND = env(
    "EMAIL_BACKEND",
    default="inbox.mail.backend.EmailBackend"
    if env("RESEND_API_KEY", default="")
    else "django.core.mail.backends.filebased.EmailBackend",
)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = env.float(
    "MAIL_TIMEOUT", default=4
)  # seconds, for each answer of the mail server or provider
# How long to wait after the first, second, … attempt failed; after the last one staff must send it again.
# Changes of one booking that follow each other are told in one mail; a mailbox gets so many mails an hour at most.
CHANGES_TOLD_EVERY = timedelta(minutes=env.int("CHANGES_TOLD_EVERY_MINUTES", default=10))
MAILS_PER_HOUR = env.int("MAILS_PER_HOUR", default=20) if _LIMITED else 0
MAIL_RETRIES = [
    timedelta(seconds=int(text)) for text in env.list("MAIL_RETRY_SECONDS", default=[60, 300, 1500, 7200])
]
# A mail that was taken and neither sent nor given back for so long belonged to a worker that died.
MAIL_CLAIM = timedelta(seconds=env.int("MAIL_CLAIM_SECONDS", default=600))
# Another provider: EMAIL_BACKEND and its own variables, e.g. ANYMAIL_POSTMARK_SERVER_TOKEN.
ANYMAIL = {
    **{
        name.removeprefix("ANYMAIL_"): value
        for name, value in os.environ.items()
        if name.startswith("ANYMAIL_")
    },
    "RESEND_API_KEY": env("RESEND_API_KEY", default=""),
    "RESEND_SIGNING_SECRET": env("RESEND_WEBHOOK_SECRET", default="") or None,
    "REQUESTS_TIMEOUT": EMAIL_TIMEOUT,
}

# --- Users --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "exodrive.User"
LOGIN_URL = "staff_login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "staff_login"
# Nothing done for so many minutes, or signed in for so many hours: sign in again (exodrive.staff.sessions).
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=60)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)
SESSION_ENGINE = "exodrive.staff.sessions"
SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 3600
# Who works here needs a code from an app as well (exodrive.staff.two_factor); else everybody may turn it on.
STAFF_TOTP_REQUIRED = env.bool("STAFF_TOTP_REQUIRED", default=False)
OTP_TOTP_ISSUER = BUSINESS_NAME
# The library's own back-off has no end, so that a stolen password could lock its owner out for years; ours has.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
if TESTING:
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # safe ones take half a second per user
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Languages and time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("pt", _("Portuguese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "exodrive.i18n.reading"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Europe/Paris")

# --- Static and uploaded files ------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Served as asked for; else every handler begins by reading all of them, and each test's client is a handler.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING or DEBUG
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

# --- Browser security ---------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# A browser takes these names only for Secure cookies of exactly this host, so no neighbour can plant one.
COOKIE_PREFIX, PATH_COOKIE_PREFIX = ("__Host-", "__Secure-") if PRODUCTION else ("", "")
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
CSRF_FAILURE_VIEW = "exodrive.http.refusals.csrf_failure"
# How many proxies of ours append to X-Forwarded-For; the client's address is taken from there (exodrive.http.client_ip).
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)
# That one address may have at each web process. Not with proxies, whose address is the only one: they count for us.
CONNECTIONS_PER_ADDRESS = env.int("CONNECTIONS_PER_ADDRESS", default=32)
BEHIND_TLS_PROXY = env.bool("BEHIND_TLS_PROXY", default=False)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# No page of ours uses any of these, so a script that got in could not either.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": [],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "picture-in-picture": [],
    "publickey-credentials-get": [],
    "screen-wake-lock": [],
    "usb": [],
    "xr-spatial-tracking": [],
}

# --- Seeing -------------------------------------------------------------------------------------------------

SENTRY_DSN = env("SENTRY_DSN", default="")
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")  # opens the details of /readyz
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = None  # exodrive.ops.logging.configure() below, so that there is one place for the format and the scrubbing
from exodrive.ops import logging as exodrive_logging  # noqa: E402

exodrive_logging.configure(level=LOG_LEVEL, json_lines=PRODUCTION or env.bool("LOG_JSON", default=False))
if SENTRY_DSN:
    exodrive_logging.start_sentry(dsn=SENTRY_DSN, environment=ENVIRONMENT, release=RELEASE)

SILENCED_SYSTEM_CHECKS: list[str] = []

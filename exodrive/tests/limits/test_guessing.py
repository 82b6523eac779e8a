"""Ten thousand guesses of links and a thousand of passwords: slowed down, and none the wiser.

The short run does the same with fewer. Status and body are compared exactly; times are printed, never judged: a busy
machine says nothing about the code.
"""

import re
import secrets
import statistics
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import BookingLink
from bookings.tests.support.factories import make_booking, make_desk
from bookings.tokens import hash_of, new_nonce, token_of
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
PBKDF2 = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def guess_of_a_token():
    return secrets.token_urlsafe(16)


def body_of(response):
    """The page without what differs in every answer: CSRF token, the guess itself, the seconds to wait."""
    guess = response.request["PATH_INFO"].split("/")[3]
    body = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode()).replace(guess, "")
    return re.sub(r"in \d+ (second|minute)s?", "", body)


OF_THE_MOMENT = {"X-Request-Id", "Retry-After", "Expires", "Content-Length"}


def headers_of(response):
    """All but those that say when it was asked and how long the guess was."""
    return tuple(sorted((name, value) for name, value in response.items() if name not in OF_THE_MOMENT))


class Guesser(Client):
    """A new browser for every guess."""

    def generic(self, *args, **options):
        self.cookies.clear()
        return super().generic(*args, **options)


def timed(ask):
    started = time.perf_counter()
    response = ask()
    return response, (time.perf_counter() - started) * 1000


@pytest.fixture
def say(soak, capsys):
    """`say(line)` prints under `make soak`, past pytest's capture."""

    def print_line(line):
        if soak:
            with capsys.disabled():
                print(f"\n  {line}", end="")

    return print_line


def spread(what, times):
    """A line for each kind: median and tenths of its times in milliseconds."""
    for kind, values in times.items():
        tenths = statistics.quantiles(values, n=10)
        yield (
            f"{what}, {kind}: {len(values)} answers, median {statistics.median(values):.2f} ms,"
            f" a tenth below {tenths[0]:.2f}, a tenth above {tenths[-1]:.2f}"
        )


# --- Links --------------------------------------------------------------------------------------------------------


def test_guesses_of_links_are_throttled_and_all_alike(limits, rounds, say):
    limits(guess=configured.RATE_LIMIT_DEFAULTS["guess"])
    right = make_booking().token
    guesses, guesser = rounds(60, 10_000), Guesser(REMOTE_ADDR="198.51.100.7")
    times: dict[str, list[float]] = {"existing": [], "not existing": []}
    allowed, started, statuses, pages = 20, time.perf_counter(), Counter(), set()
    for n in range(guesses):
        token = right if n and n % 20 == 0 else guess_of_a_token()
        path = reverse("booking", args=[token])
        response, milliseconds = timed(lambda path=path: guesser.get(path))
        statuses[response.status_code] += 1
        if response.status_code == 429:
            times["existing" if token == right else "not existing"].append(milliseconds)
            pages.add((body_of(response), headers_of(response)))
    minutes = (time.perf_counter() - started) / 60
    say(f"{guesses} guesses of links in {minutes * 60:.1f} s: {dict(statuses)}")
    for line in spread("refused links", times):
        say(line)
    # Every minute has room for so many wrong ones; a right one (each twentieth) opens only while there is room.
    windows = int(minutes) + 1
    assert set(statuses) <= {200, 404, 429}
    assert statuses[404] <= allowed * windows
    assert statuses[200] <= 2 * windows
    assert len(pages) == 1
    assert Client(REMOTE_ADDR="198.51.100.8").get(reverse("booking", args=[right])).status_code == 200


def test_links_that_open_nothing_are_alike_whatever_is_wrong(rounds, say):
    rotated, expired = make_booking(), make_booking()
    old, nonce = rotated.token, new_nonce()
    kinds = {"unknown": guess_of_a_token, "rotated": lambda: old, "expired": lambda: expired.token}
    with as_owner():
        links = BookingLink.objects
        links.filter(booking=rotated).update(nonce=nonce, token_hash=hash_of(token_of(nonce)))
        links.filter(booking=expired).update(expires_at=timezone.now() - timedelta(days=1))
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    seen = set()
    guesser = Guesser()
    for _n in range(rounds(5, 500)):
        for kind, token in kinds.items():
            path = reverse("booking", args=[token()])
            response, milliseconds = timed(lambda path=path: guesser.get(path))
            times[kind].append(milliseconds)
            seen.add((response.status_code, body_of(response), headers_of(response)))
    for line in spread("links", times):
        say(line)
    assert len(seen) == 1


# --- Passwords ----------------------------------------------------------------------------------------------------


def sign_in(guesser, email, address="198.51.100.7"):
    typed = {"username": email, "password": secrets.token_hex(6)}
    return guesser.post(reverse("staff_login"), typed, REMOTE_ADDR=address)


def form_of(response):
    """The sign-in page without CSRF token, the typed email and the seconds."""
    body = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r"in \d+ (second|minute)s?", "", body)


def test_guesses_of_passwords_are_throttled_and_all_alike(limits, rounds, say):
    rules = ("login", "login_pair", "login_account")
    limits(**{rule: configured.RATE_LIMIT_DEFAULTS[rule] for rule in rules})
    known, guesses = make_desk(email="known@example.com").email, rounds(30, 1000)
    guesser = Guesser()
    found: dict[str, Counter[int]] = {known: Counter(), "unknown@example.com": Counter()}
    pages = {email: set() for email in found}
    started = time.perf_counter()
    for _n in range(guesses // 2):
        for number, email in enumerate(found):
            response = sign_in(guesser, email, f"198.51.100.{number}")
            found[email][response.status_code] += 1
            pages[email].add((response.status_code, form_of(response), headers_of(response)))
    seconds = time.perf_counter() - started
    counts = [dict(counter) for counter in found.values()]
    say(f"{guesses} guesses of passwords in {seconds:.1f} s, known and unknown account: {counts}")
    assert counts[0] == counts[1] or seconds > 55  # on the edge of a window one of them may be first
    assert max(counter[422] for counter in found.values()) <= 10 + int(seconds // 60)
    assert pages[known] == pages["unknown@example.com"]


def test_guesses_of_passwords_from_everywhere_meet_the_accounts_own_limit(limits, rounds, say):
    limits(login_account=configured.RATE_LIMIT_DEFAULTS["login_account"])
    email, guesses, guesser = make_desk().email, rounds(40, 1000), Guesser()
    statuses = Counter(
        sign_in(guesser, email, f"10.{n // 250}.{n % 250}.1").status_code for n in range(guesses)
    )
    say(f"{guesses} guesses of passwords from as many addresses: {dict(statuses)}")
    assert statuses == {422: 30, 429: guesses - 30}


def test_wrong_passwords_take_as_long_for_accounts_that_do_not_exist(settings, soak, rounds, say):
    """With the hash that production uses, in the long run."""
    settings.PASSWORD_HASHERS = PBKDF2 if soak else settings.PASSWORD_HASHERS
    open_, closed = (
        make_desk(email="open@example.com"),
        make_desk(email="closed@example.com", is_active=False),
    )
    with as_owner():
        closed.set_unusable_password()
        closed.save()
    times: dict[str, list[float]] = {email: [] for email in (open_.email, closed.email, "nobody@example.com")}
    seen, guesser = set(), Guesser()
    for _n in range(rounds(3, 25)):
        for email, values in times.items():
            response, milliseconds = timed(lambda email=email: sign_in(guesser, email))
            values.append(milliseconds)
            seen.add((response.status_code, form_of(response), headers_of(response)))
    for line in spread("passwords", times):
        say(line)
    assert len(seen) == 1

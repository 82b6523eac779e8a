"""How often somebody may do something: counted in Redis, in this process while Redis is away.

Each rule of `settings.RATE_LIMITS` is one or more limits ("30/minute; 300/hour") over moving windows. What is counted is
a keyed hash of who asks, so neither Redis nor a log knows an address or an email. Redis away costs nothing but precision:
what only reads goes on, what writes has a small limit in each process.
"""

import hmac
import logging
import math
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from limits import RateLimitItem, parse, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from exodrive.cache.client import AWAY, ask, client
from exodrive.errors import Refusal
from exodrive.ops.counters import count

log = logging.getLogger(__name__)

READ = "read"  # the only rule that is open while Redis is away
MAX_KEPT = 10_000  # counts in this process's memory
LONG_WAIT = 90  # seconds; beyond that people are told minutes


class TooMany(Refusal):
    """Asked too often. `retry_after` is the number of seconds until one more try counts."""

    code, status = "too_many_requests", 429
    retry_after: int

    def __init__(self, wait: int) -> None:
        self.retry_after = wait
        super().__init__(lazy(_sentence, str)(wait))


def hit(rule: str, *who: Any) -> None:
    """Count one try of `who` under a rule. Raises TooMany when the rule has no room left."""
    if not _ask(rule, who, _hit, open_answer=True):
        log.info("rate limit", extra={"event": {"event": "rate_limited", "rule": rule}})
        count("rate_limited", rule)
        raise TooMany(max(retry_after(rule, *who), 1))


def retry_after(rule: str, *who: Any) -> int:
    """Seconds until `who` may try again, 0 for now. Counts nothing."""
    return int(_ask(rule, who, _seconds, open_answer=0))


def reset(rule: str, *who: Any) -> None:
    """Forget the tries of `who` under a rule."""
    _ask(rule, who, _clear, open_answer=None)


def keyed(*who: Any) -> str:
    """A hash that nobody can make or undo without our key: what stands for an address or an email outside this process."""
    text = "\0".join(str(part) for part in who)
    return hmac.new(settings.SECRET_KEY.encode(), f"ratelimit\0{text}".encode(), "sha256").hexdigest()[:32]


def _sentence(seconds: int) -> str:
    return _("Too many tries. Try again %(when)s.") % {"when": in_words(seconds)}


def in_words(seconds: int) -> str:
    """ "in 35 seconds", "in 5 minutes"."""
    if seconds <= LONG_WAIT:
        return ngettext("in %(n)d second", "in %(n)d seconds", seconds) % {"n": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}


# --- Where it is counted ----------------------------------------------------------------------------------------

Key = tuple[str, str]
Question = Callable[[MovingWindowRateLimiter, list[RateLimitItem], Key], Any]


def _hit(limiter: MovingWindowRateLimiter, limits: list[RateLimitItem], key: Key) -> bool:
    if isinstance(limiter.storage, Together) and len(limits) > 1:
        return limiter.storage.acquire_all(
            [(one.key_for(*key), one.amount, one.get_expiry()) for one in limits]
        )
    return all(limiter.hit(limit, *key) for limit in limits)


def _seconds(limiter: MovingWindowRateLimiter, limits: list[RateLimitItem], key: Key) -> int:
    stats = [limiter.get_window_stats(limit, *key) for limit in limits]
    return max((math.ceil(s.reset_time - time.time()) for s in stats if s.remaining <= 0), default=0)


def _clear(limiter: MovingWindowRateLimiter, limits: list[RateLimitItem], key: Key) -> None:
    for limit in limits:
        limiter.clear(limit, *key)


def _ask(rule: str, who: tuple[Any, ...], question: Question, *, open_answer: Any) -> Any:
    text = settings.RATE_LIMITS.get(rule, "")
    if not text:
        return open_answer
    key = (rule, keyed(rule, *who))
    answer = ask(lambda redis: question(_shared(), _parsed(text), key))
    if answer is not AWAY:
        return answer
    if rule == READ:
        return open_answer
    with _own_lock:
        _forget_oldest()
        return question(_own(), _small(text, settings.RATE_LIMIT_WITHOUT_REDIS), key)


@cache
def _parsed(text: str) -> list[RateLimitItem]:
    return parse_many(text)


@cache
def _small(text: str, most: str) -> list[RateLimitItem]:
    """The limits of a rule, none of them faster than `most`."""
    slower = {str(limit): limit for limit in (min(one, parse(most), key=_rate) for one in parse_many(text))}
    return list(slower.values())


def _rate(limit: RateLimitItem) -> float:
    return limit.amount / limit.get_expiry()


class Together(RedisStorage):
    """The library's storage, which counts in all windows of a rule with one question."""

    # As the library does it for one window (its acquire_moving_window.lua), until one has no room left.
    WINDOWS = """
    for i, key in ipairs(KEYS) do
        local limit, expiry = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
        local entry = redis.call('lindex', key, limit - 1)
        if entry and tonumber(entry) >= tonumber(ARGV[1]) - expiry then return false end
        redis.call('lpush', key, ARGV[1])
        redis.call('ltrim', key, 0, limit - 1)
        redis.call('expire', key, expiry)
    end
    return true
    """

    def initialize_storage(self, _uri: str) -> None:
        """With the script in hand."""
        super().initialize_storage(_uri)
        self._windows = self.storage.register_script(self.WINDOWS)

    def acquire_all(self, windows: list[tuple[str, int, int]]) -> bool:
        """Count one in each window (key, how many, seconds), in their order; False at the first that is full."""
        values = [value for _key, amount, seconds in windows for value in (amount, seconds)]
        return bool(
            self._windows([self.prefixed_key(key) for key, *_rest in windows], [time.time(), *values])
        )


@cache
def _shared() -> MovingWindowRateLimiter:
    """In Redis, through the connections and time-outs of `exodrive.cache.client`."""
    pool, prefix = client().connection_pool, f"{settings.REDIS_PREFIX}:limit"
    return MovingWindowRateLimiter(Together(settings.REDIS_URL, connection_pool=pool, key_prefix=prefix))


# The library's storage in memory starts a thread for cleaning up, which two requests must not do at once.
_own_lock = threading.Lock()


@cache
def _own() -> MovingWindowRateLimiter:
    """In this process."""
    return MovingWindowRateLimiter(MemoryStorage())


def _forget_oldest() -> None:
    """The library keeps who asked once for ever, and looks at all of them again and again."""
    storage = cast(MemoryStorage, _own().storage)
    if len(storage.events) > MAX_KEPT:
        for key in list(storage.events)[:-MAX_KEPT]:
            with storage.locks[key]:  # the library's own thread looks at it too
                storage.clear(key)

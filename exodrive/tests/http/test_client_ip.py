"""The client's address: nobody can choose it, with and without proxies of ours in front."""

import pytest
from django.test import RequestFactory

from exodrive.http.client_ip import client_address, client_network


def asked(forwarded=None, remote="10.0.0.9"):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "198.51.100.7", "10.0.0.9"),  # nobody of ours wrote it
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.1, 198.51.100.7", "198.51.100.7"),  # the first one is the client's own invention
        (2, "203.0.113.1, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.9"),  # shorter than our proxies make it: somebody went past one
        (1, "", "10.0.0.9"),
        (1, "203.0.113.1, not-an-address", "10.0.0.9"),
        (1, "203.0.113.1, ", "10.0.0.9"),
        (1, "unknown", "10.0.0.9"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::7]:4711", "2001:db8::7"),
        (1, "2001:0db8:0:0::7", "2001:db8::7"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "fe80::1%eth0", "fe80::1"),
        (3, "203.0.113.1," * 500 + "198.51.100.7, 10.0.0.1, 10.0.0.2", "198.51.100.7"),
    ],
)
def test_only_what_our_own_proxies_wrote_counts(settings, hops, forwarded, address):
    settings.TRUSTED_PROXY_HOPS = hops
    assert client_address(asked(forwarded)) == address


def test_a_connection_without_an_address_has_none(settings):
    assert client_address(asked(remote="")) == ""
    settings.TRUSTED_PROXY_HOPS = 1
    assert client_network(asked(remote="")) == ""


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_a_household_is_counted_once(remote, counted):
    assert client_network(asked(remote=remote)) == counted

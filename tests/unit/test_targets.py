"""Which addresses are called: those of the public internet, however they are written."""

from __future__ import annotations

import pytest

from fanfold.outbound import UrlPoster
from fanfold.ports import Posted
from fanfold.targets import UnfitUrl, check, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::1",
        "2001:0:a00:1::1", "fd00:ec2::254", "not an address", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_public_internet_is_seen(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"])
def test_a_public_one_is_one(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://0x7f.1/", "https://2130706433/", "https://0177.0.0.1/",
        "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://localhost/", "https://LOCALHOST./",
        "https://printer.local/", "https://a.internal/", "https://169.254.169.254/latest",
        "http://example.org/", "https://example.org:8443/", "https://u:p@example.org/",
        "https://u@example.org/", "https://example.org/#x", "https://", "https://:443/", "x",
        "https://example.org:port/", "https://exa mple.org/\n", "file:///etc/passwd",
        "//example.org",        "https://[::1", "gopher://example.org/",
    ],
)  # fmt: skip
def test_an_address_that_events_are_not_sent_to_is_refused(url: str):
    with pytest.raises(UnfitUrl):
        check(url, private=False)
    assert UrlPoster(resolve=lambda *_: ["93.184.216.34"]).post(url, {}, b"") == Posted(
        None, "TARGET_REFUSED"
    )


def test_a_usual_one_is_taken_and_others_where_that_is_asked_for():
    assert check("https://example.org/a?b=c", private=False) == ("example.org", 443)
    assert check("http://192.168.1.4:8080/a", private=True) == ("192.168.1.4", 8080)
    assert check("http://nas.local/", private=True) == ("nas.local", 80)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (["10.0.0.1"], "TARGET_REFUSED"),
        (["93.184.216.34", "127.0.0.1"], "TARGET_REFUSED"),
        (["::ffff:127.0.0.1"], "TARGET_REFUSED"),
        ([], "NAME_NOT_FOUND"),
    ],
)
def test_where_a_name_leads_is_looked_at_when_it_is_called(found: list[str], code: str):
    poster = UrlPoster(resolve=lambda *_: found)
    assert poster.post("https://example.org/", {}, b"{}") == Posted(None, code)


def test_a_name_that_nobody_knows_is_said():
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert UrlPoster(resolve=resolve).post("https://nobody.example/", {}, b"").code == (
        "NAME_NOT_FOUND"
    )

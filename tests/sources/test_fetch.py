"""A request to somebody else's server: where it may go, how long it may take, what it may tell."""

import socket
import ssl
import threading
from dataclasses import replace

import pytest

from releases.sources.fetcher import Network, Unreachable, fetch, is_public, resolve

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.216.34", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2001:0:1::1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("ip", PRIVATE)
def test_nothing_but_the_public_internet_is_asked(ip):
    assert not is_public(ip, 443)


@pytest.mark.parametrize("ip", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1"])
def test_the_public_internet_is_asked_at_the_webs_ports_alone(ip):
    assert is_public(ip, 80)
    assert is_public(ip, 443)
    assert not is_public(ip, 22)
    assert not is_public(ip, 8080)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "127.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_no_way_of_writing_this_machine_leads_to_it(host, web):
    with pytest.raises(Unreachable):
        fetch("GET", f"http://{host}:{web.server_address[1]}/", Network())
    assert web.asked == []


@pytest.mark.parametrize("found", [["10.0.0.8"], ["93.184.216.34", "10.0.0.8"], ["::1", "93.184.216.34"], []])
def test_a_name_that_leads_inside_is_not_followed(found, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(Unreachable):
        fetch("GET", "http://harmless.example/", Network(resolve=lambda host, port: found))


def test_a_name_is_resolved_once_and_the_address_that_was_looked_at_is_asked(web, net):
    """A second answer of the name server (DNS rebinding) is never asked for."""
    answers = iter([["127.0.0.1"], ["10.0.0.8"]])
    once = replace(net, resolve=lambda host, port: next(answers))
    web.pages["/"] = 200
    assert fetch("GET", web.address(), once).status == 200
    assert next(answers) == ["10.0.0.8"]


def test_a_request_tells_nothing_about_why_it_is_made(web, net, settings):
    settings.SOURCES_CONTACT = "press@news.example"
    fetch("HEAD", web.address("/page?a=1"), net)
    (headers,) = web.headers
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
    assert headers["User-Agent"] == "newsroom-sources/1 (+press@news.example)"


def test_a_page_is_asked_for_its_beginning_alone(web, net):
    fetch("GET", web.address(), net)
    assert web.headers[0]["Range"] == "bytes=0-1023"


def test_cookies_are_not_kept(web, net):
    web.pages["/"] = lambda page: page.reply(200, Set_Cookie="who=you")
    fetch("GET", web.address(), net)
    fetch("GET", web.address(), net)
    assert "Cookie" not in web.headers[1]


def test_a_proxy_of_the_environment_is_not_used(web, net, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    fetch("GET", web.address(), net)
    assert web.asked == [("GET", "one.example", "/")]


def endless(page):
    page.send_response(200)
    page.end_headers()
    try:
        while True:
            page.wfile.write(b"x" * 65536)
    except OSError:
        return


def test_of_an_endless_body_no_more_is_read_than_was_asked_for(web, net):
    web.pages["/"] = endless
    assert len(fetch("GET", web.address(), net, max_bytes=3000).body) == 3000
    assert fetch("GET", web.address(), net).body == b""


def dripping(what):
    """A server that sends a byte at a time, each before the other side loses patience."""

    def drip(page):
        page.connection.sendall(what)
        stop = threading.Event()
        try:
            while not stop.wait(0.1):
                page.connection.sendall(b"a")
        except OSError:
            return

    return drip


@pytest.mark.parametrize(
    "what", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_a_body_or_header_that_drips_is_cut_off(web, net, what):
    web.pages["/"] = dripping(what)
    with pytest.raises(Unreachable, match="in time"):
        fetch("GET", web.address(), net, max_bytes=9999)


def test_a_server_that_says_nothing_is_left(web, net):
    ends = threading.Event()
    web.pages["/"] = lambda page: ends.wait(5)
    try:
        with pytest.raises(Unreachable, match="in time"):
            fetch("GET", web.address(), net)
    finally:
        ends.set()


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70000]
)
def test_whatever_is_no_http_is_an_answer_in_words(web, net, said):
    web.pages["/"] = lambda page: page.connection.sendall(said) or setattr(page, "close_connection", True)
    with pytest.raises(Unreachable):
        fetch("GET", web.address(), net)


def test_a_port_that_takes_no_connections_is_an_answer_in_words(web, net):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    everywhere = replace(net, is_allowed=lambda ip, port: True)
    with pytest.raises(Unreachable, match="takes no connections"):
        fetch("GET", f"http://one.example:{port}/", everywhere)


def test_a_name_that_nobody_has_is_an_answer_in_words():
    def nobody(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match="no host of this name"):
        fetch("GET", "http://gone.example/", Network(resolve=nobody))


def test_https_is_spoken_with_the_name_that_was_asked_for_and_not_with_just_anybody(web, net):
    """The web here speaks plain HTTP: what matters is that nothing is asked of it then."""
    seen = []

    class Context(ssl.SSLContext):
        def wrap_socket(self, sock, **options):
            seen.append(options["server_hostname"])
            return super().wrap_socket(sock, **options)

    context = Context(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.raises(Unreachable):
        fetch("GET", web.address().replace("http:", "https:"), replace(net, tls_context=lambda: context))
    assert seen == ["one.example"]
    assert web.asked == []


def test_the_systems_resolver_answers_for_addresses():
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]

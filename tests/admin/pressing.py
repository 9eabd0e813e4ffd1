"""Pressing a button of the form as a person without scripts does it: what has to be confirmed is confirmed as it is asked."""

import re
from html import unescape

_HIDDEN = re.compile(r'<input type="hidden" name="(?P<name>[a-z]+)" value="(?P<value>[^"]*)">')
_DO = re.compile(r'<button [^>]*name="do" value="([a-z]+)"')


def asked(page):
    """What a page that asks would send: its hidden fields, and the answers that its buttons give."""
    form = page.content.decode().partition('<form method="post">')[2].partition("</form>")[0]
    hidden = {one["name"]: unescape(one["value"]) for one in _HIDDEN.finditer(form)}
    return hidden, _DO.findall(form)


def answer(client, address, choice=None, *, follow=False):
    """Open the page that asks, and give its first answer, or `choice`."""
    page = client.get(address)
    if page.status_code != 200:
        return client.get(page["Location"]) if follow else page
    hidden, choices = asked(page)
    assert choices, "the page that asks has no button"
    return client.post(address, {**hidden, "do": choice or choices[0]}, follow=follow)


def press(client, address, data, choice=None, *, follow=False):
    """Send the form, and answer what is asked; the last response."""
    sent = client.post(address, data)
    if sent.status_code == 302 and "/confirm/" in sent["Location"]:
        return answer(client, sent["Location"], choice, follow=follow)
    return client.get(sent["Location"]) if follow and sent.status_code == 302 else sent

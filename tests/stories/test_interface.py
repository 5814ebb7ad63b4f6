"""Does the page about the interface work as it stands, for somebody who only copies it?"""

import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from payvand.kernel import clock
from payvand.kernel.text import compact_key
from payvand.registry import public as registry
from payvand.web import tokens
from payvand.window.models import Service
from tests import world as worlds

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-interface.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    """What the variables of the page stand for, in the small country of the tests."""
    with clock.frozen(worlds.MONDAY):
        world = worlds.build(worlds.grid_pack(layers=1, width=1))
        words = {"fa": "نمونه", "en": "Sample"}
        Service.objects.update(search_key=compact_key("خدمت آزمون"), summary=words)
        holders = {"FIRM": (world.company, "signatory"), "CLERK": (world.agencies["a0"], "clerk"),
                   "OWNER": (world.agencies["owner"], "decider")}  # fmt: skip
        found = {
            name: tokens.issue(by=registry.system("test"), org=org,
                               draft=tokens.TokenDraft(name, role)).secret
            for name, (org, role) in holders.items()
        }  # fmt: skip
        yield found | {"BASE": "/api/v1", "SERVICE": "grid", "DATA": json.dumps(worlds.DATA)}
    registry.forget()


def filled(text, known):
    return re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], text)


def run(words, known):
    """Send one curl command of the page through the test client."""
    address, headers, body = "", {}, None
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = filled(value, known)
        elif word == "-d":
            body = filled(next(rest), known)
        else:
            address = filled(word, known)
    kind = headers.pop("Content-Type", "application/json")
    path = urlsplit(address)
    assert path.path.startswith("/api/v1/")
    client = Client()
    if body is None:
        return client.get(address, headers=headers)
    return client.post(address, body, kind, headers=headers)


def kept(comment, answer, known):
    """Keep what a comment such as `# CASE = .id` takes out of the last answer."""
    name, _, way = comment.lstrip("# ").partition(" = .")
    for step in way.split("."):
        answer = answer[int(step) if step.isdigit() else step]
    known[name] = answer


def test_every_call_of_the_page_is_answered_as_it_stands(known):
    calls = 0
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        last = None
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("curl "):
                answer = run(shlex.split(line), known)
                assert answer.status_code in (200, 201), (line, answer.content.decode())
                last, calls = answer.json(), calls + 1
            elif line.startswith("# ") and " = ." in line:
                kept(line, last, known)
    assert calls > 15


def test_the_commands_of_the_page_are_those_of_the_product():
    from payvand.cli.main import main

    for line in re.findall(r"^payvand (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE):
        group, name = line.split()[:2]
        command = main.get_command(None, group).commands[name]
        options = {opt for param in command.params for opt in param.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= options

"""The command blocks of the how-to pages run, in order, in a folder as their reader has it; what does not run says why.

A block marked `sh` runs; one marked `sh not run: …` says in the page why it cannot. Each page begins with the tutorial's records, their result
with lake and key, the facts of the operator, and a case store in which every role has somebody. What a store or a key gives (R-7, a seal)
is another here than in the page: the first name of its kind that a page uses after a command gave one stands for that.
"""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import chdir
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.token import Token
from cellwarden.interfaces.cli.main import app
from cellwarden.workflows.investigate import utc_now
from cellwarden.workflows.respond import Desk, open_from_result

PAGES = sorted(path.stem for path in (Path(__file__).parents[2] / "docs/how-to").glob("*.md"))
TEAM = {"kim": "commander", "han": "analyst", "noh": "network", "cho": "care", "seo": "counsel", "dho": "dpo"}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GIVEN = {
    "request": (re.compile(r"request_id=(R-\d+)"), re.compile(r"\bR-\d+\b")),
    "entry": (re.compile(r"entry_id=(N-\d+)"), re.compile(r"\bN-\d+\b")),
    "seal": (re.compile(r"^seal ([0-9a-f]{64})$", re.MULTILINE), re.compile(r"\b9f2c…")),
    "key": (re.compile(r"^verifier: (\S+)$", re.MULTILINE), re.compile(r"operator-cases\+…")),
    "pseudonym": (re.compile(r"^([0-9a-f]{16})$", re.MULTILINE), re.compile(r"\b00ab12cd34ef5678\b")),
}
"""What a command prints, and how a page writes it."""
BEFORE = {
    "incident-commander": [
        "rm cases.sqlite *.token",
        "touch list.txt",
    ],  # the page makes the store; the police brought the list
    "privacy-and-legal": ["cellwarden notices make result --facts notice.toml --out round-1 --case C-1 --on 2025-08-06"],
    "regulator": [
        "cellwarden log export case.jsonl --me dho.token",
        "cellwarden log checkpoint case.jsonl --key log.key --origin operator-cases",
        "cellwarden bundle pack result --log case.jsonl --out bundle",
    ],
    "network-security": ["(umask 077; printf 'a secret of at least 16 octets' > hook.secret)"],
    "load-your-own-export": ["cp -r records july", "cp -r records august"],
}
"""What other pages have done by then."""


@pytest.fixture(scope="session")
def desk(tutorial_records, tmp_path_factory):
    """Give a folder as a reader of these pages has it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(tutorial_records, folder / "records")
    shutil.copy(tutorial_records.parent / "notice.toml", folder)
    (folder / "secure").mkdir()
    (folder / "addresses.csv").write_text("subject,address\n")
    done = CliRunner().invoke(app, ["investigate", str(folder / "records"), "--out", str(folder / "result")])
    assert done.exit_code == 0, done.output
    store = CaseStore(str(folder / "cases.sqlite"), clock=utc_now)
    tokens = {token.name: token for token in store.make(("ahn", "bae"), time_zone="Asia/Seoul")}

    def renewed(name):
        fresh = Token.made(name)
        store.handle(RenewToken(token_digest=fresh.digest), tokens[name])
        tokens[name] = fresh

    for founder in ("ahn", "bae"):
        renewed(founder)
    for name, role in TEAM.items():
        tokens[name] = Token.made(name)
        store.handle(Enrol(name=name, token_digest=tokens[name].digest), tokens["ahn"])
        renewed(name)
        content = {"person": name, "role": role}
        asked = Ask(kind="grant", purpose="works on the response", expires_at=utc_now() + timedelta(days=1), content=content)
        request = store.handle(asked, tokens["ahn"]).request_id
        store.handle(Decide(request_id=request, reason="known to us"), tokens["bae"])
        store.handle(GrantRole(request_id=request), tokens["ahn"])
    open_from_result(Desk(store=store, me=tokens["kim"], now=utc_now), folder / "result", title="Cell of the tutorial")
    store.close()
    for token in tokens.values():
        token.write(folder / f"{token.name}.token")
    return folder


class Reader:
    """Somebody who types what a page says."""

    def __init__(self, folder, shell):
        self.folder, self.shell = folder, shell
        self.last, self.stands_for = {}, {}

    def types(self, line):
        line = self._with_what_was_given(line)
        words = shlex.split(line, comments=True)
        if words[0] != "cellwarden" or not {"&&", "|", ">"}.isdisjoint(words):
            output = self.shell(line, self.folder)
        else:
            done = CliRunner().invoke(app, self._in_time(words[1:]), input="001010000000001\n")
            assert done.exit_code == 0, f"{line}\n{done.output}\n{done.exception!r}"
            output = done.output
        for kind, (given, _) in GIVEN.items():
            if found := given.findall(output):
                self.last[kind] = found[-1]

    def _with_what_was_given(self, line):
        for kind, (_, named) in GIVEN.items():
            for name in named.findall(line):
                if kind in self.last:
                    self.stands_for.setdefault(name, self.last.pop(kind))
                line = line.replace(name, self.stands_for.get(name, name))
        return line.replace("/secure/", "secure/")

    @staticmethod
    def _in_time(words):
        """Put the ends of requests into the near future and what became known to yesterday: the page's own times are past when it is read."""
        moved = {"--until": timedelta(days=2), "--known-at": timedelta(days=-1)}
        for option in moved.keys() & set(words) if words[0] != "investigate" else ():
            words[words.index(option) + 1] = (utc_now() + moved[option]).isoformat()
        return words


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs(page, desk, shell, checkout, tmp_path):
    folder = Path(shutil.copytree(desk, tmp_path / "desk"))
    reader = Reader(folder, shell)
    with chdir(folder):
        for line in BEFORE.get(page, []):
            reader.types(line)
        for mark, text in FENCE.findall((checkout / f"docs/how-to/{page}.md").read_text(encoding="utf-8")):
            language, _, name = mark.partition(" ")
            if language == "toml" and name:
                (folder / name).write_text(text, encoding="utf-8")
            elif mark == "sh":
                for line in text.replace("\\\n", " ").splitlines():
                    reader.types(line)


@pytest.mark.parametrize("page", PAGES)
def test_a_block_that_does_not_run_says_why(page, checkout):
    marks = [mark for mark, _ in FENCE.findall((checkout / f"docs/how-to/{page}.md").read_text(encoding="utf-8"))]
    assert "" not in marks, "name the language of each block: `sh` where it runs"
    strange = [mark for mark in marks if mark.startswith("sh ") and not re.fullmatch(r"sh not run: \w.{10,}", mark)]
    assert strange == []

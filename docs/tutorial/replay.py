"""Replay the case of 2025 in small: `python docs/tutorial/replay.py FOLDER` (or `make tutorial`).

From records to the first alert, a case, clocks, notices, three reports that correct each other, and a bundle that a stranger checks.
Everything happens at the times of the story: the clock is turned by hand, so that two runs print the same. Names are made up.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from cellwarden.evidence.checkpoint import Signer, entry
from cellwarden.foundation.digest import sha256_of
from cellwarden.incident.case.decisions import TakeDecision
from cellwarden.incident.case.people import Enrol, GrantRole, RenewToken
from cellwarden.incident.case.requests import Ask, Decide
from cellwarden.incident.case.store import CaseStore
from cellwarden.incident.case.timeline import RecordEntry
from cellwarden.incident.case.token import Token
from cellwarden.incident.clocks.acts import MeetClock, StartClocks
from cellwarden.incident.containment.targets import BlockListTarget
from cellwarden.incident.notices.delivery import Folder
from cellwarden.incident.notices.people import CLASSES
from cellwarden.incident.notices.release import Release
from cellwarden.lake.store import Lake
from cellwarden.records.vocabulary import ACCUSING
from cellwarden.simulate.generator import simulate
from cellwarden.workflows.answering import hand_over
from cellwarden.workflows.bundle import pack_bundle
from cellwarden.workflows.contain import ask, contain, dry_run
from cellwarden.workflows.filing import Asked, draft_report, file_report, to_approve
from cellwarden.workflows.investigate import Request, investigate
from cellwarden.workflows.load import quiet
from cellwarden.workflows.notify import INDEX, Order, make_notices, send_notices
from cellwarden.workflows.press import draft_press_sheet, press_to_approve, publish_press_sheet
from cellwarden.workflows.respond import Desk, open_from_result

SEOUL = ZoneInfo("Asia/Seoul")
TEAM = {"kim": "commander", "han": "analyst", "seo": "counsel", "dho": "dpo", "noh": "network"}
TODAY = ("pipa_34_1", "pipa_39_2", "pipa_39_3_outcome", "network_48_3_4")
"""The case of 2025 under the law of today: in 2025 a possible leak needed no notice of its own."""
FACTS = Path(__file__).with_name("notice.toml")
KEY = "the replay's people are made up"
"""Its lake has a key that everybody knows, so that each run names its people alike; yours is made by chance and kept secret."""
WHY = {
    "all": "more records were searched, and possible exposures are told apart",
    "all.ko": "더 많은 기록을 조사하였고, 노출 가능성이 있는 사람을 따로 구분하였습니다",
}


@dataclass
class Story:
    """A clock that is turned by hand, and what was said so far."""

    out: Path
    at: datetime = datetime(2025, 8, 1, tzinfo=SEOUL)
    tokens: dict[str, Token] = field(default_factory=dict)
    store: Any = None

    def __call__(self) -> datetime:
        """Return the time of the story."""
        return self.at

    def say(self, text: str) -> None:
        """Print a line with the time of the story."""
        print(f"{self.at:%m-%d %H:%M}  {text}")

    def do(self, who: str, command: Any) -> Any:
        """Let somebody of the team act."""
        return self.store.handle(command, self.tokens[who])

    def desk(self, who: str) -> Desk:
        """Return somebody's desk."""
        return Desk(store=self.store, me=self.tokens[who], now=self)


def main(out: Path) -> None:
    """Play the story into a new folder."""
    story = Story(out)
    records = out / "city" / "records"
    report = simulate("S02", out / "city", seed=1, size="xs")
    print(
        f"A made-up city: {sum(report.rows.values()):,} rows of records, {report.exposed:,} people touched, {report.thefts:,} thefts"
    )
    key = out / "lake.key"
    key.touch(mode=0o600)
    key.write_text(hashlib.sha256(KEY.encode()).hexdigest() + "\n", encoding="ascii")
    first_alert, ends = hindsight(story, records)
    team(story)

    # One: the night of the first alert.
    story.at = first_alert + timedelta(hours=1)
    one = known_by(story, records, "result-1")
    case = story_case(story, one)
    clocks = start_clocks(story, case, "a cell that the registry deleted is on the air, and phones were attached to it")
    block(story, case, one)
    story.at += timedelta(hours=20)
    first = tell(story, case, one, "notices-1", ())
    filed(story, case, one, "first", known_at=first_alert, notices=first)
    meet(story, case, clocks)

    # Two: three days later, more is known.
    story.at = first_alert + timedelta(days=3)
    two = known_by(story, records, "result-2")
    clocks = start_clocks(story, case, "the figures of three days later are confirmed", ("leak_detail", "new_fact"))
    second = tell(story, case, two, "notices-2", (first,))
    filed(story, case, two, "supplement", known_at=first_alert, notices=second, before=one)
    meet(story, case, clocks)

    # Three: the whole record.
    story.at = ends + timedelta(hours=6)
    three = known_by(story, records, "result-3")
    clocks = start_clocks(story, case, "the figures of the whole record are confirmed", ("leak_detail", "new_fact"))
    third = tell(story, case, three, "notices-3", (first, second))
    filed(story, case, three, "final", known_at=first_alert, notices=third, before=two)
    meet(story, case, clocks)
    published(story, case, three)
    packs = hand_over(three, out / "packs", facts=FACTS, on=story.at.date(), lake=out / "lake")
    story.say(f"packs for {len(packs)} others who tell their own people: other controllers, and services with forced log-outs")
    bundle(story, records, three)


def hindsight(story: Story, records: Path) -> tuple[datetime, datetime]:
    """Look at the whole record once, for the instant at which the first alert was possible; the story hears of it at its end only."""
    whole = story.out / "result-3"
    summary = investigate(Request(records=records, out=whole, lake=story.out / "lake"), clock=story)
    alerts = [row["alert_at"] for row in pq.read_table(whole / "suspects.parquet").to_pylist() if row["alert_at"]]
    return min(alerts).astimezone(SEOUL), datetime.fromisoformat(summary["window"]["to"]).astimezone(SEOUL)


def known_by(story: Story, records: Path, name: str) -> Path:
    """Investigate with what is known at this time of the story."""
    result = story.out / name
    if not result.exists():
        investigate(Request(records=records, out=result, lake=story.out / "lake", until=story.at), clock=story)
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    people, links = summary["people_signal_exposed"], summary["payments_linked"]
    story.say(
        f"known by now: rogue spells {summary['suspects']['rogue']}, units {summary['units']}; {people['total']:,} people exposed "
        f"= {people['imsi']:,} imsi + {people['possible']:,} possible + {people['guti']:,} guti; {links['rows']} payments linked"
    )
    return result


def team(story: Story) -> None:
    """Found the store by two people, and give each of the team a role: asked by one founder, agreed by the other."""
    story.store = CaseStore(str(story.out / "cases.sqlite"), clock=story)
    for token in story.store.make(("ahn", "bae"), time_zone="Asia/Seoul"):
        story.tokens[token.name] = token
        renew(story, token.name)
    for name, role in TEAM.items():
        story.tokens[name] = Token.made(name)
        story.do("ahn", Enrol(name=name, token_digest=story.tokens[name].digest))
        renew(story, name)
        asked = Ask(
            kind="grant", purpose="response team of the exercise", expires_at=story.at + timedelta(days=1), content={"person": name, "role": role}
        )  # fmt: skip
        request = story.do("ahn", asked).request_id
        story.do("bae", Decide(request_id=request, reason="known to us"))
        story.do("ahn", GrantRole(request_id=request))


def renew(story: Story, name: str) -> None:
    """Replace a token by one that nobody else has seen."""
    fresh = Token.made(name)
    story.do(name, RenewToken(token_digest=fresh.digest))
    story.tokens[name] = fresh


def story_case(story: Story, result: Path) -> str:
    """Open the case with what the investigation found."""
    case: str = open_from_result(story.desk("kim"), result, title="Replay of the case of 2025", lake=story.out / "lake").case_id
    story.do(
        "han",
        RecordEntry(
            case_id=case, happened_at=story.at, kind="alarm", what="first alert: an id that the registry deleted serves phones"
        ),
    )
    story.say(f"case {case} is open; the result is its first evidence item")
    return case


def start_clocks(story: Story, case: str, why: str, triggers: tuple[str, ...] = ("leak_known", "intrusion_known")) -> list[str]:
    """Start what the law attaches to knowing; each further fact has clocks of its own."""
    names: list[str] = []
    for trigger in triggers:
        started = story.do(
            "seo",
            StartClocks(case_id=case, trigger=trigger, known_at=story.at, about=f"what is known on {story.at:%d %B}", why=why),
        )
        names += started.clocks
    story.say(f"{len(names)} clocks run")
    return names


def meet(story: Story, case: str, clocks: list[str]) -> None:
    """Record that the duties were met."""
    late = 0
    for clock in clocks:
        event = story.do("seo", MeetClock(case_id=case, clock_id=clock, met_at=story.at, receipt="report no. 1 and the first round of notices", lateness="told with the first round: before it nobody could be named"))  # fmt: skip
        late += bool(event.late_s)
    story.say(f"{len(clocks)} clocks met, {late} of them late and explained")


def block(story: Story, case: str, result: Path) -> None:
    """Shut the accused cells out: tried on the records, asked, agreed by another person, sent to the gate's block list."""
    rows = pq.read_table(result / "suspects.parquet").to_pylist()
    cells = sorted({(row["cell_type"], row["cell"]) for row in rows if row["grade"] in ACCUSING})
    targets = {"gate": BlockListTarget(story.out / "gate-blocks.json")}
    for cell_type, cell in cells:
        target = {"cell_type": cell_type, "cell": cell}
        tried = dry_run(Lake(story.out / "lake"), result, "block_cell", target)
        asked = ask(
            story.desk("noh"), tried, case_id=case, act="block_cell", target=target, until_at=story.at + timedelta(days=30),
            purpose="an id that the registry deleted must serve nobody", deliver_to=("gate",),
        )  # fmt: skip
        story.do("kim", Decide(request_id=asked.request_id, reason="the dry run shows whom it hurts"))
        contain(story.desk("noh"), asked.request_id, targets)
    story.do(
        "kim",
        TakeDecision(case_id=case, what=f"block {len(cells)} cells at the gate", why="they are not active in the registry"),
    )
    story.say(f"blocked at the gate for 30 days, cells: {len(cells)}; tried first, asked by noh, approved by kim")


def tell(story: Story, case: str, result: Path, name: str, earlier: tuple[Path, ...]) -> Path:
    """Make a round of notices, have it approved by another person, and send it."""
    folder = story.out / name
    order = Order(
        result=result, facts=FACTS, out=folder, on=story.at.date(), case=case, lake=story.out / "lake", earlier=earlier, under=TODAY
    )  # fmt: skip
    made = make_notices(order, progress=quiet)
    digest = sha256_of(folder / INDEX)
    asked = Ask(kind="notice", purpose="people must be told", expires_at=story.at + timedelta(days=2), content={"what": "notices", "sha256": digest}, case_id=case)  # fmt: skip
    request = story.do("han", asked).request_id
    story.do("dho", Decide(request_id=request, reason="read and agreed"))
    story.do("han", Release(request_id=request, what="notices", sha256=digest))
    sent = send_notices(folder, Folder(story.out / "post"), addresses=None, clock=story, on=story.at.date())
    classes = ", ".join(f"{made['by_class'].get(kind, 0):,} {kind}" for kind in CLASSES)
    story.say(f"notices: {classes}; {made['faults']} faults; {sent['delivered']:,} delivered; asked by han, approved by dho")
    return folder


def filed(
    story: Story, case: str, result: Path, kind: str, *, known_at: datetime, notices: Path, before: Path | None = None
) -> None:
    """Draft the next report, have it approved by another person, and file it."""
    chain = story.out / "reports"
    draft_report(
        Asked(
            result=result, facts=FACTS, chain=chain, kind=kind, known_at=known_at, at=story.at, because=WHY, notices=notices,
            before=before,
        )
    )  # fmt: skip
    asked = Ask(kind="notice", purpose="the report is due", expires_at=story.at + timedelta(days=2), content=to_approve(chain), case_id=case)  # fmt: skip
    request = story.do("han", asked).request_id
    story.do("seo", Decide(request_id=request, reason="read and agreed"))
    told = file_report(
        chain, at=story.at, release=lambda what, sha256: story.do("han", Release(request_id=request, what=what, sha256=sha256))
    )
    story.do(
        "han",
        RecordEntry(case_id=case, happened_at=story.at, kind="notice", what=f"report no. {told['number']} ({kind}) was filed"),
    )
    story.say(
        f"report no. {told['number']} ({kind}): {told['changes']} figures restated, each with its reason; asked by han, approved by seo"
    )


def published(story: Story, case: str, result: Path) -> None:
    """Draft the press sheet, have it approved by another person, and publish it."""
    press = story.out / "press"
    sheet = draft_press_sheet(result, FACTS, press, on=story.at.date())
    asked = Ask(kind="notice", purpose="the press asks", expires_at=story.at + timedelta(days=2), content=press_to_approve(press) or {}, case_id=case)  # fmt: skip
    request = story.do("han", asked).request_id
    story.do("dho", Decide(request_id=request, reason="nobody can be worked out from it"))
    publish_press_sheet(
        press, release=lambda what, sha256: story.do("han", Release(request_id=request, what=what, sha256=sha256))
    )
    story.say(f"press sheet: {len(sheet['figures'])} figures, each with its query; asked by han, approved by dho")


def bundle(story: Story, records: Path, result: Path) -> None:
    """Pack everything, let a stranger check it, and show that one changed byte is found."""
    log, lines = story.out / "cases.jsonl", story.store.log_lines()
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    signer = Signer.read_or_make(story.out / "log.key", "cellwarden-tutorial")
    note = signer.note(lines)
    log.with_suffix(".checkpoints.json").write_text(json.dumps([entry(note, lines, at=story.at)]), encoding="utf-8")
    story.store.close()
    folder = story.out / "bundle"
    made = pack_bundle(
        result, folder, on=story.at.date(), records=records, logs=[log], reports=[story.out / "reports", story.out / "press"]
    )
    story.say(f"bundle: {made['files']} files under one seal")
    story.say(f"a stranger checks it: {stranger(folder, made['seal'], signer.verifier)[0]}")
    report = next((folder / "data/reports").glob("report-01-*.pdf"))
    content = bytearray(report.read_bytes())
    content[len(content) // 2] ^= 1
    report.write_bytes(content)
    story.say(f"one byte is changed:   {stranger(folder, made['seal'], signer.verifier)[0]}")
    content[len(content) // 2] ^= 1
    report.write_bytes(content)


def stranger(folder: Path, seal: str, key: str) -> list[str]:
    """Run the bundle's own verifier with nothing but Python, and with the seal and the key that were told by telephone."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--seal", seal, "--key", key]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={}).stdout.splitlines()  # noqa: S603 (ours)


if __name__ == "__main__":
    place = Path(sys.argv[1] if len(sys.argv) > 1 else "tutorial")
    if place.exists():
        sys.exit(f"{place} is there already: name a new folder")
    place.mkdir(parents=True)
    main(place)

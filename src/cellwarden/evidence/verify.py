"""Check an evidence bundle with Python's standard library alone: no Cellwarden, no network.

    python3 verify.py [BUNDLE] [--seal HEX]

BUNDLE is the folder in which this file lies, unless another is named. The seal is the SHA-256 of `tagmanifest-sha512.txt`; compare it
with the one that you were told by another way (in the report, by telephone): whoever can change every file can also write new
manifests, but not the seal that you hold. Exit codes: 0 everything holds, 1 something does not (each line names the file), 2 usage.

What is checked:
1. every file is listed with two digests (BagIt, RFC 8493), none is missing, none was added, none is anything but a plain file;
2. the result's own manifest agrees, and the records of the bundle are those that the result was made from;
3. rows read = accepted + rejected for every input; people exposed = imsi + possible + guti;
4. every headline names a query that lies in the bundle;
5. each line of each log names the digest of the line before it, and the logs have the Merkle roots of their checkpoints (RFC 6962).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SEALED = "tagmanifest-sha512.txt"


def findings(bundle: Path) -> list[str]:
    """Return one line for each thing that does not hold, beginning with the file; empty: everything does."""
    found: list[str] = []
    held = _plain_files(bundle, found)
    digests = {name: _digests(bundle / name) for name in held}
    tags = {name for name in held if not name.startswith("data/")}
    listed_tags = tags - {f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS}
    _check_listing(bundle, "tagmanifest", listed_tags, digests, found)
    _check_listing(bundle, "manifest", held - tags, digests, found)
    if "bagit.txt" not in held or (bundle / "bagit.txt").read_bytes() != DECLARATION:
        found.append("bagit.txt: not the declaration of BagIt 1.0")
    _check_size(bundle, held, found)
    if not found:  # what lies inside is only worth reading once it is what was packed
        for check in (_check_result, _check_numbers, _check_logs):
            check(bundle, held, digests, found)
    return found


def seal(bundle: Path) -> str:
    """Return the seal of a bundle."""
    return hashlib.sha256((bundle / SEALED).read_bytes()).hexdigest()


def _plain_files(bundle: Path, found: list[str]) -> set[str]:
    held = set()
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found.append(f"{name}: not a plain file")
        elif path.is_file():
            held.add(name)
    return held


def _digests(path: Path) -> dict[str, str]:
    states = {algorithm: hashlib.new(algorithm) for algorithm in ALGORITHMS}
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            for state in states.values():
                state.update(block)
    return {algorithm: state.hexdigest() for algorithm, state in states.items()}


def _check_listing(bundle: Path, kind: str, expected: set[str], digests: dict[str, dict[str, str]], found: list[str]) -> None:
    """Hold files against both manifests of a kind; where only one of the two differs, that manifest was changed."""
    wrong: dict[str, list[str]] = {}
    absent: dict[str, list[str]] = {}
    for algorithm in ALGORITHMS:
        name = f"{kind}-{algorithm}.txt"
        entries = _entries(bundle, name, algorithm, found)
        for extra in sorted(set(entries) - expected):
            absent.setdefault(extra, []).append(name)
        for lacking in sorted(expected - set(entries)):
            found.append(f"{name}: does not list {lacking}")
            found.append(f"{lacking}: not listed in {name}")
        for path in sorted(expected & set(entries)):
            if entries[path] != digests[path][algorithm]:
                wrong.setdefault(path, []).append(name)
    for path, manifests in absent.items():
        found.append(f"{path}: missing")
        found += [f"{name}: lists {path}, which is not here" for name in manifests if len(manifests) < len(ALGORITHMS)]
    for path, manifests in wrong.items():
        if len(manifests) == len(ALGORITHMS):
            found.append(f"{path}: changed")
        else:
            found.append(f"{manifests[0]}: changed; its digest of {path} is not the file's, the other manifest's is")


def _entries(bundle: Path, name: str, algorithm: str, found: list[str]) -> dict[str, str]:
    """Read a manifest strictly: one lower-case digest, two blanks, one path a line; nothing else, so that no change goes unseen."""
    length = hashlib.new(algorithm).digest_size * 2
    line_of = re.compile(rf"([0-9a-f]{{{length}}})  ([^\x00-\x1f\\]+)")
    entries: dict[str, str] = {}
    try:
        content = (bundle / name).read_bytes().decode("utf-8")
    except FileNotFoundError:
        found.append(f"{name}: missing")
        return entries
    except UnicodeDecodeError:
        found.append(f"{name}: changed; not UTF-8")
        return entries
    if not content.endswith("\n"):
        found.append(f"{name}: changed; the last line does not end")
    for number, line in enumerate(content.removesuffix("\n").split("\n"), start=1):
        match = line_of.fullmatch(line)
        if match is None or match[2] in entries:
            found.append(f"{name}: changed; line {number} is no entry of its own")
        else:
            entries[match[2]] = match[1]
    return entries


def _check_size(bundle: Path, held: set[str], found: list[str]) -> None:
    payload = [bundle / name for name in held if name.startswith("data/")]
    said = f"Payload-Oxum: {sum(path.stat().st_size for path in payload)}.{len(payload)}"
    path = bundle / "bag-info.txt"
    if not path.is_file() or said not in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        found.append("bag-info.txt: does not state the size of the payload")


def _read_json(bundle: Path, name: str) -> dict[str, Any]:
    content = json.loads((bundle / name).read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(name)
    return content


def _check_result(bundle: Path, held: set[str], digests: dict[str, dict[str, str]], found: list[str]) -> None:
    """Hold the result against its own manifest, and the records against what it says it was made from."""
    manifest = _read_json(bundle, "data/result/manifest.json")
    for name, entry in manifest["outputs"].items():
        path = f"data/result/{name}"
        if path not in held:
            found.append(f"{path}: the result's manifest names it, and it is not here")
        elif digests[path]["sha256"] != entry["sha256"]:
            found.append(f"{path}: not the file that the result's manifest describes")
    inputs = {entry["file"]: entry["sha256"] for entry in manifest["inputs"]}
    records = sorted(name for name in held if name.startswith("data/records/"))
    strange = [path for path in records if inputs.get(path.removeprefix("data/records/")) != digests[path]["sha256"]]
    found += [f"{path}: not the file that the result was made from" for path in strange]


def _check_numbers(bundle: Path, held: set[str], _digests: dict[str, dict[str, str]], found: list[str]) -> None:
    summary, name = _read_json(bundle, "data/result/summary.json"), "data/result/summary.json"
    for file, counted in summary["files"].items():
        if counted["read"] != counted["accepted"] + counted["rejected"]:
            found.append(f"{name}: rows of {file} do not add up")
    people = summary.get("people_signal_exposed") or {}
    if people and people["total"] != people["imsi"] + people["possible"] + people["guti"]:
        found.append(f"{name}: people exposed do not add up")
    asked = {f"data/queries/{headline['query']}": headline["name"] for headline in summary["headlines"]}
    found += [f"{path}: the query of {headline} is not here" for path, headline in asked.items() if path not in held]


def _check_logs(bundle: Path, held: set[str], _digests: dict[str, dict[str, str]], found: list[str]) -> None:
    for name in sorted(each for each in held if each.startswith("data/log/") and each.endswith(".jsonl")):
        content = (bundle / name).read_text(encoding="utf-8", errors="replace")
        lines = content.removesuffix("\n").split("\n") if content else []
        number = first_break(lines)
        if number is not None:
            found.append(f"{name}: line {number} does not follow from the line before it")
        checkpoints = name.removesuffix(".jsonl") + ".checkpoints.json"
        if checkpoints in held:
            for checkpoint in json.loads((bundle / checkpoints).read_text(encoding="utf-8")):
                leaves = [line.encode() for line in lines[: checkpoint["size"]]]
                if len(leaves) < checkpoint["size"] or merkle_root(leaves).hex() != checkpoint["root"]:
                    found.append(f"{name}: not the log of its checkpoint at {checkpoint['size']} lines")


def first_break(lines: list[str]) -> int | None:
    """Return the number (from 1) of the first line that does not fit the hash chain; None if all do."""
    previous = "0" * 64
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            digest = entry.pop("digest")
        except (ValueError, KeyError, TypeError, AttributeError):
            return number
        spelt = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        if entry.get("previous") != previous or hashlib.sha256(spelt.encode()).hexdigest() != digest:
            return number
        previous = digest
    return None


def merkle_root(leaves: list[bytes]) -> bytes:
    """Return the Merkle tree hash of a list (RFC 6962, 2.1)."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def main(arguments: list[str]) -> int:
    """Check the bundle named on the command line; see the module."""
    expected = ""
    if "--seal" in arguments:
        place = arguments.index("--seal")
        expected = "".join(arguments[place + 1 : place + 2]).lower()
        arguments = arguments[:place] + arguments[place + 2 :]
    bundle = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    if len(arguments) > 1 or not bundle.is_dir() or (expected and not re.fullmatch("[0-9a-f]{64}", expected)):
        sys.stderr.write("usage: python3 verify.py [BUNDLE] [--seal HEX]\n")
        return 2
    try:
        found = findings(bundle)
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = [f"data: cannot be read as a bundle of Cellwarden ({type(error).__name__}: {error})"]
    told = seal(bundle) if (bundle / SEALED).is_file() else "none"
    if expected and told != expected:
        found.append(f"{SEALED}: its seal is not the one that you hold")
    sys.stdout.write("".join(f"{line}\n" for line in found) or "everything holds\n")
    sys.stdout.write(f"seal {told}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

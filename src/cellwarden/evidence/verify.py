"""Check an evidence bundle with Python's standard library alone: no Cellwarden, no network.

    python3 verify.py [BUNDLE] [--seal HEX] [--key ORIGIN+HASH+KEY]

BUNDLE is the folder of this file, unless another is named. Seal and key come to you by another way than the bundle (in the report, by
telephone): whoever can change every file can write new manifests and a new log, but not the seal and the key that you hold. The seal is the
SHA-256 of `tagmanifest-sha512.txt`; the key signs the log. Exit codes: 0 all holds, 1 not (each line names the file), 2 usage. Checked are:
1. every file is listed with two digests (BagIt, RFC 8493), none is missing, none was added, none is anything but a plain file;
2. the result's own manifest agrees, and the records of the bundle are those that the result was made from;
3. rows read = accepted + rejected for every input; people exposed = imsi + possible + guti; the query of every headline is here;
4. each line of each log names the digest of the line before it, and the logs have the Merkle roots of their checkpoints (RFC 6962);
5. with --key: every log is covered by a checkpoint, and each checkpoint is signed by that key (Ed25519, RFC 8032).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SEALED = "tagmanifest-sha512.txt"
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
"""Ed25519 is the curve -x² + y² = 1 + D x² y² modulo P; L is the order of its base point (RFC 8032, 5.1)."""


def findings(bundle: Path, key: str = "") -> list[str]:
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
    if not found:  # what lies inside is only worth reading once it is what was packed
        _check_result(bundle, held, digests, found)
        for name in sorted(each for each in held if each.startswith("data/log/") and each.endswith(".jsonl")):
            _check_log(bundle, name, key, found)
    return found


def seal(bundle: Path) -> str:
    """Return the seal of a bundle."""
    return hashlib.sha256((bundle / SEALED).read_bytes()).hexdigest()


def _plain_files(bundle: Path, found: list[str]) -> set[str]:
    held = set()
    for path in sorted(bundle.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found.append(f"{path.relative_to(bundle).as_posix()}: not a plain file")
        elif path.is_file():
            held.add(path.relative_to(bundle).as_posix())
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
    names = {f"{kind}-{algorithm}.txt": algorithm for algorithm in ALGORITHMS}
    listed: dict[str, dict[str, str]] = {}
    for name in names:
        text = (bundle / name).read_bytes().decode("utf-8", errors="replace") if (bundle / name).is_file() else ""
        listed[name] = {path: digest for digest, _, path in (line.partition("  ") for line in text.split("\n")[:-1])}
        if not text or text != "".join(f"{digest}  {path}\n" for path, digest in listed[name].items()):
            found.append(f"{name}: {'changed; a line is not one digest, two blanks and one path' if text else 'missing'}")
    for path in sorted(expected.union(*listed.values())):
        lists, lacks = [name for name in names if path in listed[name]], [name for name in names if path not in listed[name]]
        wrong = [name for name in lists if path in expected and listed[name][path] != digests[path][names[name]]]
        if path not in expected:
            found.append(f"{path}: missing")
            found += [f"{name}: lists {path}, which is not here" for name in lists if lacks]
        elif len(wrong) == len(names):
            found.append(f"{path}: changed")
        else:
            found += [f"{name}: changed; its digest of {path} is not the file's" for name in wrong]
            found += [line for name in lacks for line in (f"{name}: does not list {path}", f"{path}: not listed in {name}")]


def _check_result(bundle: Path, held: set[str], digests: dict[str, dict[str, str]], found: list[str]) -> None:
    """Hold the result against its own manifest, the records against what it says it was made from, and its numbers together."""
    manifest = json.loads((bundle / "data/result/manifest.json").read_bytes())
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
    name = "data/result/summary.json"
    summary = json.loads((bundle / name).read_bytes())
    for file, counted in summary["files"].items():
        if counted["read"] != counted["accepted"] + counted["rejected"]:
            found.append(f"{name}: rows of {file} do not add up")
    people = summary.get("people_signal_exposed") or {}
    if people and people["total"] != people["imsi"] + people["possible"] + people["guti"]:
        found.append(f"{name}: people exposed do not add up")
    asked = {f"data/queries/{headline['query']}": headline["name"] for headline in summary["headlines"]}
    found += [f"{path}: the query of {headline} is not here" for path, headline in asked.items() if path not in held]


def _check_log(bundle: Path, name: str, key: str, found: list[str]) -> None:
    content = (bundle / name).read_text(encoding="utf-8", errors="replace")
    lines = content.removesuffix("\n").split("\n") if content else []
    if (number := first_break(lines)) is not None:
        found.append(f"{name}: line {number} does not follow from the line before it")
    beside = name.removesuffix(".jsonl") + ".checkpoints.json"
    signed = 0
    for each in json.loads((bundle / beside).read_bytes()) if (bundle / beside).is_file() else []:
        leaves = [line.encode() for line in lines[: each["size"]]]
        if len(leaves) < each["size"] or merkle_root(leaves).hex() != each["root"]:
            found.append(f"{name}: not the log of its checkpoint at {each['size']} lines")
        if key and stated(each["note"], key) != (each["size"], each["root"]):
            found.append(f"{beside}: the checkpoint at {each['size']} lines is not signed by your key")
        else:
            signed = max(signed, each["size"])
    if key and signed < len(lines):
        found.append(f"{name}: no checkpoint covers line {signed + 1} and after")


def stated(note: str, key: str) -> tuple[int, str] | None:
    """Return what a signed note (C2SP signed-note, tlog-checkpoint) states, size and root; None: this key did not sign it."""
    origin, public = key.partition("+")[0], public_of(key)
    named = hashlib.sha256(f"{origin}\n\x01".encode() + public).digest()[:4]
    body, _, signatures = note.partition("\n\n")
    said, size, root = body.split("\n")
    for line in signatures.splitlines():
        name, _, signed = line.removeprefix("\N{EM DASH} ").rpartition(" ")
        octets = base64.b64decode(signed)
        if name == said == origin and octets[:4] == named and is_signed(public, f"{body}\n".encode(), octets[4:]):
            return int(size), base64.b64decode(root).hex()
    return None


def public_of(key: str) -> bytes:
    """Return the 32 octets of a public key written as signed notes do (`origin+hash+key`); empty: it is none."""
    match = re.fullmatch(r"[^+\s]+\+[0-9a-f]{8}\+(A[Q-Za-f][A-Za-z0-9+/]{42})", key)  # AQ to Af: an octet 1, for Ed25519
    return base64.b64decode(match[1])[1:] if match else b""


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 signature is of that key (RFC 8032, 5.1.7)."""
    key, half, base = _point(public), _point(signature[:32]), _point(bytes([0x58] + [0x66] * 31))
    factor = int.from_bytes(signature[32:], "little")
    if key is None or half is None or base is None or len(signature) != 64 or factor >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return _times(factor, base) == _plus(half, _times(challenge, key))


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    (x, y), (u, v) = one, other
    bend = D * x * u * y * v
    return (x * v + y * u) * pow(1 + bend, -1, P) % P, (y * v + x * u) * pow(1 - bend, -1, P) % P


def _times(factor: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    for bit in f"{factor:b}":
        total = _plus(total, total)
        total = _plus(total, point) if bit == "1" else total
    return total


def _point(octets: bytes) -> tuple[int, int] | None:
    """Read a point (RFC 8032, 5.1.3); None where there is none."""
    number = int.from_bytes(octets, "little")
    is_odd, y = number >> 255, number % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    for x in (root, root * pow(2, (P - 1) // 4, P) % P):
        if x * x % P == square and y < P and len(octets) == 32 and (x or not is_odd):
            return (x if x % 2 == is_odd else P - x), y
    return None


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
    parser = argparse.ArgumentParser(prog="verify.py", description="Check an evidence bundle.")
    parser.add_argument("bundle", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--seal", default="", help="64 hex digits")
    parser.add_argument("--key", default="", help="ORIGIN+HASH+KEY")
    given = parser.parse_args(arguments)
    public = public_of(given.key)
    if not given.bundle.is_dir() or not re.fullmatch("([0-9a-fA-F]{64})?", given.seal) or bool(public) != bool(given.key):
        parser.error("no folder of that name, or no seal or key in this form")  # ends with 2
    try:
        found = findings(given.bundle, given.key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = [f"data: cannot be read as a bundle of Cellwarden ({type(error).__name__}: {error})"]
    told = seal(given.bundle) if (given.bundle / SEALED).is_file() else "none"
    if given.seal and told != given.seal.lower():
        found.append(f"{SEALED}: its seal is not the one that you hold")
    signed = f"key {hashlib.sha256(public).hexdigest()}" if public else "signatures not checked: no --key given"
    for line in [*(found or ["everything holds"]), f"seal {told}", signed]:
        sys.stdout.write("".join(each if each.isprintable() else "?" for each in line) + "\n")  # names are the sender's
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Race our decoder against tshark and pycrate, on the same file in the same run; prints a Markdown table.

The file holds every SCTP frame of the shared captures, S1AP and NGAP as well as SACK and HEARTBEAT, over and over with
new addresses, verification tags and times. New tags matter: tshark tells associations apart by ports and tag and skips
a TSN that it saw before, so mere copies would cost it nothing.

    python bench/decode.py --frames 500000
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cellwarden.ingest.signalling.frames import frames
from cellwarden.ingest.signalling.internet import network_layer

if TYPE_CHECKING:
    from collections.abc import Iterator

CAPTURES = Path(__file__).parents[1].parent / "shared" / "captures"
SOURCES = {
    "S1": (
        "magma/gx_gy_combined_03_210505_132953-1.pcapng",
        "magma/gx_gy_combined_05_210505_133111-1.pcapng",
        "magma/inbound_roaming_01_210505_130828-1.pcapng",
        "magma/nsa_connection.pcap",
        "open5gs/ipsec_reg.pcapng",
        "open5gs/nonipsec_reg.pcapng",
        "open5gs/srsenb.pcapng",
        "open5gs/testattach.pcapng",
    ),
    "NG": ("5g-trace-visualizer/free5gc.pcap", "5greplay/oai.pcap", "open5gs/testregistration.pcapng"),
}
"""Captures of one protocol each."""
PORT = {"S1": 36412, "NG": 38412}
FIELDS = {
    "S1": """frame.number frame.time_epoch ip.src ip.dst sctp.srcport sctp.dstport s1ap.procedureCode s1ap.S1AP_PDU
        s1ap.MME_UE_S1AP_ID s1ap.ENB_UE_S1AP_ID s1ap.TAC s1ap.tAC s1ap.CellIdentity s1ap.m_TMSI s1ap.mMEC
        s1ap.radioNetwork s1ap.transport s1ap.nas s1ap.protocol s1ap.misc s1ap.macroENB_ID s1ap.homeENB_ID s1ap.ENBname
        nas_eps.security_header_type nas_eps.seq_no nas_eps.nas_msg_emm_type nas_eps.nas_msg_esm_type e212.imsi
        nas_eps.emm.mme_grp_id nas_eps.emm.mme_code nas_eps.emm.m_tmsi nas_eps.emm.cause nas_eps.esm.cause nas_eps.emm.toc
        nas_eps.emm.toi nas_eps.emm.id_type2 nas_eps.emm.eps_att_type nas_eps.emm.detach_type_ul""",
    "NG": """frame.number frame.time_epoch ip.src ip.dst sctp.srcport sctp.dstport ngap.procedureCode ngap.NGAP_PDU
        ngap.AMF_UE_NGAP_ID ngap.RAN_UE_NGAP_ID ngap.tAC ngap.NRCellIdentity ngap.fiveG_TMSI ngap.radioNetwork ngap.nas
        ngap.misc ngap.gNB_ID ngap.RANNodeName nas_5gs.security_header_type nas_5gs.seq_no nas_5gs.mm.message_type
        nas_5gs.sm.message_type nas_5gs.mm.suci.msin nas_5gs.5g_tmsi nas_5gs.amf_region_id nas_5gs.mm.5gmm_cause
        nas_5gs.mm.nas_sec_algo_enc nas_5gs.mm.nas_sec_algo_ip nas_5gs.mm.type_id nas_5gs.mm.imeisv
        nas_5gs.mm.5gs_reg_type""",
}
PROTOCOL = {"S1": "s1ap", "NG": "ngap"}
TUNED = {
    "S1": ("-o", "sctp.tsn_analysis:FALSE", "-o", "s1ap.dissect_container:FALSE", "--disable-protocol", "lte_rrc"),
    "NG": ("-o", "sctp.tsn_analysis:FALSE", "-o", "ngap.dissect_container:FALSE", "--disable-protocol", "nr-rrc"),
}
OURS = {
    "ours, decoded messages": "from cellwarden.ingest.signalling.capture import decode_messages as read\n"
    "for _ in read(Path(sys.argv[1])): pass",
    "ours, Arrow batches of `decode`, 100 columns": "from cellwarden.workflows.decode import decode as read\n"
    "for _ in read([Path(sys.argv[1])]): pass",
    "ours, rows of access and links": "from cellwarden.ingest.signalling.capture import read_capture as read\n"
    "for _ in read(Path(sys.argv[1]), file='bench'): pass",
}
BARS = {"S1": (8.0, 3.5), "NG": (5.5, 3.5)}
"""What decoding messages must be worth of default and of tuned tshark, per CPU-second."""
JUDGED = next(iter(OURS))
TWO = """
from time import perf_counter
from cellwarden.workflows.decode import decode
if __name__ == "__main__":
    for workers in (1, 2):
        start = perf_counter()
        for _ in decode([Path(name) for name in sys.argv[1:]], workers=workers): pass
        print(f"{perf_counter() - start:.2f}")
"""
PYCRATE = """
import warnings; warnings.simplefilter("ignore")
from pycrate_asn1dir import NGAP, S1AP
from pycrate_mobile.NAS import parse_NAS_MO, parse_NAS_MT
from pycrate_mobile.NAS5G import parse_NAS5G
from cellwarden.ingest.signalling.frames import frames
from cellwarden.ingest.signalling.internet import Internet
from cellwarden.ingest.signalling.sctp import Closed, Sctp
s1, ng = S1AP.S1AP_PDU_Descriptions.S1AP_PDU, NGAP.NGAP_PDU_Descriptions.NGAP_PDU
internet, sctp = Internet(), Sctp()
def nas(value):
    if isinstance(value, tuple) and len(value) == 2 and value[0] == "NAS-PDU":
        yield value[1]
    elif isinstance(value, (list, tuple)):
        for item in value: yield from nas(item)
    elif isinstance(value, dict):
        for item in value.values(): yield from nas(item)
for frame in frames(Path(sys.argv[1])):
    packet = internet.packet(frame)
    for event in sctp.messages(packet) if packet else ():
        if isinstance(event, Closed): continue
        pdu = s1 if event.protocol == "s1ap" else ng
        try:
            pdu.from_aper(event.data)
            for octets in nas(pdu.get_val()):
                (parse_NAS5G if pdu is ng else parse_NAS_MT if event.source_port == 36412 else parse_NAS_MO)(octets)
        except Exception:
            continue
"""


class Spent(NamedTuple):
    """What one child process took."""

    cpu_s: float
    peak_mib: float


def measure(command: list[str]) -> Spent:
    """Run a command to its end; return CPU time of user and system, and peak memory.

    Python keeps its bytecode, as it does wherever it is installed: the second round finds it.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with Path(os.devnull).open("wb") as nowhere:
        child = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]} failed with {child.returncode}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def packets(kind: str) -> Iterator[bytes]:
    """Yield the IPv4 packets that carry SCTP of this kind, or fragments of it, in their order."""
    for name in SOURCES[kind]:
        for frame in frames(CAPTURES / name):
            layer = network_layer(frame.link, frame.data)
            if layer is None or layer[0] != 0x0800 or len(frame.data) < layer[1] + 20:
                continue
            data, offset = frame.data, layer[1]
            if data[offset + 9] != 132:
                continue
            ports = struct.unpack_from(">HH", data, offset + (data[offset] & 15) * 4)
            later_fragment = int.from_bytes(data[offset + 6 : offset + 8]) & 0x1FFF
            if later_fragment or PORT[kind] in ports:
                yield data[offset : offset + int.from_bytes(data[offset + 2 : offset + 4])]


def replicate(kind: str, path: Path, count: int) -> None:
    """Write so many frames, replica after replica; each has its own addresses, verification tags and times."""
    originals = list(packets(kind))
    if not originals:
        raise SystemExit(f"no captures under {CAPTURES}")
    addresses = sorted({packet[place : place + 4] for packet in originals for place in (12, 16)})
    written, replica = 0, 0
    with path.open("wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while written < count:
            replica += 1
            base = replica * len(addresses)
            new = {old: (0x0A000000 + base + index).to_bytes(4) for index, old in enumerate(addresses)}
            for packet in originals[: count - written]:
                frame = bytes(12) + b"\x08\0" + _renewed(packet, new, replica * 0x9E3779B1)
                seconds, fraction = divmod(written * 137, 1_000_000)
                file.write(struct.pack("<IIII", 1_700_000_000 + seconds, fraction, len(frame), len(frame)) + frame)
                written += 1


def _renewed(packet: bytes, addresses: dict[bytes, bytes], step: int) -> bytes:
    """Change addresses and tags of one packet, those inside INIT and INIT ACK as well."""
    out = bytearray(packet)
    out[12:16], out[16:20] = addresses[packet[12:16]], addresses[packet[16:20]]
    start = (packet[0] & 15) * 4
    if not int.from_bytes(packet[6:8]) & 0x1FFF:
        places = [start + 4]
        if packet[start + 12] in {1, 2}:
            places.append(start + 16)
        for place in places:
            tag = int.from_bytes(packet[place : place + 4])
            out[place : place + 4] = (tag + step & 0xFFFFFFFF if tag else 0).to_bytes(4)
    return bytes(out)


def tshark(kind: str, path: Path, *options: str) -> list[str]:
    """Return the command that prints the fields of each message."""
    fields = [option for field in FIELDS[kind].split() for option in ("-e", field)]
    return ["tshark", "-n", "-r", str(path), *options, "-Y", PROTOCOL[kind], "-T", "fields", *fields]


def python(program: str, path: Path) -> list[str]:
    """Return the command that runs a program on a file."""
    return [sys.executable, "-c", "import sys\nfrom pathlib import Path\n" + program, str(path)]


def race(kind: str, folder: Path, count: int, pycrate_count: int, rounds: int) -> int:
    """Measure all decoders on one kind of file, print their table, and return how many bars were missed."""
    path, short = folder / f"{kind}.pcap", folder / f"{kind}-short.pcap"
    replicate(kind, path, count)
    commands = {name: python(program, path) for name, program in OURS.items()}
    if shutil.which("tshark"):
        commands |= {"tshark, default": tshark(kind, path), "tshark, tuned": tshark(kind, path, *TUNED[kind])}
    spent: dict[str, Spent] = {}
    # Contenders take turns, so that what else the machine does falls on all; each counts by its best round.
    for _ in range(rounds):
        for name, command in commands.items():
            spent[name] = min(measure(command), spent.get(name, Spent(1e9, 0)))
    if pycrate_count:
        replicate(kind, short, pycrate_count)
        used = measure(python(PYCRATE, short))
        spent[f"pycrate ({pycrate_count:,} frames, scaled)"] = used._replace(cpu_s=used.cpu_s * count / pycrate_count)
    replicate(kind, short, count // 5)
    fifth = measure(python(OURS[JUDGED], short)).peak_mib
    print(f"\n{kind}: {count:,} frames, {path.stat().st_size / 1e6:.0f} MB; a fifth of them peaks at {fifth:.0f} MiB\n")
    print(
        "| decoder | CPU-s | frames a CPU-s | peak MiB | times default tshark | times tuned tshark |\n|---|---|---|---|---|---|"
    )
    missed = 0
    for name, used in spent.items():
        ratios = [spent[rival].cpu_s / used.cpu_s if rival in spent else None for rival in ("tshark, default", "tshark, tuned")]
        told = [f"{ratio:.1f}" if ratio else "-" for ratio in ratios]
        if name == JUDGED:
            missed += sum(ratio is not None and ratio < bar for ratio, bar in zip(ratios, BARS[kind], strict=True))
            told = [f"{ratio} (>= {bar})" for ratio, bar in zip(told, BARS[kind], strict=True)]
        print(
            f"| {name} | {used.cpu_s:.2f} | {count / used.cpu_s:,.0f} | {used.peak_mib:.0f} | {' | '.join(told)} |", flush=True
        )
    return missed


def together(folder: Path) -> None:
    """Measure how much sooner two processes are done with two files."""
    files = sorted(folder.glob("??.pcap"))
    if len(files) < 2:
        return
    # Processes are spawned, so the program must be a file that they can import.
    program = folder / "two.py"
    program.write_text("import sys\nfrom pathlib import Path\n" + TWO, encoding="utf-8")
    command = [sys.executable, str(program), *map(str, files)]
    one, two = map(float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    print(f"\n{len(files)} files to Arrow: {one:.1f} s by one process, {two:.1f} s by two, {one / two:.2f} times sooner")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=500_000, help="frames of each file")
    parser.add_argument("--pycrate-frames", type=int, default=10_000, help="frames for pycrate, 0: leave it out")
    parser.add_argument("--rounds", type=int, default=2, help="times that each decoder runs; the best counts")
    parser.add_argument("--only", choices=sorted(SOURCES), help="one kind of file only")
    parser.add_argument("--keep", type=Path, help="folder to build the files in and leave them there")
    options = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for kind in [options.only] if options.only else list(SOURCES):
            missed += race(kind, folder, options.frames, options.pycrate_frames, options.rounds)
        together(folder)
    return missed


if __name__ == "__main__":
    sys.exit(main())

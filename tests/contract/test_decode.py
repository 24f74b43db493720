"""The table of `cellwarden decode` on real captures: every column equals the tshark fields that its documentation names."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cellwarden.ingest.signalling.message import KINDS
from cellwarden.workflows.decode import decode
from cellwarden.workflows.decoded_columns import COLUMNS, NAS, PDU

CAPTURES = Path(__file__).parents[2].parent / "shared" / "captures"
FILES = (
    "5g-trace-visualizer/free5gc.pcap",
    "5greplay/oai.pcap",
    "magma/gx_gy_combined_03_210505_132953-1.pcapng",
    "magma/gx_gy_combined_05_210505_133111-1.pcapng",
    "magma/inbound_roaming_01_210505_130828-1.pcapng",
    "magma/nsa_connection.pcap",
    "open5gs/ipsec_reg.pcapng",
    "open5gs/nonipsec_reg.pcapng",
    "open5gs/srsenb.pcapng",
    "open5gs/testattach.pcapng",
    "open5gs/testregistration.pcapng",
    "uecapabilityparser/sctpS1apNgap.pcap",
)
JOINED = {"tac": ("tac", "tacs", "paged_tacs"), "tacs": (), "guti": ("guti", "new_guti"), "new_guti": (), "requested_identity": ()}
"""Columns of ours that tshark shows under one field name."""
SETS = frozenset({"mme_ue_id", "enb_ue_id", "cell", "tac", "guti", "s_tmsi", "frame", "at", "source", "destination"})
"""Fields that a message repeats in several elements, or tshark once a frame: compared as sets."""

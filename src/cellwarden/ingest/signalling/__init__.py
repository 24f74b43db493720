"""Captures of S1-MME and N2 (SCTP, S1AP, NGAP, NAS) into rows of `access` and `links`.

The walk is selective: unknown information elements are skipped by their length, so that a newer release of 3GPP needs no
change here. Input is hostile (a rogue femtocell writes S1AP, a phone writes NAS): every table is bounded and whatever
cannot be read is a `Rejected`, never an exception and never silence.
"""

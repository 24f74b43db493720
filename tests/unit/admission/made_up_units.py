"""Units that do not exist (PLMN 001-01, documentation addresses), and what hooks would see of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cellwarden.admission.addresses import networks
from cellwarden.admission.facts import Facts, Stage
from cellwarden.admission.gate import Gate
from cellwarden.admission.policy import Policy
from cellwarden.admission.registry import Registry, Version

NOW = datetime(2025, 9, 5, 12, tzinfo=UTC)


def later(**span):
    return NOW + timedelta(**span)


def certificate(number):
    return f"{number:064x}"


def unit(number=1, **changes):
    """Return the registry's version of a femtocell: line 192.0.2.N, serial SN-N, cell 1000+N, TAC 7."""
    version = Version(
        equipment_id=f"henb{number}",
        cell=1000 + number,
        cell_type="home",
        kind="femto",
        status="active",
        valid_from=NOW - timedelta(days=90),
        recorded_at=NOW - timedelta(days=90),
        tac=7,
        plmn="00101",
        serial=f"SN-{number}",
        software="2.1",
        certificate=certificate(number),
        networks=networks(f"192.0.2.{number % 256}/32"),
        lat=37.5,
        lon=127.0,
    )
    return replace(version, **changes)


def registry(*versions, as_of=NOW):
    return Registry(versions or [unit(1), unit(2)], as_of=as_of)


def tunnel(number=1, **changes):
    """Return what a security gateway sees of a genuine femtocell."""
    facts = Facts(
        stage=Stage.TUNNEL,
        at=NOW,
        gateway="segw",
        key=f"sa{number}",
        equipment_id=f"henb{number}",
        source_ip=f"192.0.2.{number}",
        source_port=4500,
        inner_ip=f"10.9.0.{number}",
    )
    return replace(facts, **changes)


def setup(number=1, **changes):
    """Return what stands in a genuine S1 Setup Request."""
    facts = Facts(
        stage=Stage.S1_SETUP,
        at=NOW,
        gateway="mme",
        key=f"assoc{number}",
        inner_ip=f"10.9.0.{number}",
        cell=1000 + number,
        cell_type="home",
        plmn="00101",
        tacs=(7,),
    )
    return replace(facts, **changes)


def inform(number=1, **changes):
    """Return what a genuine femtocell informs of, through its tunnel."""
    facts = Facts(
        stage=Stage.INFORM, at=NOW, gateway="hems", source_ip=f"10.9.0.{number}", serial=f"SN-{number}", software="2.1"
    )
    return replace(facts, **changes)


def ocsp(number=1, **changes):
    """Return what an OCSP responder knows of a certificate that the operator issued."""
    facts = Facts(
        stage=Stage.CERTIFICATE,
        at=NOW,
        certificate=certificate(number),
        certificate_not_before=NOW - timedelta(days=10),
        certificate_not_after=NOW + timedelta(days=20),
        is_chain_valid=True,
    )
    return replace(facts, **changes)


def gate(*versions, policy=None, as_of=NOW):
    return Gate(registry(*versions, as_of=as_of), policy or Policy())


def codes(outcomes):
    """Return the reason codes of the answer."""
    return outcomes[0].decision.codes

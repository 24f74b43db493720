"""Every detector and every innocent explanation, by name."""

from __future__ import annotations

from cellwarden.detect.behaviour import identity_exposure_excess
from cellwarden.detect.explanations import core_restart, inventory_lag
from cellwarden.detect.joining import foreign_source, setup_conflict, shared_certificate, two_places_at_once
from cellwarden.detect.place import moving_cell
from cellwarden.detect.registry import revived_cell, unregistered_cell
from cellwarden.detect.victims import common_cell_of_victims

DETECTORS = (
    unregistered_cell.DETECTOR,
    revived_cell.DETECTOR,
    shared_certificate.DETECTOR,
    foreign_source.DETECTOR,
    two_places_at_once.DETECTOR,
    setup_conflict.DETECTOR,
    moving_cell.DETECTOR,
    identity_exposure_excess.DETECTOR,
    common_cell_of_victims.DETECTOR,
)
EXPLANATIONS = (inventory_lag.EXPLANATION, core_restart.EXPLANATION)

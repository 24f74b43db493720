"""Every detector and every innocent explanation, by name."""

from __future__ import annotations

from cellwarden.detect.behaviour import identity_exposure_excess
from cellwarden.detect.explanations import core_restart, inventory_lag
from cellwarden.detect.joining import (
    address_hopping,
    certificate_policy,
    foreign_source,
    id_not_of_this_device,
    setup_conflict,
    shared_certificate,
    two_places_at_once,
)
from cellwarden.detect.place import impossible_travel, misplaced_cell, moving_cell, tac_mismatch
from cellwarden.detect.registry import inventory_row_without_order, kind_mismatch, revived_cell, unregistered_cell
from cellwarden.detect.victims import common_cell_of_victims

DETECTORS = (
    unregistered_cell.DETECTOR,
    revived_cell.DETECTOR,
    inventory_row_without_order.DETECTOR,
    kind_mismatch.DETECTOR,
    shared_certificate.DETECTOR,
    certificate_policy.DETECTOR,
    foreign_source.DETECTOR,
    address_hopping.DETECTOR,
    two_places_at_once.DETECTOR,
    setup_conflict.DETECTOR,
    id_not_of_this_device.DETECTOR,
    moving_cell.DETECTOR,
    misplaced_cell.DETECTOR,
    impossible_travel.DETECTOR,
    tac_mismatch.DETECTOR,
    identity_exposure_excess.DETECTOR,
    common_cell_of_victims.DETECTOR,
)
EXPLANATIONS = (inventory_lag.EXPLANATION, core_restart.EXPLANATION)

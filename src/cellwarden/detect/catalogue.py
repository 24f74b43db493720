"""Every detector and every innocent explanation, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellwarden.detect.behaviour import (
    fleeting_cell,
    identity_exposure_excess,
    identity_response_without_request,
    night_activity,
    protection_downgrade,
    reject_chain,
    short_bursts,
    stranger_surge,
)
from cellwarden.detect.explanations import (
    airport,
    always_open_venue,
    carried_cell,
    core_restart,
    data_faults,
    festival,
    gateway_restart,
    house_move,
    inventory_lag,
    iot_power_loss,
    maintenance,
    on_board_cell,
    other_line,
    phone_shop,
    planted_attaches,
    public_venue,
    reissued_id,
    renumbering,
    shared_carrier,
    temporary_cell,
    test_laboratory,
)
from cellwarden.detect.joining import (
    address_hopping,
    certificate_policy,
    foreign_source,
    id_not_of_this_device,
    ids_of_one_device,
    setup_conflict,
    shared_certificate,
    two_places_at_once,
)
from cellwarden.detect.place import impossible_travel, misplaced_cell, moving_cell, tac_mismatch
from cellwarden.detect.registry import inventory_row_without_order, kind_mismatch, revived_cell, unregistered_cell
from cellwarden.detect.victims import common_cell_of_victims, complaint_surge, tip_unexplained, verification_through_cell

if TYPE_CHECKING:
    from cellwarden.detect.detector import Detector
    from cellwarden.detect.explanations.explanation import Explanation

DETECTORS: tuple[Detector, ...] = (
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
    ids_of_one_device.DETECTOR,
    moving_cell.DETECTOR,
    misplaced_cell.DETECTOR,
    impossible_travel.DETECTOR,
    tac_mismatch.DETECTOR,
    identity_exposure_excess.DETECTOR,
    identity_response_without_request.DETECTOR,
    reject_chain.DETECTOR,
    protection_downgrade.DETECTOR,
    stranger_surge.DETECTOR,
    night_activity.DETECTOR,
    short_bursts.DETECTOR,
    fleeting_cell.DETECTOR,
    common_cell_of_victims.DETECTOR,
    verification_through_cell.DETECTOR,
    complaint_surge.DETECTOR,
    tip_unexplained.DETECTOR,
)
EXPLANATIONS: tuple[Explanation, ...] = (
    inventory_lag.EXPLANATION,
    core_restart.EXPLANATION,
    gateway_restart.EXPLANATION,
    maintenance.EXPLANATION,
    temporary_cell.EXPLANATION,
    renumbering.EXPLANATION,
    reissued_id.EXPLANATION,
    house_move.EXPLANATION,
    carried_cell.EXPLANATION,
    other_line.EXPLANATION,
    on_board_cell.EXPLANATION,
    public_venue.EXPLANATION,
    always_open_venue.EXPLANATION,
    airport.EXPLANATION,
    phone_shop.EXPLANATION,
    iot_power_loss.EXPLANATION,
    test_laboratory.EXPLANATION,
    planted_attaches.EXPLANATION,
    festival.EXPLANATION,
    shared_carrier.EXPLANATION,
    data_faults.EXPLANATION,
)
CARDS: tuple[Detector | Explanation, ...] = (*DETECTORS, *EXPLANATIONS)

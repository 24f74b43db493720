"""The words of the contract: one tuple an enumeration, in the field's own spelling."""

from __future__ import annotations

PROCEDURES = (
    "attach",
    "tau",
    "periodic_tau",
    "service_request",
    "handover_in",
    "handover_out",
    "identity",
    "detach",
    "release",
    "paging_response",
    "ims_register",
)
"""NAS and S1AP procedures; a 5G registration is an `attach` (TS 24.301, TS 24.501)."""
IDENTITIES = ("imsi", "imei", "suci", "suci_null", "guti", "none", "unknown")
"""The strongest identity that crossed the air readable by the base station."""
RESULTS = ("ok", "reject", "abort")
RATS = ("lte", "nr", "utra", "geran")
CELL_TYPES = ("macro", "home", "short_macro", "long_macro", "gnb")
"""How the cell number splits (TS 36.413, 9.2.1.37); integers of `macro` and `home` overlap."""
IMS_PROTECTIONS = ("encrypted", "integrity_only", "none")
SERVICES = ("voice_mo", "voice_mt", "sms_mo", "sms_mt", "data")
EQUIPMENT_KINDS = ("macro", "small", "femto", "mobile")
EQUIPMENT_STATUSES = ("planned", "active", "dormant", "suspended", "lost", "recovered", "deleted", "scrapped")
LINK_EVENTS = (
    "ike_up",
    "ike_down",
    "ike_refused",
    "s1_setup",
    "s1_setup_refused",
    "s1_reset",
    "s1_down",
    "hems_inform",
)
PAYMENT_CHANNELS = ("ars", "sms", "app", "pin", "password", "dcb", "other")
PAYMENT_KINDS = ("small_payment", "dcb")
PAYMENT_STATUSES = ("approved", "declined", "cancelled")
COMPLAINT_ROUTES = ("call", "web", "shop", "police")
LOGIN_EVENTS = ("logged_out", "new_device", "login_failed", "password_reset")
SEXES = ("m", "f")
LANGUAGES = ("ko", "en")
DEVICE_CLASSES = ("phone", "tablet", "car", "iot")
EVENT_KINDS = (
    "core_restart",
    "gateway_restart",
    "maintenance",
    "temporary_cell",
    "renumbering",
    "festival",
    "outage",
)

GRADES = ("rogue", "suspect", "review", "explained")
"""`rogue` >= 0.9, `suspect` >= 0.5, `review` >= 0.1; below that only `explained`."""
ACCUSING = ("rogue", "suspect")
IDENTITY_GRADES = ("imsi", "possible", "guti")
"""Strongest first; a subscriber who touched is never left out."""
THROUGH = ("through", "ordinary")
"""Meetings of a payment with an exposure in which its call or code went through the accused cell; `ordinary` ones look like the person's own."""
EXPOSURE_LEVELS = ("none", "possible", "yes")

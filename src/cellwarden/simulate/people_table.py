"""The subscribers of a scenario as the operator's customer base knows them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from cellwarden.records import tables
from cellwarden.records import vocabulary as v
from cellwarden.simulate.randomness import pick, stream
from cellwarden.simulate.writing import arrow_table, words

if TYPE_CHECKING:
    import pyarrow as pa

    from cellwarden.simulate.crowd import Crowd
    from cellwarden.simulate.finish import Names
    from cellwarden.simulate.signalling import World

CONTROLLERS = ("own", "Example MVNO", "Sample Mobile")
_SHARES = {0: 76, 1: 15, 2: 9}
"""Percent: about 4.3 of 17.65 million lines with virtual operators (simulation.md 1)."""


def subscribers_table(world: World, people: Crowd, names: Names, plmn: str) -> pa.Table:
    """Return the customers by IMSI; visitors from other networks are not among them."""
    rng = stream(world.seed, "subscribers")
    own = np.flatnonzero(np.array([imsi.startswith(plmn) for imsi in names.imsi]))
    order = own[np.argsort(np.array(names.imsi)[own])]
    count = len(order)
    joined = [date(2010, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 5_600, count)]
    places = world.city.district(people.home_x[order], people.home_y[order])
    columns: dict[str, Any] = {
        "imsi": words(order, names.imsi),
        "msisdn": words(order, names.msisdn),
        "controller": words(pick(rng, dict(_SHARES), count), CONTROLLERS),
        "birth_decade": pick(rng, {1940: 5, 1950: 11, 1960: 17, 1970: 18, 1980: 17, 1990: 17, 2000: 12, 2010: 3}, count),
        "sex": words(rng.integers(0, 2, count), v.SEXES),
        "district": words(places, world.city.district_names),
        "joined_on": joined,
        "language": words(pick(rng, {0: 96, 1: 4}, count), v.LANGUAGES),
        "device_class": words(people.device[order], v.DEVICE_CLASSES),
    }
    return arrow_table(tables.SUBSCRIBERS, columns)

"""Days of a home cell: its own people, strangers in given hours, and who gave the permanent identity.

Hours are Seoul's, days those of the lake: from 9 to 24 o'clock the two have the same date.
"""

from datetime import timedelta

from made_up_records import HOME, OTHER_HOME, at, touch, touches

MIDNIGHT = at("01 00:00") - timedelta(hours=9)
"""Of the first of August in Seoul, in UTC."""


def day_of_strangers(day, hours, *, each=1, cell=HOME, first=1000, **more):
    """Return visits of strangers nobody has seen before, `each` in every one of these local hours; day 0 is the first of August."""
    return [
        touch(
            cell,
            first + 1000 * day + 30 * hour + number,
            MIDNIGHT + timedelta(days=day, hours=hour, minutes=5 + number),
            **more,
        )
        for hour in hours
        for number in range(each)
    ]


def days_of_strangers(days, hours, **more):
    return [row for day in days for row in day_of_strangers(day, hours, **more)]


def attaching(days=3, attaches=4, phones=2):
    """Return a few phones that attach from scratch over and over."""
    return [
        touch(
            HOME, 1 + phone, MIDNIGHT + timedelta(days=day, hours=9 + turn, minutes=phone), procedure="attach", identity="imsi"
        )
        for day in range(days)
        for turn in range(attaches)
        for phone in range(phones)
    ]


def household(days, *, cell=HOME, people=(1, 2), hours=(10, 19, 22), **more):
    """Return the visits of the cell's own people."""
    return [
        touch(cell, person, MIDNIGHT + timedelta(days=day, hours=hour, minutes=number), **more)
        for day in days
        for hour in hours
        for number, person in enumerate(people)
    ]


def quiet_homes(count=12):
    """Households of six that are quiet from 16 to 21 h, with a guest in the evening."""
    return [
        row
        for number in range(count)
        for day in range(1, 8)
        for row in [
            *(each for hour in (*range(16), 21, 22, 23) for each in touches(OTHER_HOME + number, 6, at(f"0{day} {hour:02}:00"), first=10_000 + 100 * number, source=f"10.1.0.{number}")),
            *touches(OTHER_HOME + number, 1, at(f"0{day} 12:00"), first=10_050 + 100 * number + day, source=f"10.1.0.{number}"),
        ]
    ]  # fmt: skip

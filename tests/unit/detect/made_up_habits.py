"""Days of a home cell: its own people, strangers in given hours, and who gave the permanent identity.

Hours are Seoul's, days those of the lake: from 9 to 24 o'clock the two have the same date.
"""

from datetime import timedelta

from made_up_records import HOME, at, touch

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


def household(days, *, cell=HOME, people=(1, 2), hours=(10, 19, 22), **more):
    """Return the visits of the cell's own people."""
    return [
        touch(cell, person, MIDNIGHT + timedelta(days=day, hours=hour, minutes=number), **more)
        for day in days
        for hour in hours
        for number, person in enumerate(people)
    ]

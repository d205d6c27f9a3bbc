"""Compares the properties a live database has with those the flows use. One unknown name loses a whole write."""

from . import names as property_names
from . import sequences

# Notion refuses a query that names an option which the select does not have; a write would add it.
OPTIONS_TO_FILTER_BY = {("tracker", "sequence_type"): tuple(sequences.SEQUENCES)}


def compare(database, live, overrides=None):
    """One row for each property that the flows read or write: its key in the map, its name, the type expected, the type
    found or None, a near name when it is missing, and the options that a select lacks although the flows filter by them.
    `live` is the `properties` of a data source as Notion answers it.
    """
    found = {name: property.get("type") for name, property in live.items()}
    return [
        {
            "key": key,
            "property": name,
            "expected": kind,
            "found": found.get(name),
            "near": None if name in found else next((other for other in found if _plain(other) == _plain(name)), None),
            "lacks": _lacks(OPTIONS_TO_FILTER_BY.get((database, key), ()), live.get(name)),
        }
        for key, name, kind in _expected(database, overrides)
    ]


def _expected(database, overrides):
    names = property_names.of(database, overrides)
    for key, (_, kind) in property_names.PROPERTIES[database].items():
        # None says that the database lacks the property.
        if not names[key]:
            continue
        numbers = range(1, sequences.MOST_MAILS + 1) if "{number}" in names[key] else (None,)
        yield from ((key, names[key].format(number=number), kind) for number in numbers)


def _lacks(options, property_):
    known = ((property_ or {}).get("select") or {}).get("options") or []
    return [option for option in options if option not in [one.get("name") for one in known]]


def faults(rows):
    """A sentence for each property that is missing, of another type, or without an option."""
    return [fault for fault in map(sentence, rows) if fault]


def sentence(row):
    """What is wrong with one property, or None."""
    name = row["property"]
    if row["found"] == row["expected"]:
        options = ", ".join(f'"{option}"' for option in row["lacks"])
        return f'"{name}" has no option {options}, by which the flows filter: add it there' if options else None
    if row["found"] is not None:
        return f'"{name}" is {row["found"]} and should be {row["expected"]}'
    near = f', it has "{row["near"]}"' if row["near"] else ""
    return f'"{name}" ({row["expected"]}) is missing{near}'


def _plain(name):
    return "".join(char for char in name.casefold() if char.isalnum())

"""Compares the properties a live database has with those the flows use. One unknown name loses a whole write."""

from . import names, sequences


def expected(database, overrides=None):
    """Name and type of each property that the flows read or write, in the map's order."""
    wanted = {}
    for key, name in names.of(database, overrides).items():
        # A key that is not ours is a misspelt override; a name of None says that the database lacks the property.
        if key not in names.PROPERTIES[database] or not name:
            continue
        numbers = range(1, sequences.MOST_MAILS + 1) if "{number}" in name else (None,)
        wanted.update({name.format(number=number): names.PROPERTIES[database][key][1] for number in numbers})
    return wanted


def compare(database, live, overrides=None):
    """One row a property: name, expected type, the type found or None, and a near name when it is missing.

    `live` is the `properties` of a data source as Notion answers it.
    """
    found = {name: property.get("type") for name, property in live.items()}
    return [
        {
            "property": name,
            "expected": kind,
            "found": found.get(name),
            "near": None if name in found else next((other for other in found if _plain(other) == _plain(name)), None),
        }
        for name, kind in expected(database, overrides).items()
    ]


def faults(rows):
    """A sentence for each property that is missing or of another type."""
    return [sentence(row) for row in rows if row["found"] != row["expected"]]


def sentence(row):
    name = row["property"]
    if row["found"] is not None:
        return f'"{name}" is {row["found"]} and should be {row["expected"]}'
    near = f', it has "{row["near"]}"' if row["near"] else ""
    return f'"{name}" ({row["expected"]}) is missing{near}'


def _plain(name):
    return "".join(char for char in name.casefold() if char.isalnum())

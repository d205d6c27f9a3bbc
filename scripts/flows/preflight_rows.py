"""Reads {live: {database: properties}, overrides} on stdin; tells, as JSON, what the flows' own map has against it."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from lib import preflight  # noqa: E402

given = json.load(sys.stdin)
rows = {name: preflight.compare(name, live, given["overrides"]) for name, live in given["live"].items()}
json.dump(
    [{"database": name, **row, "fault": preflight.sentence(row)} for name, found in rows.items() for row in found],
    sys.stdout,
)

"""Reads {pages, overrides} on stdin; tells, as JSON, which templates that Kestra sends are missing or empty, and why."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from lib import mail, names, notion, sequences  # noqa: E402

given = json.load(sys.stdin)
title = names.of("templates", given["overrides"])["name"]
wanted, faults = sequences.template_names(), {}
for name in wanted:
    # send-email takes the first page of a name, as Notion orders them.
    found = [page for page in given["pages"] if notion.value_of(page, title) == name][:1]
    try:
        mail.from_notion({"results": found}, given["overrides"])
    except mail.Unusable as unusable:
        faults[name] = str(unusable)
json.dump({"wanted": len(wanted), "faults": faults}, sys.stdout)

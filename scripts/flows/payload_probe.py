"""Reads {flows, now, webhook, bodies} on stdin and tells, as JSON, what the flows' validation makes of each body: the fields
it looked for, what it took them for, what mails say then, and why it was rejected."""

import json
import sys
from datetime import datetime


class Noted(dict):
    """A body that notes which fields are looked for."""

    def __init__(self, body):
        super().__init__(body)
        self.asked = set()

    def get(self, field, default=None):
        self.asked.add(field)
        return super().get(field, default)

    def __getitem__(self, field):
        self.asked.add(field)
        return super().__getitem__(field)


def asked(body):
    return sorted(getattr(body, "asked", []))


def probe(validate, body, *more):
    noted = Noted(body) if isinstance(body, dict) else body
    try:
        lead, *rest = validate(noted, *more)
    except payload.Rejected as rejected:
        return {"asked": asked(noted), "values": {}, "mails": {}, "warnings": [], "reasons": rejected.reasons}
    email_1 = rest[0] if isinstance(rest[0], dict) else {}
    values = {**lead, **{f"email_1_{name}": value for name, value in email_1.items()}}
    mails = mail.variables(lead, {"deadline_date": given["now"]}, datetime.fromisoformat(given["now"]))
    return {"asked": asked(noted), "values": values, "mails": mails, "warnings": rest[-1], "reasons": []}


given = json.load(sys.stdin)
sys.path.insert(0, given["flows"])
from christmas.lib import mail, payload  # noqa: E402

more = [datetime.fromisoformat(given["now"])] if given["webhook"] == "assessment" else []
print(json.dumps([probe(getattr(payload, given["webhook"]), body, *more) for body in given["bodies"]]))

"""What the webhooks accept. A rejected payload names each fault: the field, the shape of its value, the remedy."""

import re
import unicodedata
from datetime import timedelta

from . import sequences

NAME_LIMIT = 200
EMAIL_LIMIT = 200  # Notion's limit for an e-mail property
OLDEST_MAIL_1 = timedelta(days=30)
LATEST_MAIL_1 = timedelta(hours=24)

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+")


class Rejected(Exception):
    """The payload can't be used. `reasons` has one sentence a fault."""

    def __init__(self, reasons):
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def shape(value):
    """What kind of value this is, without saying the value itself."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a decimal number"
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"an object of {len(value)} fields"


def clean(text, limit=NAME_LIMIT):
    """Text fit for a mail and for Notion: one line, no control characters, no half surrogate pairs, cut to `limit`."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    return " ".join(text.split())[:limit].strip()


class _Reader:
    """Reads fields one by one and collects every fault before anything is rejected."""

    def __init__(self, body):
        if not isinstance(body, dict):
            raise Rejected([f"body: expected a JSON object, got {shape(body)}; send the fields as one JSON object"])
        self.body, self.reasons, self.warnings, self.given = body, [], [], []

    def fault(self, field, expected, remedy):
        self.reasons.append(f"{field}: expected {expected}, got {shape(self.body.get(field))}; {remedy}")

    def present(self, field):
        return self.body.get(field) is not None

    def email(self, field="email"):
        value = self.body.get(field)
        text = value.strip() if isinstance(value, str) else ""
        local = text.partition("@")[0]
        well_formed = _EMAIL.fullmatch(text) and not (local.startswith(".") or local.endswith(".") or ".." in local)
        if not well_formed or len(text) > EMAIL_LIMIT or len(local) > 64:
            self.fault(field, "an e-mail address", "send one such as ada@example.com")
        return text.lower()

    def text(self, field, default, limit=NAME_LIMIT):
        value = self.body.get(field)
        if value is None:
            return default
        if not isinstance(value, str):
            self.fault(field, "text", "send a JSON string or leave it out")
            return default
        cleaned = clean(value, limit)
        if not cleaned:
            return default
        self.given.append(field)
        return cleaned

    def whole(self, field, low, high, required=False, default=None):
        value = self.body.get(field)
        if value is None and not required:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(field, f"a whole number from {low} to {high}", f"send a JSON integer such as {low + 1}")
            return default
        self.given.append(field)
        return value

    def done(self):
        if self.reasons:
            raise Rejected(self.reasons)


def signup(body):
    """The lead in a sign-up payload, and warnings. Raises Rejected."""
    read = _Reader(body)
    email = read.email()
    first_name = read.text("first_name", "Unknown")
    first_name = read.text("name", first_name)
    lead = {"email": email, "first_name": first_name, "business_name": read.text("business_name", "")}
    if "name" in read.given and "first_name" not in read.given:
        read.given.append("first_name")
    read.done()
    return {**lead, "given": sorted(set(read.given) & set(lead))}, read.warnings


COUNTS = ("red_systems", "orange_systems", "yellow_systems", "green_systems")


def assessment(body, now):
    """The lead in an assessment payload, what it says of mail 1, and warnings. Raises Rejected."""
    read = _Reader(body)
    lead = {
        "email": read.email(),
        "first_name": read.text("first_name", "there"),
        "business_name": read.text("business_name", "your business"),
        "red_systems": read.whole("red_systems", 0, 8, required=True),
        "orange_systems": read.whole("orange_systems", 0, 8, required=True),
        "yellow_systems": read.whole("yellow_systems", 0, 8, default=0),
        "green_systems": read.whole("green_systems", 0, 8, default=0),
        "assessment_score": read.whole("assessment_score", 0, 100),
        "weakest_system_1": read.text("weakest_system_1", "GPS"),
        "weakest_system_2": read.text("weakest_system_2", "FUEL"),
        "strongest_system": read.text("strongest_system", "CABIN"),
        "revenue_leak_total": read.whole("revenue_leak_total", 0, 1_000_000_000),
        "gps_score": read.whole("gps_score", 0, 100),
        "money_score": read.whole("money_score", 0, 100),
    }
    email_1 = {"sent_at": _email_1_sent_at(read, now), "status": _email_1_status(read)}
    read.done()
    if all(read.present(count) for count in COUNTS) and sum(lead[count] for count in COUNTS) != 8:
        read.warnings.append("red, orange, yellow and green systems do not add up to 8; the counts are used as sent")
    return {**lead, "given": sorted(set(read.given) & set(lead))}, email_1, read.warnings


def _email_1_sent_at(read, now):
    field = "email_1_sent_at"
    value = read.body.get(field)
    if value is None:
        read.warnings.append(f"{field} is missing: the delays count from the webhook's arrival")
        return sequences.iso(now)
    try:
        moment = sequences.instant(value)
        age = now - moment
    except (AttributeError, TypeError, ValueError, OverflowError):
        read.fault(field, "an ISO 8601 moment with offset or Z", "send one such as 2025-11-29T10:30:00Z")
        return None
    if age > OLDEST_MAIL_1 or -age > LATEST_MAIL_1:
        read.fault(field, "a moment at most 30 days ago and at most 24 hours ahead", "send the moment mail 1 was sent")
        return None
    return sequences.iso(moment)


def _email_1_status(read):
    field = "email_1_status"
    value = read.body.get(field)
    if value is None:
        return "sent"
    if value not in ("sent", "failed"):
        read.fault(field, 'the text "sent" or "failed"', "send one of the two, or leave it out")
        return None
    if value == "failed":
        read.warnings.append("email_1_status is failed: the website did not deliver mail 1, and Kestra never sends it")
    return value

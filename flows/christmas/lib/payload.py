"""What the webhooks accept. A rejected payload names each fault: the field, the shape of its value, the remedy."""

import re
import unicodedata
from datetime import date, timedelta

from . import sequences

NAME_LIMIT = 200
EMAIL_LIMIT = 200  # Notion's limit for an e-mail property
OLDEST_MAIL_1 = timedelta(days=30)
LATEST_MAIL_1 = timedelta(hours=24)
NOTE_LIMIT = 2000  # Notion's limit for one text
LIST_LIMIT = 20
AMOUNT_LIMIT = 10_000_000

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
        self.address = self._email()

    def fault(self, field, expected, remedy):
        self.reasons.append(f"{field}: expected {expected}, got {shape(self.body.get(field))}; {remedy}")

    def present(self, field):
        return self.body.get(field) is not None

    def _email(self):
        value = self.body.get("email")
        text = value.strip() if isinstance(value, str) else ""
        local = text.partition("@")[0]
        well_formed = _EMAIL.fullmatch(text) and not (local.startswith(".") or local.endswith(".") or ".." in local)
        if not well_formed or len(text) > EMAIL_LIMIT or len(local) > 64:
            self.fault("email", "an e-mail address", "send one such as ada@example.com")
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

    def amount(self, field):
        value = self.body.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= AMOUNT_LIMIT:
            self.fault(field, f"a number from 0 to {AMOUNT_LIMIT}", "send a JSON number such as 4500")
            return None
        return value

    def first(self, read, *fields):
        """The first of a field and its aliases that is there, as `read` has it; each that is there is held to its type."""
        values = [read(field) for field in fields]
        return next((value for field, value in zip(fields, values) if self.present(field)), None)

    def moment(self, field):
        """The moment in UTC; a day stays a day."""
        if not self.present(field):
            return None
        try:
            text = self.body[field].strip()
            return date.fromisoformat(text).isoformat() if len(text) == 10 else sequences.iso(sequences.instant(text))
        except (AttributeError, TypeError, ValueError, OverflowError):
            self.fault(field, "an ISO 8601 moment with offset or Z, or a day", "send one such as 2025-12-10T14:00:00Z")
            return None

    def flag(self, field):
        if not self.present(field):
            return None
        if not isinstance(self.body[field], bool):
            self.fault(field, "true or false", "send a JSON boolean")
            return None
        return self.body[field]

    def lines(self, field, limit):
        """Texts of a list, or one text, as one text."""
        value = self.body.get(field)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return "; ".join(filter(None, (clean(item, NAME_LIMIT) for item in value[:LIST_LIMIT])))[:limit] or None
        if isinstance(value, str):
            return clean(value, limit) or None
        if value is not None:
            self.fault(field, "a list of texts", 'send one such as ["price", "time"]')
        return None

    def done(self):
        if self.reasons:
            raise Rejected(self.reasons)

    def lead(self, **more):
        """The lead with names, defaults where none were sent, and those of `more` that are not None. Raises Rejected."""
        lead = {
            "email": self.address,
            "first_name": self.text("first_name", "there"),
            "business_name": self.text("business_name", "your business"),
            **{key: value for key, value in more.items() if value is not None},
        }
        self.done()
        return {**lead, "given": sorted(set(self.given) & set(lead))}


def signup(body):
    """The lead in a sign-up payload, and warnings. Raises Rejected."""
    read = _Reader(body)
    first_name = read.text("first_name", "Unknown")
    first_name = read.text("name", first_name)
    lead = {"email": read.address, "first_name": first_name, "business_name": read.text("business_name", "")}
    if "name" in read.given:
        read.given.append("first_name")
    read.done()
    return {**lead, "given": sorted(set(read.given) & set(lead))}, read.warnings


COUNTS = ("red_systems", "orange_systems", "yellow_systems", "green_systems")


def assessment(body, now):
    """The lead in an assessment payload, what it says of mail 1, and warnings. Raises Rejected."""
    read = _Reader(body)
    email_1 = {"sent_at": _email_1_sent_at(read, now), "status": _email_1_status(read)}
    lead = read.lead(
        red_systems=read.whole("red_systems", 0, 8, required=True),
        orange_systems=read.whole("orange_systems", 0, 8, required=True),
        yellow_systems=read.whole("yellow_systems", 0, 8, default=0),
        green_systems=read.whole("green_systems", 0, 8, default=0),
        assessment_score=read.whole("assessment_score", 0, 100),
        weakest_system_1=read.text("weakest_system_1", "GPS"),
        weakest_system_2=read.text("weakest_system_2", "FUEL"),
        strongest_system=read.text("strongest_system", "CABIN"),
        revenue_leak_total=read.whole("revenue_leak_total", 0, 1_000_000_000),
        gps_score=read.whole("gps_score", 0, 100),
        money_score=read.whole("money_score", 0, 100),
    )
    if all(read.present(count) for count in COUNTS) and sum(lead[count] for count in COUNTS) != 8:
        read.warnings.append("red, orange, yellow and green systems do not add up to 8; the counts are used as sent")
    return lead, email_1, read.warnings


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


def noshow(body):
    """The lead who missed the booked call, and warnings. Raises Rejected."""
    read = _Reader(body)
    missed = read.first(read.moment, "scheduled_time", "meeting_time")
    event = read.first(lambda field: read.text(field, None, NOTE_LIMIT), "calendly_event_id", "calendly_event_uri")
    lead = read.lead(
        calendly_event_id=event,
        scheduled_time=missed,
        event_type=read.text("event_type", None),
        diagnostic_call_date=missed,
    )
    return lead, read.warnings


PRIORITIES = ("High", "Medium", "Low")


def postcall(body):
    """The lead who said maybe on the call, and warnings. Raises Rejected."""
    read = _Reader(body)
    called = read.moment("call_date")
    outcome = read.text("call_outcome", "maybe")
    if outcome.lower() != "maybe":
        read.warnings.append("call_outcome is not maybe; the follow-up starts all the same")
    lead = read.lead(
        call_date=called,
        call_outcome=outcome,
        call_notes=read.text("call_notes", None, NOTE_LIMIT),
        objections=read.first(lambda field: read.lines(field, NOTE_LIMIT), "objections", "objection"),
        follow_up_priority=_follow_up_priority(read),
        diagnostic_call_date=called,
    )
    return lead, read.warnings


def _follow_up_priority(read):
    # An interest of high, medium or low is the same scale; what else it may say has no place in Notion.
    interest = read.text("interest_level", "medium").capitalize()
    priority = read.text("follow_up_priority", interest if interest in PRIORITIES else None)
    if priority is None or priority.capitalize() in PRIORITIES:
        return priority and priority.capitalize()
    read.fault("follow_up_priority", "High, Medium or Low", "send one of the three, or leave it out")
    return None


PAID = "paid"


def onboarding(body):
    """The lead, whether the payment is there (only then does anything start), and warnings. Raises Rejected."""
    read = _Reader(body)
    status, confirmed = read.text("payment_status", None), read.flag("payment_confirmed")
    raw = read.body.get("payment_status")
    paid = raw == PAID or confirmed is True
    if not paid:
        said = f"is {raw[:40]!r}, not {PAID!r}" if isinstance(raw, str) else "is missing"
        read.warnings.append(f"payment_status {said}: onboarding does not start, nothing is sent")
    elif status not in (None, PAID):
        read.warnings.append("payment_confirmed is true although payment_status says otherwise; onboarding starts")
    if read.first(read.flag, "docusign_completed", "docusign_signed") is False:
        read.warnings.append("the contract is not signed yet")
    read.amount("contract_value")
    lead = read.lead(
        package_type=read.text("package_type", "foundation"),
        payment_amount=read.amount("payment_amount"),
        payment_date=read.moment("payment_date"),
        salon_address=read.text("salon_address", None, NOTE_LIMIT),
        observation_dates=read.lines("observation_dates", NOTE_LIMIT),
        start_date=read.moment("start_date"),
        diagnostic_call_date=read.moment("diagnostic_call_date"),
    )
    return lead, paid, read.warnings

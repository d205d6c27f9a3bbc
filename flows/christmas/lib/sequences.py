"""The sequences as data: which mails Kestra sends, when, and from which template."""

import re
from datetime import datetime, timedelta, timezone

CAMPAIGN = "Christmas 2025"
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Offsets count from the sequence's start. That of 5day is the moment the website sent mail 1, which is why 1 is not in
# its list; the others start with their handler's execution. `contact` is what the handler writes on the contact.
SEQUENCES = {
    "5day": {
        "template": "5-Day E{number}",
        "contact": {"status": "Nurture Sequence"},
        "last": 5,
        "production": {2: 1 * DAY, 3: 3 * DAY, 4: 4 * DAY, 5: 5 * DAY},
        "testing": {2: 1, 3: 2, 4: 3, 5: 4},
    },
    "noshow": {
        "template": "noshow_recovery_email_{number}",
        "contact": {"booking_status": "No-Show"},
        "last": 3,
        "production": {1: 5 * MINUTE, 2: 1 * DAY, 3: 2 * DAY},
        "testing": {1: 1, 2: 2, 3: 3},
    },
    "postcall": {
        "template": "postcall_maybe_email_{number}",
        "contact": {"booking_status": "Completed"},
        "last": 3,
        "production": {1: 1 * HOUR, 2: 3 * DAY, 3: 7 * DAY},
        "testing": {1: 1, 2: 2, 3: 3},
    },
    "onboarding": {
        "template": "onboarding_phase1_email_{number}",
        "contact": {"status": "Portal Delivered", "phase": "Phase 1"},
        "last": 3,
        "production": {1: 1 * HOUR, 2: 1 * DAY, 3: 3 * DAY},
        "testing": {1: 1, 2: 2, 3: 3},
    },
}


MOST_MAILS = max(data["last"] for data in SEQUENCES.values())


class UnknownMail(ValueError):
    """A sequence or a mail number that Kestra does not send."""


def sequence(kind):
    """The data of one sequence. Raises UnknownMail."""
    if not isinstance(kind, str) or kind not in SEQUENCES:
        raise UnknownMail(f"sequence_type: {kind!r:.40} is not one of {', '.join(SEQUENCES)}")
    return SEQUENCES[kind]


def template_name(kind, number):
    """The name of a mail's template in Notion. Raises UnknownMail for a mail that is not Kestra's to send."""
    data = sequence(kind)
    if number not in data["production"]:
        raise UnknownMail(
            f"email_number: {number!r:.20} of {kind} is not Kestra's to send ({', '.join(map(str, data['production']))} are)"
        )
    return data["template"].format(number=number)


def template_names():
    """The names of all templates that Kestra sends from."""
    return [template_name(kind, number) for kind, data in SEQUENCES.items() for number in data["production"]]


def plan(kind, testing, minute_seconds, base, now, skip=()):
    """The mails to schedule as (number, due) in number order.

    `base` and `now` are aware datetimes. What is due already goes out at once. There is a second between any two mails, since
    Kestra starts those of one moment in any order.
    """
    data = sequence(kind)
    offsets = (
        {number: minutes * minute_seconds for number, minutes in data["testing"].items()}
        if testing
        else data["production"]
    )
    mails, earliest = [], now
    for number, seconds in sorted(offsets.items()):
        if number in skip:
            continue
        due = max(base + timedelta(seconds=seconds), earliest)
        earliest = due + timedelta(seconds=1)
        mails.append((number, due))
    return mails


def iso(moment):
    """A moment as ISO 8601 in UTC with milliseconds, which Kestra and Notion both read."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text):
    """The aware datetime in an ISO 8601 text with offset or Z. Raises ValueError."""
    moment = datetime.fromisoformat(_python310(text))
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment


def _python310(text):
    # fromisoformat before Python 3.11 knows neither Z nor fractions of other than 3 or 6 digits.
    text = re.sub(r"[zZ]$", "+00:00", text.strip())
    text = re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text)
    return re.sub(r"\.(\d{1,9})", lambda found: "." + found[1][:6].ljust(6, "0"), text)

"""The Sequence Tracker: one wide row per person and sequence, five facts per mail."""

from . import names as property_names
from . import notion
from .sequences import CAMPAIGN

SCHEDULED, SENT, FAILED, SKIPPED = "scheduled", "sent", "failed", "skipped"
WEBSITE, KESTRA = "website", "kestra"
NUMBERS = ("assessment_score", "red_systems", "orange_systems", "yellow_systems", "green_systems")
# What a webhook said beside the lead's name, by the type of its property.
DETAILS = {
    "rich_text": (
        "calendly_event_id",
        "scheduled_time",
        "event_type",
        "call_date",
        "call_outcome",
        "call_notes",
        "objections",
        "follow_up_priority",
        "package_type",
        "salon_address",
        "observation_dates",
    ),
    "number": (*NUMBERS, "payment_amount"),
    "date": ("payment_date", "start_date"),
}


def _mail_names(names, number):
    return {
        key: template.format(number=number) if template else None
        for key, template in names.items()
        if key.startswith("mail_")
    }


def mail_properties(names, number, status=None, sent_by=None, sent_at=None, resend_id=None):
    """Request properties for one mail; facts that are None stay as they are."""
    facts = [
        ("mail_status", "select", status),
        ("mail_sent_by", "select", sent_by),
        ("mail_sent_at", "date", sent_at),
        ("mail_resend_id", "rich_text", resend_id),
    ]
    return notion.properties(_mail_names(names, number), [fact for fact in facts if fact[2] is not None])


# Prefect wrote no Sequence Type: its five-day rows have no type at all, the others this.
PREFECT_TYPE = "Template Type"
PREFECT_SEQUENCES = {"No-Show Recovery": "noshow", "Post-Call Follow-Up": "postcall", "Onboarding": "onboarding"}


def rows_of(answer, kind, overrides=None):
    """The rows of one sequence in the answer to `find_row`, which has those without a type as well; Kestra's own first."""
    type_name = property_names.of("tracker", overrides)["sequence_type"]
    pages = notion.pages(answer)
    ours = [page for page in pages if notion.value_of(page, type_name) == kind]
    untyped = [page for page in pages if notion.value_of(page, type_name) is None]
    return ours + [
        page for page in untyped if PREFECT_SEQUENCES.get(notion.value_of(page, PREFECT_TYPE), "5day") == kind
    ]


def already_sent(page, number, overrides=None):
    """Whether the row says that the mail went out, whoever wrote it there."""
    names = _mail_names(property_names.of("tracker", overrides), number)
    return (
        notion.value_of(page, names["mail_sent_at"]) is not None
        or notion.value_of(page, names["mail_status"]) == SENT
    )


def lead_properties(names, lead, kind):
    """Request properties that describe the lead and the sequence."""
    facts = [
        ("name", "title", f"{lead['first_name']} · {kind}"),
        ("email", "email", lead["email"]),
        ("first_name", "rich_text", lead["first_name"]),
        ("business_name", "rich_text", lead["business_name"]),
        ("campaign", "select", CAMPAIGN),
        ("sequence_type", "select", kind),
        ("segment", "select", lead.get("segment") or "OPTIMIZE"),
    ]
    facts += [(key, shape, lead[key]) for shape, keys in DETAILS.items() for key in keys if lead.get(key) is not None]
    return notion.properties(names, facts)


def request(lead, kind, page, source_id, started_at, email_1, scheduled, overrides=None):
    """The Notion request that creates the row, or brings the one that is there up to date."""
    names = property_names.of("tracker", overrides)
    props = lead_properties(names, lead, kind)
    if page:
        # A repeated webhook without names takes none away.
        defaults = {"first_name", "business_name"} - set(lead.get("given", []))
        gone = {names[key] for key in defaults} | ({names["name"]} if "first_name" in defaults else set())
        props = {name: value for name, value in props.items() if name not in gone}
    else:
        props |= notion.properties(names, [("started_at", "date", started_at)])
    if email_1 and not already_sent(page, 1, overrides):
        sent_at = email_1["sent_at"] if email_1["status"] == SENT else None
        props |= mail_properties(names, 1, email_1["status"], WEBSITE, sent_at)
    for number in scheduled:
        props |= mail_properties(names, number, SCHEDULED, KESTRA)
    return notion.update(page["id"], props) if page else notion.create(source_id, props, _same(names, lead, kind))


def delivery(lead, kind, number, page_id, source_id, result, last, overrides=None):
    """The Notion request that records what became of one mail; makes the row when the handler could not.

    `found` is what a row gets that `look` finds: another mail may have made it, so it lacks the facts of this one.
    """
    names = property_names.of("tracker", overrides)
    status, at = result["status"], result["at"]
    sent_at = at if status == SENT else None
    props = mail_properties(names, number, status, KESTRA, sent_at, result.get("resend_id"))
    if status == SENT:
        props |= notion.properties(names, [("last_mail_number", "number", number), ("last_mail_sent_at", "date", at)])
        if last:
            props |= notion.properties(names, [("completed", "checkbox", True)])
    if page_id:
        return notion.update(page_id, props)
    started = notion.properties(names, [("started_at", "date", at)])
    row = notion.create(
        source_id, {**lead_properties(names, lead, kind), **started, **props}, _same(names, lead, kind)
    )
    return {**row, "found": {"properties": props}}


def _same(names, lead, kind):
    return notion.same(names, [("email", "email", lead["email"]), ("sequence_type", "select", kind)])

"""The Analytics database: one page per send, whoever sent."""

from . import names as property_names
from . import notion
from .sequences import CAMPAIGN


def request(email, template, number, result, sent_by, source_id, overrides=None):
    """The Notion request that records one send. `result` has status and at, and resend_id or error where known."""
    names = property_names.of("analytics", overrides)
    facts = [
        ("name", "title", f"{template} · {email}"),
        ("email", "email", email),
        ("template_id", "rich_text", template),
        ("email_number", "number", number),
        ("status", "select", result["status"]),
        ("sent_date", "date", result["at"]),
        ("campaign", "select", CAMPAIGN),
        ("resend_email_id", "rich_text", result.get("resend_id")),
        ("error_message", "rich_text", result.get("error")),
        ("sent_by", "select", sent_by),
    ]
    props = notion.properties(names, [fact for fact in facts if fact[2] is not None])
    # Resend's id tells this send; one that failed, or that the website made, is told by its moment.
    told_by = "resend_email_id" if result.get("resend_id") else "sent_date"
    same = [fact for fact in facts if fact[0] in ("email", "template_id", told_by)]
    return notion.create(source_id, props, notion.same(names, same))

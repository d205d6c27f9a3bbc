"""What a webhook may write on a contact: statuses only rise, and a filled field is never emptied by a default."""

from . import names as property_names
from . import notion

# Later statuses win. One that is not listed was set by a person and stays.
STATUSES = ("Signed Up", "Nurture Sequence", "Pre-Call Prep", "Portal Delivered", "Long-Term", "Unsubscribed")
UNSUBSCRIBED = "Unsubscribed"


def rises(old, new):
    """Whether a contact with status `old` takes status `new`."""
    if old is None:
        return True
    return old in STATUSES and STATUSES.index(new) > STATUSES.index(old)


def request(lead, page, source_id, overrides=None, **dues):
    """The Notion request that creates or updates the lead's contact, or None when there is nothing to write.

    `dues` is what this webhook makes true of the contact: status, signup_date, booking_status, phase.
    """
    names = property_names.of("contacts", overrides)
    given = set(lead.get("given", []))

    def empty(key):
        return notion.value_of(page, names[key]) is None

    facts = []
    if "first_name" in given or empty("first_name"):
        facts.append(("first_name", "title", lead["first_name"]))
    if "business_name" in given:
        facts.append(("business_name", "rich_text", lead["business_name"]))
    if dues.get("signup_date") and empty("signup_date"):
        facts.append(("signup_date", "date", dues["signup_date"]))
    facts += [(key, "select", dues[key]) for key in ("booking_status", "phase") if dues.get(key)]
    if lead.get("diagnostic_call_date"):
        facts.append(("diagnostic_call_date", "date", lead["diagnostic_call_date"]))
    if dues.get("status") and rises(notion.value_of(page, names["status"]), dues["status"]):
        facts.append(("status", "select", dues["status"]))
    if lead.get("assessment_score") is not None:
        facts.append(("assessment_score", "number", lead["assessment_score"]))
    if lead.get("segment"):
        facts.append(("segment", "select", lead["segment"]))
    if page is None:
        facts.append(("email", "email", lead["email"]))
        same = notion.same(names, [("email", "email", lead["email"])])
        return notion.create(source_id, notion.properties(names, facts), same)
    known = page.get("properties") or {}
    present = {key: name for key, name in names.items() if name in known}
    props = notion.properties(present, facts)
    return notion.update(page["id"], props) if props else None


def lacking(page, overrides=None):
    """Names of the map that the live contact lacks; writes leave them out, since one unknown name loses them all."""
    if not page:
        return []
    names = property_names.of("contacts", overrides)
    return sorted(name for name in names.values() if name and name not in (page.get("properties") or {}))

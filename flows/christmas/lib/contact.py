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


def request(lead, status, page, source_id, overrides=None, signup_date=None):
    """The Notion request that creates or updates the lead's contact, or None when there is nothing to write."""
    names = property_names.of("contacts", overrides)
    given = set(lead.get("given", []))

    def empty(key):
        return notion.value_of(page, names[key]) is None

    facts = []
    if "first_name" in given or empty("first_name"):
        facts.append(("first_name", "title", lead["first_name"]))
    if "business_name" in given:
        facts.append(("business_name", "rich_text", lead["business_name"]))
    if signup_date and empty("signup_date"):
        facts.append(("signup_date", "date", signup_date))
    if rises(notion.value_of(page, names["status"]), status):
        facts.append(("status", "select", status))
    if lead.get("assessment_score") is not None:
        facts.append(("assessment_score", "number", lead["assessment_score"]))
    if lead.get("segment"):
        facts.append(("segment", "select", lead["segment"]))
    if page is None:
        facts.append(("email", "email", lead["email"]))
        return notion.create(source_id, notion.properties(names, facts))
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

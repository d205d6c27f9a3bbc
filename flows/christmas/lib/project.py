"""The Customer Projects database: one page per customer, made when onboarding starts."""

from . import names as property_names
from . import notion

NEXT_STEPS = "Welcome call; first-week check; review of progress"


def request(lead, source_id, now, overrides=None):
    """The Notion request that makes the customer's page."""
    names = property_names.of("projects", overrides)
    facts = [
        ("name", "title", lead["business_name"] if "business_name" in lead["given"] else lead["first_name"]),
        ("email", "email", lead["email"]),
        ("business_name", "rich_text", lead["business_name"]),
        ("diagnostic_call_date", "date", lead.get("diagnostic_call_date")),
        ("next_steps", "rich_text", NEXT_STEPS),
        ("status", "select", "Active"),
        ("created_date", "date", now),
    ]
    props = notion.properties(names, [fact for fact in facts if fact[2] is not None])
    return notion.create(source_id, props, notion.same(names, [("email", "email", lead["email"])]))

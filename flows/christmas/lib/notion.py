"""Notion property values: what goes into a request, and what an answer says. No calls: the flow makes those."""

import json

RICH_TEXT_LIMIT = 2000


def _text(value):
    return [{"text": {"content": str(value)[:RICH_TEXT_LIMIT]}}] if value not in (None, "") else []


WRITERS = {
    "title": _text,
    "rich_text": _text,
    "email": lambda value: value,
    "number": lambda value: value,
    "checkbox": bool,
    "select": lambda value: {"name": value} if value else None,
    "date": lambda value: {"start": value} if value else None,
}


def properties(names, facts):
    """Request properties from (key, type, value) facts. Facts whose name is None are left out."""
    return {
        names[key]: {kind: WRITERS[kind](value)}
        for key, kind, value in facts
        if names.get(key)
    }


def plain(prop):
    """The plain value of one property of an answer: str, number, bool or None."""
    if not prop:
        return None
    value = prop.get(prop.get("type"))
    if isinstance(value, list):
        return "".join(item.get("plain_text") or "" for item in value if isinstance(item, dict)) or None
    if isinstance(value, dict):
        return value.get("name") or value.get("start")
    return value


def pages(body):
    """The pages of a query's answer, given as text or as None when the query failed."""
    results = parse(body).get("results")
    return results if isinstance(results, list) else []


def first_page(body):
    """The first page of a query's answer; None when there is none."""
    return next(iter(pages(body)), None)


def parse(body):
    """The JSON object in an answer's body; an empty one when there is none to be had."""
    try:
        value = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def value_of(page, name):
    """The plain value of the page's property of that name; None when page, name or value is missing."""
    if not page or not name:
        return None
    return plain((page.get("properties") or {}).get(name))


def same(names, facts):
    """Filters by (key, type, value) facts that tell one page from all others. Facts whose name is None are left out."""
    return [
        # A date is kept to the minute, so a later moment of that minute would not find it.
        {"property": names[key], kind: {"on_or_after": f"{value[:16]}:00Z"} if kind == "date" else {"equals": value}}
        for key, kind, value in facts
        if names.get(key)
    ]


def create(source_id, props, filters):
    """The request that makes a page in a data source; `look` asks whether the page is there.

    The answer to a creation can get lost, and a second one would make a second page: so no creation is tried again
    before Notion has been asked. `filters`, from `same`, find the page.
    """
    return {
        "method": "POST",
        "path": "v1/pages",
        "body": {"parent": {"type": "data_source_id", "data_source_id": source_id}, "properties": props},
        "look": {
            "path": f"v1/data_sources/{source_id}/query",
            "body": {"filter": {"and": filters}, "page_size": 1},
        },
    }


def update(page_id, props):
    """The request that changes some properties of a page."""
    return {"method": "PATCH", "path": f"v1/pages/{page_id}", "body": {"properties": props}}

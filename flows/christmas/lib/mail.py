"""Templates and their placeholders: which text a mail takes, and how a lead's data gets into it."""

import html
import re
from datetime import date, timezone
from html.parser import HTMLParser

from . import names as property_names
from . import notion, tips
from .segment import ZONES

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")


class Unusable(Exception):
    """A template that must not reach a customer, and why."""


# Of the deployment, without a default: a template that names one is not sent until it is set.
CAMPAIGN_VALUES = ("calendly_link", "pdf_download_link", "spots_remaining", "bookings_count")


def variables(lead, settings, now):
    """The values of all placeholders, as plain text. One without a value is left out: its template can't be sent."""
    leak = lead.get("revenue_leak_total")
    deadline = deadline_of(settings)
    weakest, second = lead.get("weakest_system_1") or "GPS", lead.get("weakest_system_2") or "FUEL"
    strongest = lead.get("strongest_system") or "CABIN"
    score = lead.get("assessment_score")
    call = lead.get("diagnostic_call_date")
    values = {
        "first_name": lead.get("first_name") or "there",
        "business_name": lead.get("business_name") or "your business",
        "assessment_score": "N/A" if score is None else score,
        "overall_score": "N/A" if score is None else score,
        "segment": lead.get("segment") or "OPTIMIZE",
        "readiness_zone": ZONES.get(lead.get("segment"), "Growth"),
        "weakest_system": weakest,
        "weakest_system_1": weakest,
        "weakest_system_2": second,
        "WeakestSystem1": weakest,
        "WeakestSystem2": second,
        "strongest_system": strongest,
        "StrongestSystem": strongest,
        "revenue_leak_total": leak or "0",
        "TotalRevenueLeak_K": round(leak / 1000) if leak else "0",
        "days_to_deadline": max(0, (deadline - now.astimezone(timezone.utc).date()).days) if deadline else None,
        "deadline_date": _day(deadline) if deadline else None,
        **{f"personalized_tip_{number}": tip for number, tip in enumerate(tips.of(weakest), 1)},
        **{key: lead.get(key) or "0" for key in ("red_systems", "orange_systems", "yellow_systems", "green_systems")},
        **{key: settings.get(key) for key in CAMPAIGN_VALUES},
        "diagnostic_call_date": _day(date.fromisoformat(call[:10])) if call else None,
        "portal_url": _link(lead.get("portal_url")),
    }
    return {key: _harmless(str(value)) for key, value in values.items() if value not in (None, "")}


def deadline_of(settings):
    """The campaign's last day; None when the setting is no date: then no template that names it is sent."""
    try:
        return date.fromisoformat(settings["deadline_date"].strip()[:10])
    except ValueError:
        return None


def lost_deadline(settings):
    """What is lost when the setting is no date, as a list of one sentence or none."""
    said = settings["deadline_date"]
    return [] if deadline_of(settings) else [f"DEADLINE_DATE is {said[:40]!r}, not a day such as 2025-12-05: no mail names it"]


def _day(day):
    return f"{day:%B} {day.day}, {day.year}"


def _link(text):
    return text if isinstance(text, str) and re.fullmatch(r"https?://\S+", text) else None


def _harmless(text):
    # A lead's own braces must not look like a placeholder that was left over, nor make one with a neighbour.
    return re.sub(r"\{(?=\{)", "{ ", text)


def fill(text, values, escape=lambda value: value):
    """The text with each placeholder replaced once. Raises Unusable when one is unknown or malformed."""
    unknown = sorted({name for name in PLACEHOLDER.findall(text) if name not in values})
    if unknown:
        raise Unusable(f"it has placeholders nobody fills: {', '.join(unknown)}")
    if "{{" in PLACEHOLDER.sub("", text):
        raise Unusable("it has braces that are no placeholder")
    return PLACEHOLDER.sub(lambda found: escape(values[found[1]]), text)


def compose(template, values):
    """Subject, HTML and plain text with the lead's data. Escaped in HTML, as it is elsewhere. Raises Unusable."""
    filled = {
        "subject": " ".join(fill(template["subject"], values).split()),
        "html": fill(template["html"], values, html.escape),
        "text": fill(template["text"] or _as_text(template["html"]), values),
    }
    return {part: _harmless(text) for part, text in filled.items()}


def from_notion(answer, overrides=None):
    """The template in a query's answer. Raises Unusable when there is none that can be sent."""
    if answer is None:
        raise Unusable("Notion could not be read")
    page = notion.first_page(answer)
    if page is None:
        raise Unusable("Notion has none of that name")
    names = property_names.of("templates", overrides)
    if notion.value_of(page, names["status"]) == "Inactive":
        raise Unusable("it is Inactive in Notion")
    found = {part: (notion.value_of(page, names[part]) or "").strip() for part in ("subject", "html", "text")}
    for part in ("subject", "html"):
        if not found[part]:
            raise Unusable(f"its {part} is empty in Notion")
    return found


def static(kind, number, folder):
    """The fall-back that is deployed with the flows: `<kind>-<number>.html`, its title as subject, and `.txt`."""
    page, text = (_read(f"{folder}/{kind}-{number}.{form}") for form in ("html", "txt"))
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    return {"subject": html.unescape(title[1]).strip(), "html": page, "text": text}


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class _Text(HTMLParser):
    BLOCKS = frozenset("p div br h1 h2 h3 h4 li tr table ul ol".split())
    HIDDEN = frozenset("style script title head".split())

    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in self.HIDDEN
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        self.hidden -= tag in self.HIDDEN and self.hidden > 0
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def _as_text(page):
    reader = _Text()
    reader.feed(page)
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def request(message, email, sender, tags):
    """The Resend request of one mail. Nothing in it may differ between two tries: same key, other payload is a 409."""
    return {
        "from": sender,
        "to": [email],
        "subject": message["subject"],
        "html": message["html"],
        "text": message["text"],
        "tags": [{"name": name, "value": re.sub(r"[^A-Za-z0-9_-]", "-", str(value))} for name, value in tags.items()],
    }

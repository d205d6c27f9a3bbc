"""What the team is told at once about a lead. It goes to a chat, so a lead's own text is bare words there."""

import unicodedata

from .segment import CRITICAL

NAME_LIMIT = 80


def bare(text, limit=NAME_LIMIT):
    """Text without anything a chat reads as a mention, a link or markup, cut to `limit`."""
    words = " ".join("".join(char if _is_harmless(char) else " " for char in text).split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def _is_harmless(char):
    # Letters of any script with their marks, digits, and what names of businesses are punctuated with.
    return unicodedata.category(char)[0] in "LMN" or char in ".,'&+-"


def critical(lead):
    """The alert for a lead in the CRITICAL segment; None for any other. No address, no person's name."""
    if lead["segment"] != CRITICAL:
        return None
    business, score = bare(lead.get("business_name") or ""), lead.get("assessment_score")
    facts = [f"{lead['red_systems']} red", f"{lead['orange_systems']} orange"]
    if score is not None:
        facts.append(f"score {score}")
    return f"CRITICAL assessment: {business or 'a business without a name'}, {', '.join(facts)}"

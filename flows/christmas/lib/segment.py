"""Which offer a lead gets, from the colours of the assessment; how soon, and in which words."""

CRITICAL, URGENT, OPTIMIZE = "CRITICAL", "URGENT", "OPTIMIZE"

# 1 is called first.
PRIORITIES = {CRITICAL: 1, URGENT: 2, OPTIMIZE: 3}
# What mails call it.
ZONES = {CRITICAL: "Crisis", URGENT: "Warning", OPTIMIZE: "Growth"}


def segment(red, orange):
    """Two red systems are a crisis; one red, or two orange, a warning. Yellow and green play no part."""
    if red >= 2:
        return CRITICAL
    if red == 1 or orange >= 2:
        return URGENT
    return OPTIMIZE

"""Which offer a lead gets, from the colours of the assessment."""

CRITICAL, URGENT, OPTIMIZE = "CRITICAL", "URGENT", "OPTIMIZE"


def segment(red, orange):
    """Two red systems are a crisis; one red, or two orange, a warning. Yellow and green play no part."""
    if red >= 2:
        return CRITICAL
    if red == 1 or orange >= 2:
        return URGENT
    return OPTIMIZE

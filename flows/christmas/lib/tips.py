"""Three small things to do about a system, for the placeholders personalized_tip_1 to 3."""

TIPS = {
    "GPS": (
        "Write your goal for the next quarter in one sentence, and read it to your team.",
        "Choose the one number that tells you each Monday whether you are on course.",
        "Cross one project off your list that does not serve that goal.",
    ),
    "CREW": (
        "Ask each person in your team what slows them down most, and fix one of the answers.",
        "Write down who decides what when you are away.",
        "Give one task you do every week to somebody else, for good.",
    ),
    "ENGINE": (
        "List the steps from a first enquiry to a paid job, and time the slowest one.",
        "Write down the one task that goes wrong most often, as five steps on a page.",
        "Prepare tomorrow's first hour this evening, for two weeks, and compare.",
    ),
    "FUEL": (
        "Look at your bank balance on the same day each week, and write it down.",
        "Send every invoice on the day the work is done.",
        "Find one cost that brought nothing in the last three months, and end it.",
    ),
    "CABIN": (
        "Ask your next five customers what they nearly disliked.",
        "Call one customer you have not seen for half a year.",
        "Choose one moment of a visit, and make it a little better than expected.",
    ),
    "COCKPIT": (
        "Keep two hours a week free of customers, to work on the business.",
        "Write down the three decisions you have put off longest, and take one.",
        "Find one person outside the business who may ask you hard questions.",
    ),
    "RADAR": (
        "Ask each new customer how they found you, and count the answers.",
        "Put the same short offer in the two places that brought most of them.",
        "Stop one kind of advertising for a month, and see whether anybody notices.",
    ),
    "AUTOPILOT": (
        "Let a reminder go out the day before every appointment.",
        "Replace one list you keep by hand with one that keeps itself.",
        "Write down one routine so that a newcomer could do it tomorrow.",
    ),
}
ANY = (
    "Write down what this costs you in an ordinary week.",
    "Change one thing about it by Friday, and only one.",
    "Count again after two weeks, and keep the change only if it helped.",
)


def of(system):
    """The tips for the weakest system; general ones for a system nobody knows."""
    return TIPS.get(str(system).upper(), ANY)

import unittest

from christmas.lib import alerts

LEAD = {
    "email": "ada@example.com",
    "first_name": "Ada",
    "business_name": "Ada's Bakery & Co.",
    "segment": "CRITICAL",
    "red_systems": 3,
    "orange_systems": 1,
    "assessment_score": 40,
}


class Critical(unittest.TestCase):
    def test_tells_the_business_and_the_counts_but_no_person(self):
        self.assertEqual(
            alerts.critical(LEAD), "CRITICAL assessment: Ada's Bakery & Co., 3 red, 1 orange, score 40"
        )

    def test_does_without_a_score_and_without_a_name(self):
        lead = {**LEAD, "business_name": "@@@", "assessment_score": None}
        self.assertEqual(
            alerts.critical(lead), "CRITICAL assessment: a business without a name, 3 red, 1 orange"
        )

    def test_no_other_segment_is_worth_one(self):
        for segment in ("URGENT", "OPTIMIZE"):
            self.assertIsNone(alerts.critical({**LEAD, "segment": segment}))


class Bare(unittest.TestCase):
    def test_leaves_nothing_a_chat_could_act_on(self):
        hostile = "@here <@U1> [a](https://evil.test) `b` *c* _d_ ~e~ |f| #g >h \\i \u202edcba"
        self.assertFalse(set(alerts.bare(hostile)) & set("@<>[]()`*_~|#\\:/\u202e"))

    def test_keeps_names_of_any_script(self):
        for name in ("Café Müller", "Hiếu's Salon", "हिन्दी सैलून", "サロン 7"):
            self.assertEqual(alerts.bare(name), name)

    def test_is_cut(self):
        self.assertEqual(alerts.bare("a" * 81), "a" * 79 + "…")
        self.assertEqual(alerts.bare("a" * 80), "a" * 80)

import unittest
from datetime import datetime, timedelta, timezone

from christmas.lib import payload

NOW = datetime(2025, 11, 29, 12, tzinfo=timezone.utc)
ASSESSMENT = {"email": "ada@example.com", "red_systems": 2, "orange_systems": 1, "email_1_sent_at": "2025-11-29T10:30:00Z"}


def reasons(call, *args):
    try:
        call(*args)
    except payload.Rejected as rejected:
        return rejected.reasons
    raise AssertionError("accepted")


class Body(unittest.TestCase):
    def test_anything_but_an_object_is_rejected(self):
        for body, shape in [(None, "nothing"), ("", "text of 0"), ("{", "text of 1"), ([1], "a list of 1"), (3, "a whole number")]:
            self.assertIn(f"got {shape}", reasons(payload.signup, body)[0])

    def test_every_fault_is_named_at_once(self):
        found = reasons(payload.assessment, {"email": 1, "red_systems": "2", "orange_systems": 9}, NOW)
        self.assertEqual([reason.split(":")[0] for reason in found], ["email", "red_systems", "orange_systems"])

    def test_a_reason_never_repeats_the_value(self):
        found = reasons(payload.assessment, {**ASSESSMENT, "email": "secret value", "email_1_status": "secret"}, NOW)
        self.assertNotIn("secret", " ".join(found))


class Email(unittest.TestCase):
    def test_addresses_that_are_refused(self):
        for bad in ["", "ada", "@x.de", "ada@", "ada@x", "a b@x.de", "ada@x..de", ".a@x.de", "a..b@x.de", "a@-x.de", "a\n@x.de", "a@x.de,b@x.de",
                    "Ada <a@x.de>", "a@x.de\r\nBcc: b@x.de", "é@x.de", "a" * 65 + "@x.de", "a@" + "x" * 200 + ".de", None, 5, True, {}, []]:
            self.assertTrue(reasons(payload.signup, {"email": bad})[0].startswith("email:"), bad)

    def test_addresses_are_trimmed_and_lower_case(self):
        self.assertEqual(payload.signup({"email": " Ada+Tag@Example.COM "})[0]["email"], "ada+tag@example.com")


class Names(unittest.TestCase):
    def test_defaults(self):
        self.assertEqual(payload.signup({"email": "a@x.de"})[0]["first_name"], "Unknown")
        self.assertEqual(payload.assessment(ASSESSMENT, NOW)[0]["first_name"], "there")
        self.assertEqual(payload.assessment(ASSESSMENT, NOW)[0]["business_name"], "your business")

    def test_name_goes_before_first_name(self):
        self.assertEqual(payload.signup({"email": "a@x.de", "name": "Ada Park", "first_name": "Ada"})[0]["first_name"], "Ada Park")

    def test_name_is_the_first_name_of_whoever_gave_it(self):
        for names, given in [({"name": "Ada"}, ["first_name"]), ({"first_name": "Ada"}, ["first_name"]), ({}, [])]:
            self.assertEqual(payload.signup({"email": "a@x.de", **names})[0]["given"], given)

    def test_control_characters_become_one_space(self):
        self.assertEqual(payload.clean("Ada\r\n\tPark\x00 \u2028x"), "Ada Park x")

    def test_half_a_surrogate_pair_does_not_survive(self):
        payload.clean("Ada \ud800").encode("utf-8")

    def test_long_text_is_cut(self):
        self.assertEqual(len(payload.clean("x" * 5000)), payload.NAME_LIMIT)

    def test_given_tells_a_default_from_a_value(self):
        lead, _ = payload.signup({"email": "a@x.de", "first_name": "   ", "business_name": "B"})
        self.assertEqual(lead["given"], ["business_name"])

    def test_another_type_is_rejected(self):
        self.assertIn("first_name: expected text, got a list", reasons(payload.signup, {"email": "a@x.de", "first_name": []})[0])


class Counts(unittest.TestCase):
    def test_bounds(self):
        for value in (0, 8):
            self.assertEqual(payload.assessment({**ASSESSMENT, "red_systems": value}, NOW)[0]["red_systems"], value)
        for value in (-1, 9, 2.0, "2", True, None, 10**30):
            self.assertTrue(reasons(payload.assessment, {**ASSESSMENT, "red_systems": value}, NOW)[0].startswith("red_systems:"), value)

    def test_a_sum_other_than_eight_warns_only_when_all_four_are_there(self):
        self.assertEqual(payload.assessment(ASSESSMENT, NOW)[2], [])
        four = {**ASSESSMENT, "yellow_systems": 2, "green_systems": 3}
        self.assertEqual(payload.assessment(four, NOW)[2], [])
        self.assertIn("add up to 8", payload.assessment({**four, "green_systems": 1}, NOW)[2][0])


class Bounds(unittest.TestCase):
    NUMBERS = [("red_systems", 8), ("orange_systems", 8), ("yellow_systems", 8), ("green_systems", 8),
               ("assessment_score", 100), ("gps_score", 100), ("money_score", 100), ("revenue_leak_total", 1_000_000_000)]

    def test_each_number_is_taken_from_zero_to_its_most_and_no_further(self):
        for field, most in self.NUMBERS:
            for value in (0, most):
                self.assertEqual(payload.assessment({**ASSESSMENT, field: value}, NOW)[0].get(field), value, field)
            for value in (-1, most + 1):
                found = reasons(payload.assessment, {**ASSESSMENT, field: value}, NOW)
                self.assertEqual(found, [f"{field}: expected a whole number from 0 to {most}, got a whole number; send a JSON integer such as 1"])

    def test_what_has_no_number(self):
        lead = payload.assessment(ASSESSMENT, NOW)[0]
        self.assertEqual((lead["yellow_systems"], lead["green_systems"], lead.get("assessment_score")), (0, 0, None))
        body = {key: value for key, value in ASSESSMENT.items() if key not in ("red_systems", "orange_systems")}
        self.assertEqual([reason.split(":")[0] for reason in reasons(payload.assessment, body, NOW)], ["red_systems", "orange_systems"])

    def test_an_amount_of_money(self):
        paid = {"email": "a@x.de", "payment_status": "paid"}
        for value in (0, 0.5, 10_000_000):
            self.assertEqual(payload.onboarding({**paid, "payment_amount": value})[0]["payment_amount"], value)
        for value in (-0.5, 10_000_000.5, True, "1"):
            self.assertIn("payment_amount: expected a number from 0 to 10000000", reasons(payload.onboarding, {**paid, "payment_amount": value})[0])

    def test_an_address_of_the_most_characters(self):
        longest = "a" * 64 + "@" + "b" * 132 + ".de"
        self.assertEqual(len(longest), 200)
        self.assertEqual(payload.signup({"email": longest})[0]["email"], longest)
        self.assertTrue(reasons(payload.signup, {"email": longest + "x"})[0].startswith("email:"))

    def test_texts_are_cut_at_what_notion_takes(self):
        lead, _ = payload.postcall({"email": "a@x.de", "first_name": "x" * 300, "call_notes": "x" * 3000, "objections": ["x"] * 30})
        self.assertEqual((len(lead["first_name"]), len(lead["call_notes"]), lead["objections"].count("x")), (200, 2000, 20))


class Email1(unittest.TestCase):
    def test_a_missing_moment_is_now_and_a_warning(self):
        body = {key: value for key, value in ASSESSMENT.items() if key != "email_1_sent_at"}
        _, email_1, warnings = payload.assessment(body, NOW)
        self.assertEqual(email_1, {"sent_at": "2025-11-29T12:00:00.000Z", "status": "sent"})
        self.assertIn("email_1_sent_at is missing", warnings[0])

    def test_offsets_and_fractions(self):
        for text, expected in [("2025-11-29T11:30:00+01:00", "10:30:00.000"), ("2025-11-29T10:30:00.5Z", "10:30:00.500"),
                               ("2025-11-29T10:30:00.123456789Z", "10:30:00.123"), ("2025-11-29T03:30:00-0700", "10:30:00.000")]:
            _, email_1, _ = payload.assessment({**ASSESSMENT, "email_1_sent_at": text}, NOW)
            self.assertEqual(email_1["sent_at"], f"2025-11-29T{expected}Z")

    def test_moments_that_are_rejected(self):
        old, late = NOW - timedelta(days=30, seconds=1), NOW + timedelta(hours=24, seconds=1)
        for value in ["soon", "", "2025-11-29T10:30:00", "2025-11-29", "9999-12-31T23:59:59-14:00", 5, [], old.isoformat(), late.isoformat()]:
            self.assertTrue(reasons(payload.assessment, {**ASSESSMENT, "email_1_sent_at": value}, NOW)[0].startswith("email_1_sent_at:"), value)

    def test_moments_just_inside_are_taken(self):
        for moment in (NOW - timedelta(days=30), NOW + timedelta(hours=24)):
            payload.assessment({**ASSESSMENT, "email_1_sent_at": moment.isoformat()}, NOW)

    def test_failed_warns_and_other_words_are_rejected(self):
        self.assertIn("never sends", payload.assessment({**ASSESSMENT, "email_1_status": "failed"}, NOW)[2][0])
        for value in ("Sent", "", 1, ["sent"]):
            self.assertTrue(reasons(payload.assessment, {**ASSESSMENT, "email_1_status": value}, NOW)[0].startswith("email_1_status:"))


class NoShow(unittest.TestCase):
    def test_the_address_is_enough(self):
        lead, warnings = payload.noshow({"email": "a@x.de"})
        self.assertEqual((lead["first_name"], lead["business_name"], warnings), ("there", "your business", []))

    def test_aliases(self):
        lead, _ = payload.noshow({"email": "a@x.de", "calendly_event_uri": "evt", "meeting_time": "2025-12-10T15:00:00+01:00"})
        self.assertEqual((lead["calendly_event_id"], lead["scheduled_time"]), ("evt", "2025-12-10T14:00:00.000Z"))

    def test_an_alias_of_a_wrong_type_is_refused_beside_its_field_too(self):
        body = {"email": "a@x.de", "calendly_event_id": "a", "calendly_event_uri": 1, "scheduled_time": "2025-12-10", "meeting_time": "soon"}
        self.assertEqual({reason.split(":")[0] for reason in reasons(payload.noshow, body)}, {"calendly_event_uri", "meeting_time"})
        self.assertIn("objection:", reasons(payload.postcall, {"email": "a@x.de", "objections": ["a"], "objection": 1})[0])

    def test_the_field_goes_before_its_alias(self):
        lead, _ = payload.noshow({"email": "a@x.de", "calendly_event_uri": "b", "calendly_event_id": "a"})
        self.assertEqual(lead["calendly_event_id"], "a")

    def test_a_time_that_cannot_be_read_is_rejected(self):
        for value in ("soon", 5, [], "2025-12-10T14:00:00", "2025-13-40"):
            found = reasons(payload.noshow, {"email": "a@x.de", "scheduled_time": value})
            self.assertTrue(found[0].startswith("scheduled_time: expected an ISO 8601 moment"), value)

    def test_a_day_stays_a_day(self):
        self.assertEqual(payload.noshow({"email": "a@x.de", "scheduled_time": "2025-12-10"})[0]["scheduled_time"], "2025-12-10")


class PostCall(unittest.TestCase):
    def test_defaults(self):
        lead, warnings = payload.postcall({"email": "a@x.de"})
        self.assertEqual((lead["call_outcome"], lead["follow_up_priority"], warnings), ("maybe", "Medium", []))

    def test_interest_is_the_priority_unless_one_is_given(self):
        for body, priority in [({"interest_level": "HIGH"}, "High"), ({"interest_level": "low", "follow_up_priority": "High"}, "High"),
                               ({"interest_level": "lukewarm"}, None), ({"follow_up_priority": "medium"}, "Medium")]:
            self.assertEqual(payload.postcall({"email": "a@x.de", **body})[0].get("follow_up_priority"), priority, body)

    def test_another_priority_is_rejected(self):
        found = reasons(payload.postcall, {"email": "a@x.de", "follow_up_priority": "urgent"})
        self.assertEqual(found[0], "follow_up_priority: expected High, Medium or Low, got text of 6 characters; send one of the three, or leave it out")

    def test_objections_are_a_list_or_one_text(self):
        for body, text in [({"objections": ["price", " ", "time"]}, "price; time"), ({"objection": "price"}, "price"), ({"objections": []}, None)]:
            self.assertEqual(payload.postcall({"email": "a@x.de", **body})[0].get("objections"), text)
        self.assertIn("objections: expected a list of texts, got a list of 2", reasons(payload.postcall, {"email": "a@x.de", "objections": ["a", 1]})[0])

    def test_notes_are_cut(self):
        self.assertEqual(len(payload.postcall({"email": "a@x.de", "call_notes": "x" * 9000})[0]["call_notes"]), payload.NOTE_LIMIT)

    def test_another_outcome_warns(self):
        self.assertIn("not maybe", payload.postcall({"email": "a@x.de", "call_outcome": "won"})[1][0])
        self.assertEqual(payload.postcall({"email": "a@x.de", "call_outcome": "Maybe"})[1], [])


class Onboarding(unittest.TestCase):
    def test_only_paid_starts_it(self):
        for body, starts in [({"payment_status": "paid"}, True), ({"payment_confirmed": True}, True), ({}, False), ({"payment_status": "Paid"}, False),
                             ({"payment_status": " paid"}, False), ({"payment_status": "completed"}, False), ({"payment_confirmed": False}, False),
                             ({"payment_status": "paid", "payment_confirmed": False}, True)]:
            self.assertIs(payload.onboarding({"email": "a@x.de", **body})[1], starts, body)

    def test_anything_else_warns(self):
        self.assertEqual(payload.onboarding({"email": "a@x.de"})[2], ["payment_status is missing: onboarding does not start, nothing is sent"])
        for status, said in [("pending", "is 'pending', not 'paid'"), (" paid", "is ' paid', not 'paid'"), ("paid\n", r"is 'paid\n', not 'paid'"),
                             ("  ", "is '  ', not 'paid'"), ("x" * 50, f"is '{'x' * 40}', not 'paid'"), (None, "is missing")]:
            warning = f"payment_status {said}: onboarding does not start, nothing is sent"
            self.assertEqual(payload.onboarding({"email": "a@x.de", "payment_status": status})[2], [warning])

    def test_a_wrong_type_is_rejected(self):
        for field, value in [("payment_status", True), ("payment_confirmed", "true"), ("payment_amount", "4500"), ("payment_amount", -1),
                             ("docusign_signed", 1), ("contract_value", []), ("observation_dates", [1]), ("start_date", "soon")]:
            found = reasons(payload.onboarding, {"email": "a@x.de", "payment_status": "paid", field: value})
            self.assertTrue(found[0].startswith(f"{field}: expected"), (field, value))

    def test_a_contract_that_is_not_signed_only_warns(self):
        _, starts, warnings = payload.onboarding({"email": "a@x.de", "payment_status": "paid", "docusign_signed": False})
        self.assertEqual((starts, warnings), (True, ["the contract is not signed yet"]))

    def test_details_reach_the_lead(self):
        lead, _, _ = payload.onboarding({"email": "a@x.de", "payment_status": "paid", "payment_amount": 12.5, "observation_dates": ["2026-01-12", "2026-01-13"],
                                         "start_date": "2026-01-12", "salon_address": "Main Street 1"})
        self.assertEqual((lead["payment_amount"], lead["observation_dates"], lead["start_date"], lead["salon_address"], lead["package_type"]),
                         (12.5, "2026-01-12; 2026-01-13", "2026-01-12", "Main Street 1", "foundation"))


if __name__ == "__main__":
    unittest.main()

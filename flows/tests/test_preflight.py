import unittest

from christmas.lib import analytics, contact, health, names, preflight, project, tracker

SETTINGS = {"deadline_date": "2025-12-05"}


def live(database, **changes):
    rows = preflight.compare(database, {})
    options = {row["property"]: [{"name": option} for option in row["lacks"]] for row in rows}
    return {row["property"]: {"type": row["expected"], row["expected"]: {"options": options[row["property"]]}} for row in rows} | changes


class Compare(unittest.TestCase):
    def test_what_is_missing_mistyped_or_near_is_said(self):
        found = live("contacts", Segment={"type": "status"}, email={"type": "email"})
        del found["Email"]
        self.assertEqual(
            preflight.faults(preflight.compare("contacts", found)),
            ['"Email" (email) is missing, it has "email"', '"Segment" is status and should be select'],
        )

    def test_an_override_renames_and_none_leaves_out(self):
        overrides = {"contacts": {"email": "email", "phase": None}}
        found = live("contacts", email={"type": "email"})
        del found["Email"], found["Phase"]
        self.assertEqual(preflight.faults(preflight.compare("contacts", found, overrides)), [])

    def test_an_option_that_the_flows_filter_by_must_be_there(self):
        found = live("tracker")
        self.assertEqual(preflight.faults(preflight.compare("tracker", found)), [])
        found["Sequence Type"]["select"]["options"] = [{"name": "noshow"}, {"name": "5day"}]
        self.assertEqual(
            preflight.faults(preflight.compare("tracker", found)),
            ['"Sequence Type" has no option "postcall", "onboarding", by which the flows filter: add it there'],
        )

    def test_the_five_mails_of_the_tracker_are_all_looked_for(self):
        rows = [row["property"] for row in preflight.compare("tracker", {})]
        self.assertEqual([name for name in rows if name.endswith("Status")], [f"Email {n} Status" for n in range(1, 6)])


class Types(unittest.TestCase):
    """The map states the types; the writes state them once more, and must say the same."""

    def test_every_write_uses_the_type_of_the_map(self):
        keys = {key for database in names.PROPERTIES.values() for key in database}
        numbers = {"assessment_score", "payment_amount", *tracker.NUMBERS}
        lead = {key: 1 if key in numbers else "x" for key in keys} | {"given": ["first_name", "business_name"]}
        dues = {"status": "Signed Up", "signup_date": "x", "booking_status": "x", "phase": "x"}
        result = {"status": "sent", "at": "x", "resend_id": "x", "error": "x"}
        writes = {
            "contacts": [contact.request(lead, None, "s", **dues)],
            "tracker": [
                tracker.request(lead, "5day", None, "s", "x", {"status": "sent", "sent_at": "x"}, [2]),
                tracker.delivery(lead, "5day", 5, "p", "s", result, True),
            ],
            "analytics": [analytics.request("x", "x", 2, result, "kestra", "s")],
            "projects": [project.request(lead, "s", "x")],
        }
        for database, requests in writes.items():
            types = {row["property"]: row["expected"] for row in preflight.compare(database, {})}
            written = {name: next(iter(value)) for one in requests for name, value in one["body"]["properties"].items()}
            self.assertEqual(written, {name: types.get(name) for name in written}, database)
            self.assertGreater(len(written), len(names.PROPERTIES[database]) // 2, database)


class Judge(unittest.TestCase):
    def test_nothing_answered_is_one_fault_a_service(self):
        judged = health.judge({"secrets": {"NOTION_TOKEN": True, "RESEND_API_KEY": True}, "sender": "a", "settings": SETTINGS, **dict.fromkeys(
            ("sources", "token_answer", "database_answers", "template_answer", "resend_answer"))})
        self.assertEqual(
            judged["faults"], ["NOTION_TOKEN: Notion gives no answer", "RESEND_API_KEY: Resend gives no answer"]
        )

    def test_a_key_that_may_only_send_is_as_good_as_any(self):
        given = {"secrets": {"RESEND_API_KEY": True}, "sender": "a", "settings": SETTINGS, "resend_answer": {"code": 401, "body": '{"name":"restricted_api_key"}'}}
        judged = health.judge(given)
        self.assertEqual((judged["faults"], judged["sender"]), (["NOTION_TOKEN: the server has no such secret"], "a"))


if __name__ == "__main__":
    unittest.main()

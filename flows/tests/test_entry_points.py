import json
import unittest

from christmas.lib import sequences, tasks
from tests.test_tasks import run

LEAD = {"email": "a@x.de", "first_name": "Ada", "business_name": "B", "given": ["first_name", "business_name"]}
EMAIL_1 = {"sent_at": "2025-12-01T09:00:00.000Z", "status": "sent"}
SOURCES = {"contacts": "c", "tracker": "t", "analytics": "a", "projects": "p"}
SETTINGS = {"from": "Coach <coach@example.com>", "deadline_date": "2099-12-05"}
NOTHING = json.dumps({"results": []})
SEQUENCE = {"lead": LEAD, "sequence_type": "5day", "email_1": EMAIL_1, "base": "2099-12-01T09:00:00Z", "minute_seconds": 60,
            "sources": SOURCES, "contact_answer": NOTHING, "row_answer": NOTHING}
MAIL = {"lead": LEAD, "sequence_type": "5day", "email_number": 2, "template": "5-Day E2", "sources": SOURCES, "deployment": "d",
        "settings": SETTINGS, "contact_answer": NOTHING, "row_answer": NOTHING}


def page(page_id, **values):
    """A page of Notion's with properties as (type, value)."""
    wrapped = {
        "title": lambda text: [{"plain_text": text}],
        "rich_text": lambda text: [{"plain_text": text}],
        "select": lambda name: {"name": name},
        "date": lambda day: {"start": day},
    }
    return {"id": page_id, "properties": {name: {"type": kind, kind: wrapped[kind](value)} for name, (kind, value) in values.items()}}


def found(*pages):
    return json.dumps({"results": pages})


TEMPLATE = found(page("5", **{"Subject Line": ("rich_text", "Hi {{first_name}}"), "Email Body HTML": ("rich_text", "<p>{{business_name}}</p>")}))
CONTACT = page("c1", **{"Last Email Sent": ("date", "2025-12-01"), "Christmas Campaign Status": ("select", "Nurture Sequence")})
ROW = page("r1", **{"Sequence Type": ("select", "5day")})


class EntryPoint(unittest.TestCase):
    def outputs(self, entry, given):
        printed, code = run(json.dumps(given), entry)
        self.assertEqual(code, 0, printed)
        return json.loads(printed.strip().splitlines()[-1][2:-2])["outputs"]

    def refusal(self, entry, given):
        printed, code = run(json.dumps(given), entry)
        self.assertEqual(code, 1)
        return json.loads(printed.strip()[2:-2])["logs"][0]["message"]


class PlanContact(EntryPoint):
    GIVEN = {"lead": LEAD, "sources": SOURCES}

    def test_a_new_contact_and_one_that_is_there(self):
        made = self.outputs(tasks.plan_contact, {**self.GIVEN, "contact_answer": NOTHING})
        self.assertEqual((made["request"]["method"], made["request"]["body"]["parent"]["data_source_id"], made["warnings"]), ("POST", "c", []))

        kept = self.outputs(tasks.plan_contact, {**self.GIVEN, "contact_answer": found(CONTACT)})
        self.assertEqual((kept["request"], "missed" in kept), (None, False))
        self.assertRegex(kept["warnings"][0], "^the contacts database lacks .*Business Name.*: not written$")

    def test_a_notion_that_could_not_be_read(self):
        lost = self.outputs(tasks.plan_contact, self.GIVEN)
        self.assertEqual((lost["request"], lost["missed"]["contact"]["method"]), (None, "POST"))
        self.assertEqual(lost["warnings"], ["Notion could not be read: the contact was not written"])

    def test_names_of_the_deployment(self):
        made = self.outputs(tasks.plan_contact, {**self.GIVEN, "contact_answer": NOTHING, "overrides": {"contacts": {"email": "email"}}})
        self.assertEqual(made["request"]["body"]["properties"]["email"], {"email": "a@x.de"})


class PlanSequence(EntryPoint):
    def plan(self, **changes):
        return self.outputs(tasks.plan_sequence, {**SEQUENCE, **changes})

    def test_a_new_lead(self):
        plan = self.plan()
        self.assertEqual([(mail["number"], mail["template"]) for mail in plan["mails"]], [(n, f"5-Day E{n}") for n in (2, 3, 4, 5)])
        self.assertEqual((plan["scheduled"], plan["row_id"], plan["warnings"]), ([2, 3, 4, 5], None, []))
        self.assertEqual((plan["contact"]["method"], plan["row"]["method"], plan["missed"]), ("POST", "POST", {"contact": None, "row": None}))

    def test_the_website_s_mail_1_is_told_once(self):
        properties = self.plan()["analytics"]["body"]["properties"]
        said = {name: properties[name] for name in ("Email Number", "Status", "Sent By", "Sent Date")}
        self.assertEqual(said, {"Email Number": {"number": 1}, "Status": {"select": {"name": "sent"}}, "Sent By": {"select": {"name": "website"}},
                                "Sent Date": {"date": {"start": EMAIL_1["sent_at"]}}})
        self.assertEqual(properties["Template ID"]["rich_text"][0]["text"]["content"], "5-Day E1")

        told = found(page("r1", **{"Sequence Type": ("select", "5day"), "Email 1 Sent": ("date", "2025-12-01")}))
        told_2 = found(page("r1", **{"Sequence Type": ("select", "5day"), "Email 2 Sent": ("date", "2025-12-01")}))
        for changes in ({"scheduled": [2]}, {"email_1": None}, {"row_answer": told}):
            self.assertIsNone(self.plan(**changes)["analytics"], changes)
        self.assertIsNotNone(self.plan(row_answer=told_2)["analytics"])

    def test_a_row_that_says_when_mail_1_went_keeps_that_moment(self):
        told = found(page("r1", **{"Sequence Type": ("select", "5day"), "Email 1 Sent": ("date", "2025-11-30")}))
        told_2 = found(page("r1", **{"Sequence Type": ("select", "5day"), "Email 2 Sent": ("date", "2025-12-01")}))
        self.assertNotIn("Email 1 Sent", self.plan(row_answer=told)["row"]["body"]["properties"])
        self.assertIn("Email 1 Sent", self.plan(row_answer=told_2)["row"]["body"]["properties"])

    def test_what_could_not_be_read_is_told_for_each(self):
        for answer, key, warning in [("contact_answer", "contact", "the contact was not written"), ("row_answer", "row", "the tracker row was not written")]:
            plan = self.plan(**{answer: None})
            other = {"contact": "row", "row": "contact"}[key]
            self.assertEqual((plan[key], plan["missed"][other]), (None, None))
            self.assertEqual((plan["missed"][key]["method"], plan[other]["method"]), ("POST", "POST"))
            self.assertEqual(plan["warnings"], [f"Notion could not be read: {warning}"])

    def test_names_of_the_deployment(self):
        plan = self.plan(overrides={"tracker": {"email": "email"}})
        self.assertEqual(plan["row"]["body"]["properties"]["email"], {"email": "a@x.de"})


class FillMail(EntryPoint):
    def fill(self, **changes):
        return self.outputs(tasks.fill_mail, {**MAIL, "template_answer": TEMPLATE, **changes})

    def test_a_mail_from_notion(self):
        filled = self.fill()
        self.assertEqual((filled["action"], filled["template_source"], filled["warnings"]), ("send", "notion", []))
        self.assertEqual((filled["request"]["to"], filled["request"]["subject"]), (["a@x.de"], "Hi Ada"))

    def test_a_contact_that_is_there_gets_the_moment_and_one_that_is_not_is_kept_for_later(self):
        moment = {"properties": {"Last Email Sent": {"date": {"start": tasks.SENT_AT}}}}
        there = self.fill(contact_answer=found(CONTACT))
        self.assertEqual((there["contact"]["path"], there["contact"]["body"], there["missed"]["contact"]), ("v1/pages/c1", moment, None))
        for answer in (NOTHING, None):
            gone = self.fill(contact_answer=answer)
            self.assertEqual((gone["contact"], gone["missed"]["contact"]), (None, {"body": moment}))
        unnamed = self.fill(contact_answer=found(CONTACT), overrides={"contacts": {"last_email_sent": None}})
        self.assertIsNone(unnamed["contact"])

    def test_a_lead_that_no_handler_sends_is_refused(self):
        for lead in ("a@x.de", None, {}, {"email": 5}):
            self.assertIn("lead: expected an object with an email", self.refusal(tasks.fill_mail, {**MAIL, "lead": lead}))
        self.assertIn("template: expected 5-Day E2", self.refusal(tasks.fill_mail, {**MAIL, "template": "5-Day E3"}))
        self.assertIn("refused: email_number: 1 of 5day", self.refusal(tasks.fill_mail, {**MAIL, "email_number": 1}))

    def test_the_ledger_says_why(self):
        for entry, why in [({"at": "2025-12-01"}, "this mail went out before; it is not sent again"),
                           ({"stopped": "2025-12-01"}, "this mail was stopped by hand; it is not sent")]:
            self.assertEqual(self.fill(ledger_entry=entry), {"action": "already_sent", "warnings": [why]})

    def test_nothing_goes_to_whoever_has_left(self):
        left = self.fill(contact_answer=found(page("c1", **{"Christmas Campaign Status": ("select", "Unsubscribed")})), row_answer=found(ROW))
        self.assertEqual((left["action"], left["row"]["path"], left["missed"]), ("unsubscribed", "v1/pages/r1", {"row": None}))
        self.assertEqual(left["row"]["body"]["properties"]["Email 2 Status"], {"select": {"name": "skipped"}})


class Rows(EntryPoint):
    """Which row a mail's facts go to."""

    def row(self, **changes):
        return self.outputs(tasks.record_failure, {**MAIL, "error": "500", **changes})["row"]

    def test_the_handler_s_own_the_first_that_is_found_or_a_new_one(self):
        second = page("r2", **{"Sequence Type": ("select", "5day")})
        for changes, path in [({"row_id": "r9"}, "v1/pages/r9"), ({"row_id": "r9", "row_answer": None}, "v1/pages/r9"),
                              ({"row_id": "r9", "row_answer": found(ROW)}, "v1/pages/r9"), ({"row_answer": found(ROW, second)}, "v1/pages/r1"),
                              ({"row_answer": NOTHING}, "v1/pages")]:
            self.assertEqual(self.row(**changes)["path"], path, changes)
        self.assertIsNone(self.row(row_answer=None))

    def test_the_last_mail_of_each_sequence_completes_it(self):
        for kind, last in {"5day": 5, "noshow": 3, "postcall": 3, "onboarding": 3}.items():
            for number in (last - 1, last):
                name = sequences.template_name(kind, number)
                filled = self.outputs(tasks.fill_mail, {**MAIL, "sequence_type": kind, "email_number": number, "template": name, "row_id": "r1",
                                                        "template_answer": TEMPLATE})
                completed = filled["row"]["body"]["properties"].get("Sequence Completed")
                self.assertEqual(completed, {"checkbox": True} if number == last else None, (kind, number))


if __name__ == "__main__":
    unittest.main()

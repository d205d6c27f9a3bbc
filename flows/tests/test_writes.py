import ast
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from christmas.lib import analytics, contact, notion, project, tracker

FLOWS = Path(__file__).parent.parent / "christmas"
LEAD = {"email": "a@x.de", "first_name": "Ada", "business_name": "B", "given": ["first_name", "business_name"]}


def page(**values):
    kinds = {"first_name": "title", "Business Name": "rich_text", "Christmas Campaign Status": "select", "Signup Date": "date",
             "Email": "email", "Assessment Score": "number", "Segment": "select", "Last Email Sent": "date",
             "Booking Status": "select", "Phase": "select", "Diagnostic Call Date": "date"}
    properties = {}
    for name, kind in kinds.items():
        value = values.get(name)
        wrapped = {"title": [{"plain_text": value}] if value else [], "rich_text": [{"plain_text": value}] if value else [],
                   "select": {"name": value} if value else None, "date": {"start": value} if value else None}.get(kind, value)
        properties[name] = {"type": kind, kind: wrapped}
    return {"id": "page-1", "properties": properties}


class Contact(unittest.TestCase):
    def test_a_new_contact_gets_everything(self):
        request = contact.request(LEAD, None, "src", signup_date="2025-11-29T10:30:00Z", status="Signed Up")
        self.assertEqual((request["method"], request["body"]["parent"]["data_source_id"]), ("POST", "src"))
        self.assertEqual(sorted(request["body"]["properties"]), ["Business Name", "Christmas Campaign Status", "Email", "Signup Date", "first_name"])

    def test_a_status_only_rises(self):
        for old, new, written in [(None, "Signed Up", True), ("Signed Up", "Nurture Sequence", True), ("Nurture Sequence", "Signed Up", False),
                                  ("Unsubscribed", "Nurture Sequence", False), ("Set by hand", "Nurture Sequence", False), ("Signed Up", "Signed Up", False)]:
            request = contact.request(LEAD, page(**{"Christmas Campaign Status": old}), "src", status=new)
            self.assertEqual("Christmas Campaign Status" in request["body"]["properties"], written, (old, new))

    def test_a_default_never_replaces_what_is_there(self):
        lead = {**LEAD, "first_name": "Unknown", "business_name": "", "given": []}
        filled = page(first_name="Ada", **{"Business Name": "B", "Christmas Campaign Status": "Signed Up", "Signup Date": "2025-11-01"})
        self.assertIsNone(contact.request(lead, filled, "src", signup_date="2025-11-29T10:30:00Z", status="Signed Up"))

    def test_a_name_that_was_given_replaces_one_that_is_there_and_a_default_fills_an_empty_one(self):
        ada = {"first_name": {"title": [{"text": {"content": "Ada"}}]}}
        for given, there in [(["first_name"], "Bob"), ([], None)]:
            written = contact.request({**LEAD, "given": given}, page(first_name=there), "src")
            self.assertEqual(written["body"]["properties"], ada)

    def test_a_property_the_database_lacks_is_left_out_and_named(self):
        there = page()
        del there["properties"]["Business Name"]
        self.assertNotIn("Business Name", contact.request(LEAD, there, "src", status="Signed Up")["body"]["properties"])
        self.assertEqual(contact.lacking(there), ["Business Name"])

    def test_names_can_be_overridden_or_switched_off(self):
        request = contact.request(LEAD, None, "src", {"contacts": {"email": "email", "business_name": None}}, status="Signed Up")
        self.assertIn("email", request["body"]["properties"])
        self.assertNotIn("Business Name", request["body"]["properties"])


class Project(unittest.TestCase):
    def test_a_page_with_what_is_known(self):
        body = project.request({**LEAD, "diagnostic_call_date": "2025-12-10"}, "src", "2025-12-12T10:00:00.000Z")["body"]
        self.assertEqual(body["parent"]["data_source_id"], "src")
        self.assertEqual(body["properties"]["Name"]["title"][0]["text"]["content"], "B")
        self.assertEqual(body["properties"]["Diagnostic Call Date"], {"date": {"start": "2025-12-10"}})


class Tracker(unittest.TestCase):
    def test_what_the_webhook_told_stands_in_the_row(self):
        lead = {**LEAD, "objections": "price", "payment_amount": 4500, "payment_date": "2025-12-12"}
        props = tracker.request(lead, "postcall", None, "src", "2025-11-29T10:30:00Z", None, [1])["body"]["properties"]
        self.assertEqual((props["Payment Amount"], props["Payment Date"]), ({"number": 4500}, {"date": {"start": "2025-12-12"}}))
        self.assertEqual(props["Segment"], {"select": {"name": "OPTIMIZE"}})

    def test_a_default_never_replaces_a_name_in_the_row(self):
        nameless = {**LEAD, "first_name": "there", "business_name": "your business", "given": []}
        props = tracker.request(nameless, "noshow", {"id": "row", "properties": {}}, "src", "2025-11-29T10:30:00Z", None, [])["body"]["properties"]
        self.assertEqual([name for name in ("Name", "First Name", "Business Name") if name in props], [])

    def test_a_new_row_has_mail_1_by_the_website_and_the_rest_scheduled(self):
        email_1 = {"status": "sent", "sent_at": "2025-11-29T10:30:00Z"}
        props = tracker.request(LEAD, "5day", None, "src", "2025-11-29T10:30:00Z", email_1, [2, 3])["body"]["properties"]
        self.assertEqual(props["Email 1 Sent By"], {"select": {"name": "website"}})
        self.assertEqual(props["Email 1 Sent"], {"date": {"start": "2025-11-29T10:30:00Z"}})
        self.assertEqual(props["Email 3 Status"], {"select": {"name": "scheduled"}})
        self.assertNotIn("Email 4 Status", props)

    def test_a_failed_mail_1_has_no_moment(self):
        props = tracker.request(LEAD, "5day", None, "src", "x", {"status": "failed", "sent_at": "2025-11-29T10:30:00Z"}, [])["body"]["properties"]
        self.assertEqual(props["Email 1 Status"], {"select": {"name": "failed"}})
        self.assertNotIn("Email 1 Sent", props)

    def test_sent_failed_and_skipped(self):
        def props(status, last=False):
            result = {"status": status, "at": "2025-11-30T10:30:00Z", "resend_id": "id"}
            return tracker.delivery(LEAD, "5day", 5, "row-1", "src", result, last)["body"]["properties"]

        self.assertEqual(props("sent", True)["Sequence Completed"], {"checkbox": True})
        self.assertEqual(props("sent")["Last Email Sent"], {"number": 5})
        self.assertNotIn("Email 5 Sent", props("failed"))
        self.assertNotIn("Last Email Sent", props("skipped"))

    def test_a_row_nobody_made_is_made(self):
        request = tracker.delivery(LEAD, "5day", 2, None, "src", {"status": "sent", "at": "2025-11-30T10:30:00Z"}, False)
        self.assertEqual(request["method"], "POST")
        self.assertEqual(request["body"]["properties"]["Email"], {"email": "a@x.de"})


def row(type_name=None, prefect=None, **dates):
    properties = {"Sequence Type": {"type": "select", "select": {"name": type_name} if type_name else None}}
    if prefect:
        properties["Template Type"] = {"type": "select", "select": {"name": prefect}}
    for name, date in dates.items():
        properties[f"Email {name[1:]} Sent"] = {"type": "date", "date": {"start": date}}
    return {"id": f"{type_name}-{prefect}", "properties": properties}


class RowsOfPrefect(unittest.TestCase):
    ROWS = [row(), row("5day"), row(None, "No-Show Recovery"), row(None, "Onboarding"), row(None, "Post-Call Follow-Up"), row("noshow")]

    def test_a_row_without_a_sequence_is_of_the_one_that_prefect_meant_and_kestras_own_comes_first(self):
        answer = json.dumps({"results": self.ROWS})
        ids = {kind: [one["id"] for one in tracker.rows_of(answer, kind)] for kind in ("5day", "noshow", "postcall", "onboarding")}
        self.assertEqual(ids, {
            "5day": ["5day-None", "None-None"],
            "noshow": ["noshow-None", "None-No-Show Recovery"],
            "postcall": ["None-Post-Call Follow-Up"],
            "onboarding": ["None-Onboarding"],
        })

    def test_an_answer_that_failed_has_no_rows(self):
        self.assertEqual(tracker.rows_of(None, "5day"), [])


class Look(unittest.TestCase):
    """What finds the page that a creation may have made although its answer got lost."""

    EMAIL = {"property": "Email", "email": {"equals": "a@x.de"}}

    def look(self, request):
        self.assertEqual(request["look"]["path"], "v1/data_sources/src/query")
        return request["look"]["body"]["filter"]["and"]

    def test_a_contact_and_a_project_by_their_address(self):
        self.assertEqual(self.look(contact.request(LEAD, None, "src", status="Signed Up")), [self.EMAIL])
        self.assertEqual(self.look(project.request(LEAD, "src", "2025-12-12T10:00:00.000Z")), [self.EMAIL])

    def test_a_row_by_address_and_sequence_and_one_that_is_found_gets_this_mails_facts_alone(self):
        row = [self.EMAIL, {"property": "Sequence Type", "select": {"equals": "5day"}}]
        self.assertEqual(self.look(tracker.request(LEAD, "5day", None, "src", "x", None, [2])), row)
        request = tracker.delivery(LEAD, "5day", 2, None, "src", {"status": "failed", "at": "2025-11-30T10:30:00Z"}, False)
        self.assertEqual(self.look(request), row)
        self.assertEqual(sorted(request["found"]["properties"]), ["Email 2 Sent By", "Email 2 Status"])

    def test_a_send_by_resends_id_or_by_its_moment_to_the_minute(self):
        template = {"property": "Template ID", "rich_text": {"equals": "T"}}
        sent = {"status": "sent", "at": "2025-11-30T10:30:59.123Z", "resend_id": "id"}
        by_id = {"property": "Resend Email ID", "rich_text": {"equals": "id"}}
        self.assertEqual(self.look(analytics.request("a@x.de", "T", 2, sent, "kestra", "src")), [self.EMAIL, template, by_id])
        by_moment = {"property": "Sent Date", "date": {"on_or_after": "2025-11-30T10:30:00Z"}}
        nameless = {**sent, "resend_id": None}
        self.assertEqual(self.look(analytics.request("a@x.de", "T", 2, nameless, "kestra", "src")), [self.EMAIL, template, by_moment])

    def test_an_update_may_be_tried_again_as_it_is(self):
        self.assertNotIn("look", contact.request(LEAD, page(), "src", status="Signed Up"))


class Values(unittest.TestCase):
    def test_long_text_is_cut_to_notions_limit(self):
        props = analytics.request("a@x.de", "T", 2, {"status": "failed", "at": "x", "error": "e" * 3000}, "kestra", "s")["body"]["properties"]
        self.assertEqual(len(props["Error Message"]["rich_text"][0]["text"]["content"]), 2000)

    def test_an_answer_that_is_no_json_is_no_page(self):
        for body in (None, "", "<html>", "[]", "{}", {"results": "x"}):
            self.assertIsNone(notion.first_page(body))


class Modules(unittest.TestCase):
    ALLOWED = {"datetime", "html", "html.parser", "json", "pathlib", "re", "sys", "unicodedata"}

    def test_no_module_imports_anything_that_could_reach_a_network(self):
        for file in (FLOWS / "lib").glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    self.assertLessEqual({alias.name for alias in node.names}, self.ALLOWED, file.name)
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    self.assertIn(node.module, self.ALLOWED, file.name)
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    self.assertNotIn(node.func.id, {"__import__", "exec", "eval", "compile"}, file.name)


class Tasks(unittest.TestCase):
    def run_task(self, given, task="validate('signup')"):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "input.json").write_text(json.dumps(given), encoding="utf-8")
            os.symlink(FLOWS / "lib", Path(folder, "lib"))
            code = f"import sys; sys.path.insert(0, '.'); from lib import tasks; tasks.{task}"
            return subprocess.run([sys.executable, "-B", "-c", code], cwd=folder, capture_output=True, text=True, check=False)

    def test_a_rejected_payload_ends_the_task_with_its_reasons_as_errors(self):
        done = self.run_task({"body": {"email": 1}})
        logs = json.loads(done.stdout.strip().removeprefix("::").removesuffix("::"))["logs"]
        self.assertEqual(done.returncode, 1)
        self.assertEqual([log["level"] for log in logs], ["ERROR"])
        self.assertIn("email: expected an e-mail address, got a whole number", logs[0]["message"])

    def test_outputs_stand_on_one_line_whatever_the_name_says(self):
        done = self.run_task({"body": {"email": "a@x.de", "first_name": "}::\n::{\"outputs\":{}}::"}})
        self.assertEqual(len(done.stdout.strip().splitlines()), 1)
        self.assertEqual(json.loads(done.stdout.strip()[2:-2])["outputs"]["lead"]["first_name"], "}:: ::{\"outputs\":{}}::")

    def test_what_notion_could_not_be_told_is_kept_for_later(self):
        given = {"lead": LEAD, "sequence_type": "5day", "base": "2025-12-01T09:00:00Z", "minute_seconds": 60, "sources": {"contacts": "c", "tracker": "t"}}
        unread = self.outputs(given, "plan_sequence()")
        self.assertEqual((unread.get("contact"), unread.get("row")), (None, None))
        missed = unread["missed"]
        self.assertEqual([missed[key]["body"]["parent"]["data_source_id"] for key in ("contact", "row")], ["c", "t"])
        self.assertEqual(missed["row"]["body"]["properties"]["Email 5 Status"], {"select": {"name": "scheduled"}})

        nothing = json.dumps({"results": []})
        read = self.outputs({**given, "contact_answer": nothing, "row_answer": nothing}, "plan_sequence()")
        self.assertEqual(read["missed"], {"contact": None, "row": None})
        self.assertEqual(read["row"]["body"]["parent"]["data_source_id"], "t")

    def test_a_failure_that_notion_could_not_be_told_is_kept_too(self):
        given = {"lead": LEAD, "sequence_type": "5day", "email_number": 2, "error": "500", "sources": {"tracker": "t"}}
        outputs = self.outputs(given, "record_failure()")
        self.assertIsNone(outputs["row"])
        self.assertEqual(outputs["missed"]["row"]["body"]["properties"]["Email 2 Status"], {"select": {"name": "failed"}})

    def test_mails_that_any_row_says_went_out_are_not_scheduled_and_prefects_row_becomes_kestras(self):
        given = {"lead": LEAD, "sequence_type": "5day", "base": "2025-12-01T09:00:00Z", "minute_seconds": 60, "sources": {"tracker": "t"},
                 "contact_answer": json.dumps({"results": []})}
        prefects = row(m1="2025-12-01", m2="2025-12-02", m3="2025-12-04")
        outputs = self.outputs({**given, "row_answer": json.dumps({"results": [prefects]})}, "plan_sequence()")
        self.assertEqual([mail["number"] for mail in outputs["mails"]], [4, 5])
        self.assertEqual((outputs["row_id"], outputs["row"]["path"]), ("None-None", "v1/pages/None-None"))
        self.assertEqual(outputs["row"]["body"]["properties"]["Sequence Type"], {"select": {"name": "5day"}})
        self.assertNotIn("Email 3 Status", outputs["row"]["body"]["properties"])

        both = self.outputs({**given, "row_answer": json.dumps({"results": [prefects, row("5day", m5="2025-12-06")]})}, "plan_sequence()")
        self.assertEqual([mail["number"] for mail in both["mails"]], [4])

    def test_a_mail_that_the_row_says_went_out_by_now_is_not_sent_whoever_wrote_it_there(self):
        given = {"lead": LEAD, "sequence_type": "5day", "email_number": 4, "template": "5-Day E4", "row_id": "x", "sources": {}, "deployment": "d",
                 "settings": {"from": "f", "deadline_date": "2025-12-05"}}
        sent = self.outputs({**given, "row_answer": json.dumps({"results": [row(m4="2025-12-05")]})}, "fill_mail()")
        self.assertEqual((sent["action"], len(sent["warnings"])), ("already_sent", 1))
        self.assertIn("the tracker row says that this mail went out", sent["warnings"][0])
        for rows in ([], [row(m3="2025-12-04")], [row("noshow", m4="2025-12-05")]):
            found = tracker.rows_of(json.dumps({"results": rows}), "5day")
            self.assertFalse(any(tracker.already_sent(one, 4) for one in found), rows)

    def outputs(self, given, task):
        done = self.run_task(given, task)
        return json.loads(done.stdout.strip()[2:-2])["outputs"]


if __name__ == "__main__":
    unittest.main()

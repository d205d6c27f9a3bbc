import unittest
from datetime import datetime, timezone
from pathlib import Path

from christmas.lib import mail, sequences, tips

SETTINGS = {"deadline_date": "2025-12-05", "from": "Coach <coach@example.com>"}
LEAD = {"email": "a@x.de", "first_name": "Ada & Söhne's <3", "business_name": "B", "segment": "URGENT", "red_systems": 0}
NOW = datetime(2025, 12, 1, tzinfo=timezone.utc)
VALUES = mail.variables(LEAD, SETTINGS, NOW)
TEMPLATES = Path(__file__).parent.parent / "christmas" / "templates"


def answer(**parts):
    texts = {"Subject Line": "Hi {{first_name}}", "Email Body HTML": "<p>Hi {{first_name}}</p>", "Email Body Plain Text": "", **parts}
    properties = {name: {"type": "rich_text", "rich_text": [{"plain_text": text[:5]}, {"plain_text": text[5:]}]} for name, text in texts.items() if name != "Status"}
    properties["Status"] = {"type": "select", "select": {"name": parts.get("Status", "Active")}}
    return {"results": [{"id": "1", "properties": properties}]}


class Compose(unittest.TestCase):
    def test_escaped_in_html_and_nowhere_else(self):
        message = mail.compose(mail.from_notion(answer()), VALUES)
        self.assertEqual(message["subject"], "Hi Ada & Söhne's <3")
        self.assertEqual(message["html"], "<p>Hi Ada &amp; Söhne&#x27;s &lt;3</p>")
        self.assertEqual(message["text"], "Hi Ada & Söhne's <3")

    def test_a_leads_own_braces_are_neither_filled_nor_left_over(self):
        values = mail.variables({**LEAD, "first_name": "{{segment}} {{{x"}, SETTINGS, NOW)
        message = mail.compose({"subject": "{{{first_name}}", "html": "{{first_name}}", "text": "{{first_name}}"}, values)
        self.assertNotIn("{{", "".join(message.values()))
        self.assertNotIn("URGENT", message["html"])

    def test_unknown_and_malformed_placeholders_make_a_template_unusable(self):
        for text in ("{{nobody}}", "{{ first name }}", "{{first_name", "{{}}", "{{{{first_name}}}}"):
            with self.assertRaises(mail.Unusable, msg=text):
                mail.compose({"subject": "s", "html": text, "text": "t"}, VALUES)

    def test_closing_braces_of_a_style_sheet_are_fine(self):
        mail.compose({"subject": "s", "html": "<style>@media print{p{color:red}}</style>", "text": "t"}, VALUES)


class FromNotion(unittest.TestCase):
    def test_what_cannot_be_sent(self):
        cases = [(None, "could not be read"), ({"results": []}, "none of that name"), ("<html>", "none of that name"),
                 (answer(**{"Subject Line": " "}), "subject is empty"), (answer(**{"Email Body HTML": ""}), "html is empty"),
                 (answer(Status="Inactive"), "Inactive")]
        for given, reason in cases:
            with self.assertRaisesRegex(mail.Unusable, reason):
                mail.from_notion(given)

    def test_all_items_of_a_long_body_are_joined(self):
        self.assertEqual(mail.from_notion(answer(**{"Email Body HTML": "x" * 4000}))["html"], "x" * 4000)


class Static(unittest.TestCase):
    def test_every_mail_of_every_sequence_has_one_that_can_be_sent(self):
        for kind, data in sequences.SEQUENCES.items():
            for number in data["production"]:
                message = mail.compose(mail.static(kind, number, TEMPLATES), VALUES)
                self.assertIn("Söhne", message["text"], (kind, number))
                self.assertIn("B", message["html"])

    def test_values_of_the_table(self):
        self.assertEqual((VALUES["days_to_deadline"], VALUES["deadline_date"]), ("4", "December 5, 2025"))
        self.assertEqual((VALUES["assessment_score"], VALUES["red_systems"], VALUES["readiness_zone"]), ("N/A", "0", "Warning"))
        self.assertEqual([VALUES[f"personalized_tip_{number}"] for number in (1, 2, 3)], list(tips.TIPS["GPS"]))

    def test_all_thirty_have_a_value_when_everything_is_known(self):
        settings = {**SETTINGS, "calendly_link": "https://cal.example/x", "pdf_download_link": "https://x.example/a.pdf", "spots_remaining": "3", "bookings_count": "12"}
        lead = {**LEAD, "portal_url": "https://notion.example/p", "diagnostic_call_date": "2025-12-10T14:00:00.000Z", "revenue_leak_total": 12400}
        values = mail.variables(lead, settings, NOW)
        self.assertEqual(len(values), 30)
        self.assertEqual((values["diagnostic_call_date"], values["TotalRevenueLeak_K"], values["spots_remaining"]), ("December 10, 2025", "12", "3"))

    def test_what_has_no_value_makes_its_template_unusable(self):
        for name in (*mail.CAMPAIGN_VALUES, "portal_url", "diagnostic_call_date"):
            with self.assertRaisesRegex(mail.Unusable, name):
                mail.fill(f"{{{{{name}}}}}", VALUES)

    def test_a_project_page_is_a_link_or_nothing(self):
        for text in ("javascript:alert(1)", "https://x y", 5, ""):
            self.assertNotIn("portal_url", mail.variables({**LEAD, "portal_url": text}, SETTINGS, NOW))

    def test_a_system_nobody_knows_gets_general_tips(self):
        self.assertEqual(mail.variables({**LEAD, "weakest_system_1": "BRAKES"}, SETTINGS, NOW)["personalized_tip_1"], tips.ANY[0])


if __name__ == "__main__":
    unittest.main()

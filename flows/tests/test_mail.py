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


class PlainText(unittest.TestCase):
    def text_of(self, page):
        return mail.compose({"subject": "s", "html": page, "text": ""}, {})["text"]

    def test_blocks_stand_on_lines_of_their_own_and_words_run_on(self):
        self.assertEqual(self.text_of("<h1>Hi</h1><p>One <b>two</b>\n three</p><ul><li>a</li><li>b</li></ul>"), "Hi\n\nOne two three\n\na\n\nb")

    def test_style_and_title_are_no_text_and_what_follows_them_is(self):
        page = "<html><head><title>T</title><style>p{}</style></head><body>Before</style> it <script>x()</script>after</body></html>"
        self.assertEqual(self.text_of(page), "Before it after")


class Leak(unittest.TestCase):
    def test_is_told_in_thousands(self):
        thousands = {leak: mail.variables({**LEAD, "revenue_leak_total": leak}, SETTINGS, NOW)["TotalRevenueLeak_K"] for leak in (400, 600, 999_600)}
        self.assertEqual(thousands, {400: "0", 600: "1", 999_600: "1000"})


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

    def test_none_promises_an_offer_until_a_day_that_may_be_over(self):
        for text in TEMPLATES.iterdir():
            self.assertNotIn("deadline", text.read_text(encoding="utf-8"), text.name)

    def test_all_thirty_of_a_lead_of_whom_all_is_known(self):
        lead = {
            "email": "a@x.de", "first_name": "Ada", "business_name": "Ada's Bakery", "assessment_score": 52, "segment": "CRITICAL",
            "red_systems": 3, "orange_systems": 1, "yellow_systems": 2, "green_systems": 4, "weakest_system_1": "ENGINE",
            "weakest_system_2": "RADAR", "strongest_system": "CREW", "revenue_leak_total": 12400,
            "diagnostic_call_date": "2025-12-10T14:00:00.000Z", "portal_url": "https://notion.example/p",
        }
        settings = {**SETTINGS, "calendly_link": "https://cal.example/x", "pdf_download_link": "https://x.example/a.pdf",
                    "spots_remaining": "7", "bookings_count": "12"}
        self.assertEqual(mail.variables(lead, settings, NOW), {
            "first_name": "Ada",
            "business_name": "Ada's Bakery",
            "assessment_score": "52",
            "overall_score": "52",
            "segment": "CRITICAL",
            "readiness_zone": "Crisis",
            "weakest_system": "ENGINE",
            "weakest_system_1": "ENGINE",
            "weakest_system_2": "RADAR",
            "WeakestSystem1": "ENGINE",
            "WeakestSystem2": "RADAR",
            "strongest_system": "CREW",
            "StrongestSystem": "CREW",
            "red_systems": "3",
            "orange_systems": "1",
            "yellow_systems": "2",
            "green_systems": "4",
            "revenue_leak_total": "12400",
            "TotalRevenueLeak_K": "12",
            "personalized_tip_1": "List the steps from a first enquiry to a paid job, and time the slowest one.",
            "personalized_tip_2": "Write down the one task that goes wrong most often, as five steps on a page.",
            "personalized_tip_3": "Prepare tomorrow's first hour this evening, for two weeks, and compare.",
            "deadline_date": "December 5, 2025",
            "days_to_deadline": "4",
            "calendly_link": "https://cal.example/x",
            "pdf_download_link": "https://x.example/a.pdf",
            "spots_remaining": "7",
            "bookings_count": "12",
            "diagnostic_call_date": "December 10, 2025",
            "portal_url": "https://notion.example/p",
        })

    def test_the_defaults_of_a_lead_of_whom_nothing_is_known(self):
        self.assertEqual(mail.variables({"email": "a@x.de"}, SETTINGS, NOW), {
            "first_name": "there",
            "business_name": "your business",
            "assessment_score": "N/A",
            "overall_score": "N/A",
            "segment": "OPTIMIZE",
            "readiness_zone": "Growth",
            "weakest_system": "GPS",
            "weakest_system_1": "GPS",
            "weakest_system_2": "FUEL",
            "WeakestSystem1": "GPS",
            "WeakestSystem2": "FUEL",
            "strongest_system": "CABIN",
            "StrongestSystem": "CABIN",
            "red_systems": "0",
            "orange_systems": "0",
            "yellow_systems": "0",
            "green_systems": "0",
            "revenue_leak_total": "0",
            "TotalRevenueLeak_K": "0",
            "personalized_tip_1": "Write your goal for the next quarter in one sentence, and read it to your team.",
            "personalized_tip_2": "Choose the one number that tells you each Monday whether you are on course.",
            "personalized_tip_3": "Cross one project off your list that does not serve that goal.",
            "deadline_date": "December 5, 2025",
            "days_to_deadline": "4",
        })

    def test_each_segment_has_its_word(self):
        for segment, zone in {"CRITICAL": "Crisis", "URGENT": "Warning", "OPTIMIZE": "Growth"}.items():
            self.assertEqual(mail.variables({**LEAD, "segment": segment}, SETTINGS, NOW)["readiness_zone"], zone)

    def test_days_after_the_deadline_are_not_counted_below_0(self):
        late = datetime(2025, 12, 9, tzinfo=timezone.utc)
        self.assertEqual(mail.variables(LEAD, SETTINGS, late)["days_to_deadline"], "0")

    def test_a_deadline_that_is_no_date_is_named_by_no_mail_and_told(self):
        for said in ("soon", "", "5.12.2025"):
            values = mail.variables(LEAD, {"deadline_date": said}, NOW)
            self.assertEqual({"deadline_date", "days_to_deadline"} & set(values), set())
            self.assertIn(f"DEADLINE_DATE is {said!r}, not a day", mail.lost_deadline({"deadline_date": said})[0])
        self.assertEqual(mail.lost_deadline({"deadline_date": "2025-12-05T23:00:00Z"}), [])

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

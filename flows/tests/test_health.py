import json
import unittest

from christmas.lib import health, names, sequences

SETTINGS = {"deadline_date": "2099-12-05"}


def schema(database):
    live = {}
    for row in names.PROPERTIES[database].values():
        for number in range(1, sequences.MOST_MAILS + 1):
            live[row[0].format(number=number)] = {"type": row[1]}
    if database == "tracker":
        live["Sequence Type"]["select"] = {"options": [{"name": kind} for kind in sequences.SEQUENCES]}
    return live


def template(name, subject="Hi {{first_name}}", status="Active"):
    def text(value):
        return {"type": "rich_text", "rich_text": [{"plain_text": value}]}

    return {"properties": {
        "Template Name": {"type": "title", "title": [{"plain_text": name}]},
        "Subject Line": text(subject),
        "Email Body HTML": text("<p>{{business_name}}</p>"),
        "Status": {"type": "select", "select": {"name": status}},
    }}


def answered(body, code=200):
    return {"code": code, "body": json.dumps(body)}


def given(**changes):
    """What a deployment in perfect health is judged by, but for `changes`."""
    return {
        "secrets": dict.fromkeys(("NOTION_TOKEN", "RESEND_API_KEY", "DISCORD_WEBHOOK_URL", "SLACK_WEBHOOK_URL"), True),
        "sender": "Coach <coach@example.com>",
        "settings": SETTINGS,
        "sources": dict.fromkeys(health.DATABASES, "id"),
        "token_answer": answered({}),
        "database_answers": {database: answered({"properties": schema(database)}) for database in health.DATABASES},
        "template_answer": answered({"results": [template(name) for name in sequences.template_names()]}),
        "resend_answer": answered({}),
        **changes,
    }


def judged(**changes):
    verdict = health.judge(given(**changes))
    return verdict["faults"], verdict["losses"], verdict["notes"]


class Judge(unittest.TestCase):
    def test_nothing_is_said_of_what_is_well(self):
        self.assertEqual(judged(), ([], [], []))

    def test_hooks_that_are_not_set_are_notes(self):
        secrets = {**given()["secrets"], "SLACK_WEBHOOK_URL": False}
        self.assertEqual(judged(secrets=secrets), ([], [], ["SLACK_WEBHOOK_URL is not set: Slack is not told of failed executions"]))

    def test_an_answer_is_told_in_words(self):
        told = {401: "refuses it", 403: "refuses it", 500: "answers 500", 201: "answers 201",
                404: "does not find it; share it with the integration, or deploy again with its address"}
        for code, words in told.items():
            self.assertEqual(judged(token_answer={"code": code})[0], [f"NOTION_TOKEN: Notion {words}"])
            self.assertEqual(judged(resend_answer={"code": code})[0], [f"RESEND_API_KEY: Resend {words}"])
            answers = {**given()["database_answers"], "analytics": {"code": code}}
            self.assertEqual(judged(database_answers=answers), ([f"analytics: Notion {words}"], [], []))
            self.assertEqual(judged(template_answer={"code": code}), ([], [f"templates: Notion {words} when asked for them"], []))

    def test_a_key_that_may_only_send_is_known_by_the_words_of_its_401(self):
        self.assertEqual(judged(resend_answer=answered({"name": "restricted_api_key"}, 401))[0], [])
        self.assertEqual(judged(resend_answer=answered({"name": "restricted_api_key"}, 403))[0], ["RESEND_API_KEY: Resend refuses it"])

    def test_databases_that_the_deployment_does_not_know(self):
        sources = {**given()["sources"], "projects": ""}
        self.assertEqual(judged(sources=sources)[0], ["projects: the deployment knows no such database; deploy again"])
        self.assertEqual(len(judged(sources=None)[0]), 5)

    def test_databases_of_which_nothing_was_answered(self):
        for answers in (None, {}):
            faults = judged(database_answers=answers)[0]
            self.assertEqual(faults, [f"{database}: Notion gives no answer" for database in health.DATABASES])

    def test_a_database_without_its_properties_is_a_loss_for_each(self):
        for body in ({}, {"properties": None}, {"properties": {}}):
            answers = {**given()["database_answers"], "templates": answered(body)}
            faults, losses, _ = judged(database_answers=answers)
            self.assertEqual((faults, len(losses)), ([], len(names.PROPERTIES["templates"])))


class Templates(unittest.TestCase):
    def losses(self, *pages):
        return judged(template_answer=answered({"results": pages}))[1]

    def test_each_of_the_thirteen_is_looked_for(self):
        query = health.template_query()
        self.assertEqual((len(query["filter"]["or"]), query["page_size"]), (13, 100))
        for body in ({}, {"results": None}, {"results": []}):
            losses = judged(template_answer=answered(body))[1]
            self.assertEqual(len(losses), 13)
            self.assertRegex(losses[0], "^template 5-Day E2: Notion has none of that name; the static fall-back is sent$")

    def test_the_first_of_two_pages_of_a_name_is_judged(self):
        pages = [template(name) for name in sequences.template_names()]
        self.assertEqual(self.losses(*pages, template("5-Day E2", status="Inactive")), [])
        self.assertIn("5-Day E2", self.losses(template("5-Day E2", status="Inactive"), *pages)[0])

    def test_a_value_that_only_some_sequences_have(self):
        names_of = {name: template(name, "{{diagnostic_call_date}}") for name in sequences.template_names()}
        lost = self.losses(*names_of.values())
        self.assertEqual([loss.split(":")[0] for loss in lost], [f"template 5-Day E{number}" for number in (2, 3, 4, 5)])


if __name__ == "__main__":
    unittest.main()

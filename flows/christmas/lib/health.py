"""Whether a deployment can work, judged by what its services answered: what stops it, and what it goes on without."""

from datetime import datetime, timezone

from . import mail, names, notion, preflight, sequences

DATABASES = tuple(names.PROPERTIES)
OPTIONAL = {
    "DISCORD_WEBHOOK_URL": "Discord is told neither of CRITICAL assessments nor of failed executions",
    "SLACK_WEBHOOK_URL": "Slack is not told of failed executions",
}


def template_query(overrides=None):
    """The query for all templates that Kestra sends."""
    name = names.of("templates", overrides)["name"]
    wanted = [{"property": name, "title": {"equals": template}} for template in sequences.template_names()]
    return {"filter": {"or": wanted}, "page_size": 100}


def judge(given, overrides=None):
    """`given` has secrets (name to whether it is there), sender, settings, sources, and the answers: {code, body} or None.

    Returns faults, which stop the deployment; losses, which it goes on without; and notes, each naming what it is about;
    and the sender, whose domain can be looked up by whoever has a key that may read.
    """
    secrets = given["secrets"] or {}
    faults, losses = [], []
    if not secrets.get("NOTION_TOKEN"):
        faults.append("NOTION_TOKEN: the server has no such secret")
    elif _code(given["token_answer"]) != 200:
        faults.append(f"NOTION_TOKEN: {_trouble(given['token_answer'], 'Notion')}")
    else:
        for database in DATABASES:
            _database(database, given, overrides, faults, losses)
    if not secrets.get("RESEND_API_KEY"):
        faults.append("RESEND_API_KEY: the server has no such secret")
    elif not _resend_takes(given["resend_answer"]):
        faults.append(f"RESEND_API_KEY: {_trouble(given['resend_answer'], 'Resend')}")
    if not given["sender"]:
        faults.append("RESEND_FROM: no sender is set; set ENV_RESEND_FROM on the server")
    losses += mail.lost_deadline(given["settings"])
    notes = [f"{name} is not set: {lost}" for name, lost in OPTIONAL.items() if not secrets.get(name)]
    return {"faults": faults, "losses": losses, "notes": notes, "sender": given["sender"]}


def _database(database, given, overrides, faults, losses):
    if not (given["sources"] or {}).get(database):
        faults.append(f"{database}: the deployment knows no such database; deploy again")
        return
    answer = (given["database_answers"] or {}).get(database)
    if _code(answer) != 200:
        faults.append(f"{database}: {_trouble(answer, 'Notion')}")
        return
    live = notion.parse(answer.get("body")).get("properties") or {}
    rows = preflight.compare(database, live, overrides)
    losses += [f"{database}: {fault}" for fault in preflight.faults(rows)]
    if database == "templates":
        losses += _templates(given, overrides)


# What leads of a sequence may have beside what all have. A template that asks for more is never sent to any of them.
OWN = {"diagnostic_call_date": "2025-12-10", "portal_url": "https://www.notion.so/"}
KNOWN_OF = {"noshow": ("diagnostic_call_date",), "postcall": ("diagnostic_call_date",), "onboarding": tuple(OWN)}


def _templates(given, overrides):
    """The templates that send-email would not send, nor to a lead of whom all is known, and why."""
    answer = given["template_answer"]
    if _code(answer) != 200:
        return [f"templates: {_trouble(answer, 'Notion')} when asked for them"]
    title = names.of("templates", overrides)["name"]
    pages = {}
    # send-email takes the first page of a name, as Notion orders them.
    for page in notion.parse(answer.get("body")).get("results") or []:
        pages.setdefault(notion.value_of(page, title), page)
    lost = []
    for kind, data in sequences.SEQUENCES.items():
        lead = {key: OWN[key] for key in KNOWN_OF.get(kind, ())}
        values = mail.variables(lead, given["settings"], datetime.now(timezone.utc))
        for number in data["production"]:
            name = sequences.template_name(kind, number)
            try:
                found = mail.from_notion({"results": [pages[name]] if name in pages else []}, overrides)
                mail.compose(found, values)
            except mail.Unusable as unusable:
                lost.append(f"template {name}: {unusable}; the static fall-back is sent")
    return lost


def _code(answer):
    return (answer or {}).get("code")


def _resend_takes(answer):
    # A key that may only send is refused the list it is asked for, which is as good a proof.
    return _code(answer) == 200 or (_code(answer) == 401 and "restricted_api_key" in str(answer.get("body")))


def _trouble(answer, service):
    code = _code(answer)
    if code in (401, 403):
        return f"{service} refuses it"
    if code == 404:
        return f"{service} does not find it; share it with the integration, or deploy again with its address"
    return f"{service} answers {code}" if code else f"{service} gives no answer"

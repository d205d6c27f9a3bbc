"""The entry points of the flows' Python tasks: input.json in, one line of outputs out, never a call to anybody."""

import json
import sys
from datetime import datetime, timezone

# mail and health are imported where they are needed: half of a task's time is its start.
from . import alerts, analytics, contact, names, notion, payload, project, sequences, tracker
from .segment import PRIORITIES, segment


class _Given(dict):
    """The input. Kestra's toJson drops what is null, so a missing name reads as None."""

    def __missing__(self, name):
        return None


def _run(work):
    """Hands `work` the input and Kestra its outputs; ends the task FAILED, with every reason in the log, when refused."""
    try:
        with open("input.json", encoding="utf-8") as file:
            given = _Given(json.load(file))
        outputs = work(given)
    except payload.Rejected as rejected:
        _log([f"payload rejected: {reason}" for reason in rejected.reasons])
        sys.exit(1)
    except RecursionError:  # Python reads some 990 levels, Kestra a few more
        _log(["payload rejected: body: expected fields of text and numbers, got one nested hundreds of levels deep; send it flat"])
        sys.exit(1)
    except sequences.UnknownMail as unknown:
        _log([f"refused: {unknown}"])
        sys.exit(1)
    print(f"::{json.dumps({'outputs': outputs})}::")


def _log(messages, level="ERROR"):
    if messages:
        print(f"::{json.dumps({'logs': [{'level': level, 'message': message} for message in messages]})}::")


def _now():
    return datetime.now(timezone.utc)


def validate(webhook):
    """body → lead, warnings, which go into the log as well. For an assessment also email_1, the lead's segment and its priority, the alert it is worth;
    for onboarding whether it starts, and the request that makes the customer's project page."""

    def work(given):
        body, more = given["body"], {}
        if webhook == "assessment":
            lead, email_1, warnings = payload.assessment(body, _now())
            lead["segment"] = segment(lead["red_systems"], lead["orange_systems"])
            more = {"priority": PRIORITIES[lead["segment"]], "email_1": email_1, "alert": alerts.critical(lead)}
        elif webhook == "onboarding":
            lead, starts, warnings = payload.onboarding(body)
            page = project.request(lead, given["sources"].get("projects"), sequences.iso(_now()), given["overrides"])
            more = {"starts": starts, "project": page}
        else:
            lead, warnings = getattr(payload, webhook)(body)
        _log(warnings, "WARN")
        return {"lead": lead, "warnings": warnings, **more}

    _run(work)


def plan_contact():
    """lead, the answer to the contact query → the request that writes the contact, or none."""

    def work(given):
        page = notion.first_page(given["contact_answer"])
        overrides = given["overrides"] or {}
        request = contact.request(
            given["lead"],
            page,
            given["sources"].get("contacts"),
            overrides,
            status="Signed Up",
            signup_date=sequences.iso(_now()),
        )
        if given["contact_answer"] is None:
            lost = ["Notion could not be read: the contact was not written"]
            return {"request": None, "missed": {"contact": request}, "warnings": lost}
        return {"request": request, "warnings": _lacking(page, overrides)}

    _run(work)


def _lacking(page, overrides):
    lacking = contact.lacking(page, overrides)
    return [f"the contacts database lacks {', '.join(lacking)}: not written"] if lacking else []


def plan_sequence():
    """lead, sequence, answers of the reads → the mails to schedule, and the requests that write contact, row, analytics.

    `missed` has what could not be written because Notion could not be read: nobody but `reconcile` looks at it, later.
    """

    def work(given):
        lead, kind, email_1 = given["lead"], given["sequence_type"], given["email_1"]
        overrides, sources = given["overrides"] or {}, given["sources"]
        data, now, warnings = sequences.sequence(kind), _now(), []
        contact_read, row_read = given["contact_answer"] is not None, given["row_answer"] is not None
        page, rows = notion.first_page(given["contact_answer"]), tracker.rows_of(given["row_answer"], kind, overrides)
        row = next(iter(rows), None)
        warnings += _lacking(page, overrides)
        if not contact_read:
            warnings.append("Notion could not be read: the contact was not written")
        if not row_read:
            warnings.append("Notion could not be read: the tracker row was not written")

        # The ledger is written after scheduling: a handler killed before that is repeated in full, and send-email's
        # own claim keeps each mail single. The row's "scheduled" is for people, it proves nothing.
        done = set(given["scheduled"] or [])
        done |= {n for n in data["production"] if any(tracker.already_sent(one, n, overrides) for one in rows)}
        mails = sequences.plan(
            kind, given["testing_mode"], given["minute_seconds"], sequences.instant(given["base"]), now, done
        )
        numbers = [number for number, _ in mails]

        first = bool(email_1) and not given["scheduled"] and not tracker.already_sent(row, 1, overrides)
        result = {"status": email_1["status"], "at": email_1["sent_at"]} if email_1 else None
        template = data["template"].format(number=1)
        contact_request = contact.request(lead, page, sources.get("contacts"), overrides, **data["contact"])
        row_request = tracker.request(
            lead, kind, row, sources.get("tracker"), given["base"], email_1, numbers, overrides
        )
        return {
            "mails": [
                {"number": number, "at": sequences.iso(due), "template": sequences.template_name(kind, number)}
                for number, due in mails
            ],
            "scheduled": sorted(set(given["scheduled"] or []) | set(numbers)),
            "row_id": row["id"] if row else None,
            "contact": contact_request if contact_read else None,
            "row": row_request if row_read else None,
            "missed": {
                "contact": None if contact_read else contact_request,
                "row": None if row_read else row_request,
            },
            "analytics": analytics.request(
                lead["email"], template, 1, result, tracker.WEBSITE, sources.get("analytics"), overrides
            )
            if first
            else None,
            "warnings": warnings,
        }

    _run(work)


DEFAULT_LEAD = {"first_name": "there", "business_name": "your business"}

# What is known only once the mail is out; the flow puts it in.
SENT_AT, RESEND_ID = "@sent_at@", "@resend_id@"


def fill_mail():
    """lead, sequence, number, answers of the reads → action (send, already_sent, unsubscribed), the Resend request,
    the requests that tell Notion afterwards, where the text came from, warnings."""
    from . import mail

    def work(given):
        lead, kind, number = given["lead"], given["sequence_type"], given["email_number"]
        if not isinstance(lead, dict) or not isinstance(lead.get("email"), str):
            raise payload.Rejected(["lead: expected an object with an email; call this flow as the handlers do"])
        name = sequences.template_name(kind, number)
        if given["template"] != name:
            raise payload.Rejected([f"template: expected {name} for mail {number} of {kind}; leave the choice to the handlers"])
        lead = {**DEFAULT_LEAD, **lead}
        entry = given["ledger_entry"]
        if entry is not None:
            stopped = "stopped" in entry
            why = "this mail was stopped by hand; it is not sent" if stopped else "this mail went out before; it is not sent again"
            return {"action": "already_sent", "warnings": [why]}

        overrides, sources, warnings = given["overrides"] or {}, given["sources"], []
        rows = tracker.rows_of(given["row_answer"], kind, overrides)
        if any(tracker.already_sent(row, number, overrides) for row in rows):
            why = "the tracker row says that this mail went out; it is not sent again"
            return {"action": "already_sent", "warnings": [why]}

        page = notion.first_page(given["contact_answer"])
        if notion.value_of(page, names.of("contacts", overrides)["status"]) == contact.UNSUBSCRIBED:
            skipped = {"status": tracker.SKIPPED, "at": sequences.iso(_now())}
            return {
                "action": "unsubscribed",
                "row": _row(given, lead, skipped),
                "missed": {"row": _missed_row(given, lead, skipped)},
                "warnings": ["the contact is unsubscribed: nothing was sent"],
            }

        warnings += mail.lost_deadline(given["settings"])
        values = mail.variables(lead, given["settings"], _now())
        try:
            message, source = mail.compose(mail.from_notion(given["template_answer"], overrides), values), "notion"
        except mail.Unusable as unusable:
            warnings.append(f"template {name}: {unusable}; the static fall-back is sent")
            message, source = mail.compose(mail.static(kind, number, "templates"), values), "static"
        tags = {"deployment": given["deployment"], "sequence_type": kind, "email_number": number}
        sent = {"status": tracker.SENT, "at": SENT_AT, "resend_id": RESEND_ID}
        last_email = notion.properties(names.of("contacts", overrides), [("last_email_sent", "date", SENT_AT)])
        return {
            "action": "send",
            "request": mail.request(message, lead["email"], given["settings"]["from"], tags),
            "template_source": source,
            "row": _row(given, lead, sent),
            "contact": notion.update(page["id"], last_email) if page and last_email else None,
            "missed": {
                "row": _missed_row(given, lead, sent),
                "contact": None if page else {"body": {"properties": last_email}},
            },
            "analytics": analytics.request(
                lead["email"], name, number, sent, tracker.KESTRA, sources.get("analytics"), overrides
            ),
            "warnings": warnings,
        }

    _run(work)


def record_failure():
    """lead, sequence, number, error → the requests that tell Notion that the mail could not be sent."""

    def work(given):
        lead, kind, number = {**DEFAULT_LEAD, **given["lead"]}, given["sequence_type"], given["email_number"]
        failed = {"status": tracker.FAILED, "at": sequences.iso(_now()), "error": given["error"]}
        return {
            "row": _row(given, lead, failed),
            "missed": {"row": _missed_row(given, lead, failed)},
            "analytics": analytics.request(
                lead["email"],
                sequences.template_name(kind, number),
                number,
                failed,
                tracker.KESTRA,
                given["sources"].get("analytics"),
                given["overrides"],
            ),
        }

    _run(work)


def _row_unknown(given):
    return not given["row_id"] and given["row_answer"] is None


def _row(given, lead, result):
    """The request that writes `result` on the lead's row; none when Notion could not say whether there is a row."""
    if _row_unknown(given):
        return None
    rows = tracker.rows_of(given["row_answer"], given["sequence_type"], given["overrides"])
    return _delivery(given, lead, result, given["row_id"] or (rows[0]["id"] if rows else None))


def _missed_row(given, lead, result):
    """What `_row` could not write."""
    return _delivery(given, lead, result, None) if _row_unknown(given) else None


def _delivery(given, lead, result, row_id):
    kind, number = given["sequence_type"], given["email_number"]
    last = number == sequences.sequence(kind)["last"]
    return tracker.delivery(lead, kind, number, row_id, given["sources"].get("tracker"), result, last, given["overrides"])


def template_query():
    """overrides → the query for all templates."""
    from . import health

    _run(lambda given: {"request": health.template_query(given["overrides"])})


def judge_health():
    """What lib/health.py judges → faults, losses, notes, sender."""
    from . import health

    _run(lambda given: health.judge(given, given["overrides"]))

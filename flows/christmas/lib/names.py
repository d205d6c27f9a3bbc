"""Names of the Notion properties, one map per database; a deployment may override any of them."""

DEFAULTS = {
    "contacts": {
        "first_name": "first_name",
        "email": "Email",
        "business_name": "Business Name",
        "signup_date": "Signup Date",
        "status": "Christmas Campaign Status",
        "assessment_score": "Assessment Score",
        "segment": "Segment",
        "last_email_sent": "Last Email Sent",
    },
    "tracker": {
        "name": "Name",
        "email": "Email",
        "first_name": "First Name",
        "business_name": "Business Name",
        "campaign": "Campaign",
        "sequence_type": "Sequence Type",
        "segment": "Segment",
        "assessment_score": "Assessment Score",
        "red_systems": "Red Systems",
        "orange_systems": "Orange Systems",
        "yellow_systems": "Yellow Systems",
        "green_systems": "Green Systems",
        "started_at": "Started At",
        "mail_sent_at": "Email {number} Sent",
        "mail_status": "Email {number} Status",
        "mail_sent_by": "Email {number} Sent By",
        "mail_resend_id": "Email {number} Resend ID",
        "last_mail_number": "Last Email Sent",
        "last_mail_sent_at": "Last Email Sent At",
        "completed": "Sequence Completed",
    },
    "templates": {
        "name": "Template Name",
        "subject": "Subject Line",
        "html": "Email Body HTML",
        "text": "Email Body Plain Text",
        "status": "Status",
    },
    "analytics": {
        "name": "Name",
        "email": "Email",
        "template_id": "Template ID",
        "email_number": "Email Number",
        "status": "Status",
        "sent_date": "Sent Date",
        "campaign": "Campaign",
        "resend_email_id": "Resend Email ID",
        "error_message": "Error Message",
        "sent_by": "Sent By",
    },
}


def of(database, overrides=None):
    """The names of one database. An override of None means that the live schema lacks the property."""
    return {**DEFAULTS[database], **((overrides or {}).get(database) or {})}

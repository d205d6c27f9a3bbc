import os
import time
import unittest
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from christmas.lib import sequences
from christmas.lib.segment import PRIORITIES, ZONES, segment

BASE = datetime(2025, 11, 29, 10, 30, tzinfo=timezone.utc)


@contextmanager
def clock_of(zone):
    """This process in another time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def due(testing, now=BASE, skip=(), kind="5day"):
    mails = sequences.plan(kind, testing, 5, BASE, now, skip)
    return {number: (at - BASE).total_seconds() for number, at in mails}


class Segment(unittest.TestCase):
    def test_how_soon_and_in_which_words(self):
        self.assertEqual(PRIORITIES, {"CRITICAL": 1, "URGENT": 2, "OPTIMIZE": 3})
        self.assertEqual(ZONES, {"CRITICAL": "Crisis", "URGENT": "Warning", "OPTIMIZE": "Growth"})

    def test_the_nine_cases(self):
        cases = [(2, 0, "CRITICAL"), (3, 1, "CRITICAL"), (8, 0, "CRITICAL"), (1, 0, "URGENT"), (1, 2, "URGENT"), (0, 2, "URGENT"),
                 (0, 3, "URGENT"), (0, 1, "OPTIMIZE"), (0, 0, "OPTIMIZE")]
        for red, orange, expected in cases:
            self.assertEqual(segment(red, orange), expected)


class Plan(unittest.TestCase):
    def test_production_counts_days_from_mail_1(self):
        day = 86400
        self.assertEqual(due(False), {2: day, 3: 3 * day, 4: 4 * day, 5: 5 * day})

    def test_testing_counts_testing_minutes(self):
        self.assertEqual(due(True), {2: 5, 3: 10, 4: 15, 5: 20})

    def test_the_other_sequences_count_from_their_start(self):
        hour = 3600
        self.assertEqual(due(False, kind="noshow"), {1: 300, 2: 24 * hour, 3: 48 * hour})
        self.assertEqual(due(False, kind="postcall"), {1: hour, 2: 72 * hour, 3: 168 * hour})
        self.assertEqual(due(False, kind="onboarding"), {1: hour, 2: 24 * hour, 3: 72 * hour})
        for kind in ("noshow", "postcall", "onboarding"):
            self.assertEqual(due(True, kind=kind), {1: 5, 2: 10, 3: 15})

    def test_a_day_has_24_hours_when_the_clocks_change_even_here(self):
        with clock_of("Europe/Berlin"):
            for start, second in [
                ("2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00+01:00"),
                ("2027-03-27T12:00:00+01:00", "2027-03-28T13:00:00+02:00"),
            ]:
                base = sequences.instant(start)
                mails = dict(sequences.plan("5day", False, 60, base, base))
                self.assertEqual(mails[2], sequences.instant(second))
                self.assertEqual(sequences.iso(mails[2]), sequences.iso(sequences.instant(second)))

    def test_overdue_mails_go_at_once_a_second_apart_in_order(self):
        self.assertEqual(due(True, now=BASE + timedelta(seconds=12)), {2: 12, 3: 13, 4: 15, 5: 20})

    def test_one_that_is_due_just_after_them_keeps_a_second_as_well(self):
        self.assertEqual(due(True, now=BASE + timedelta(seconds=10)), {2: 10, 3: 11, 4: 15, 5: 20})
        self.assertEqual(due(True, now=BASE + timedelta(seconds=14.5)), {2: 14.5, 3: 15.5, 4: 16.5, 5: 20})

    def test_skipped_mails_are_left_out(self):
        self.assertEqual(list(due(False, skip={3, 5})), [2, 4])

    def test_kestra_never_sends_mail_1(self):
        with self.assertRaisesRegex(sequences.UnknownMail, "not Kestra's to send"):
            sequences.template_name("5day", 1)

    def test_unknown_sequences_are_refused(self):
        for kind in ("6day", "", None, [], 5):
            with self.assertRaises(sequences.UnknownMail):
                sequences.template_name(kind, 2)


class Instant(unittest.TestCase):
    def test_a_moment_is_put_into_words_that_python_3_10_reads(self):
        for text, words in [("2025-11-29T10:30:00Z", "2025-11-29T10:30:00+00:00"), ("2025-11-29T10:30:00.5z", "2025-11-29T10:30:00.500000+00:00"),
                            ("2025-11-29T10:30:00.123456789+0100", "2025-11-29T10:30:00.123456+01:00")]:
            self.assertEqual(sequences._python310(text), words)


if __name__ == "__main__":
    unittest.main()

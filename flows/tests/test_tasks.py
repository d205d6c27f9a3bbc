import contextlib
import io
import os
import tempfile
import unittest

from christmas.lib import tasks


def run(text, entry):
    """What an entry point prints that finds this input.json, and the exit code."""
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        home = os.getcwd()
        os.chdir(folder)
        try:
            with open("input.json", "w", encoding="utf-8") as file:
                file.write(text)
            with contextlib.redirect_stdout(printed):
                entry()
            code = 0
        except SystemExit as ended:
            code = ended.code
        finally:
            os.chdir(home)
    return printed.getvalue(), code


def echo():
    tasks._run(lambda given: {"body": given["body"]})


class Run(unittest.TestCase):
    def test_an_input_nested_too_deep_is_rejected_with_a_reason(self):
        printed, code = run('{"body": ' + "[" * 5000 + "]" * 5000 + "}", echo)

        self.assertEqual(code, 1)
        self.assertIn("payload rejected: body: expected", printed)

    def test_an_input_nested_a_little_is_read(self):
        printed, code = run('{"body": [[1]]}', echo)

        self.assertEqual((printed, code), ('::{"outputs": {"body": [[1]]}}::\n', 0))

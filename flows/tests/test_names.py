import re
import unittest
from pathlib import Path

from christmas.lib import names

FLOWS = {file.name: file.read_text(encoding="utf-8") for file in (Path(__file__).parent.parent / "christmas").glob("*.yaml")}
PROPERTY = re.compile(r"kv\('NOTION_PROPERTIES', namespace=flow\.namespace, errorOnMissing=false\)\.(\w+)\.(\w+) \?\? '([^']*)'")
SETTING = re.compile(r"kv\('(\w+)', namespace=flow\.namespace, errorOnMissing=false\) \?\? envs\.(\w+)([^}]*)\}\}")


class InFlows(unittest.TestCase):
    """What a flow says itself, since a variable of Kestra can't ask the library."""

    def test_the_name_of_a_property_is_the_maps(self):
        found = [(file, *said) for file, text in FLOWS.items() for said in PROPERTY.findall(text)]
        self.assertEqual(len(found), sum(text.count("errorOnMissing=false).") for text in FLOWS.values()))
        self.assertGreater(len(found), 8)
        for file, database, key, name in found:
            self.assertEqual(name, names.of(database)[key], (file, database, key))

    def test_a_setting_has_one_default(self):
        defaults = {}
        for file, text in FLOWS.items():
            for key, variable, default in SETTING.findall(text):
                self.assertEqual(variable, key.lower(), file)
                self.assertEqual(defaults.setdefault(key, default.strip()), default.strip(), (file, key))
        self.assertIn("DEADLINE_DATE", defaults)


if __name__ == "__main__":
    unittest.main()

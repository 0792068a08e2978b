"""`lightlane explain`: topics, claims, names; every command that is proposed runs; what it refuses."""

import pathlib
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program


class Explain(program.Case):
    def test_text_and_json_say_the_same(self):
        topics = self.json("explain")["topics"]
        self.assertGreater(len(topics), 100)
        shown = self.good("explain").stdout
        for topic in topics:
            self.assertIn(topic["id"], shown)
            self.assertIn(topic["group"], shown)
            self.assertIn(topic["confidence"], ("sure", "likely", "unverified"))
            self.assertTrue(topic["source"])
        for topic in topics[:: 1 if not program.SANITIZED else 10]:
            done = self.good("explain", topic["id"])
            text = " ".join(done.stdout.split())
            self.assertTrue(text.startswith(topic["id"]))
            self.assertIn(topic["text"], text)
            for claim in topic["claims"]:
                self.assertIn(claim["said"], text)
                self.assertIn(claim["right"], text)
                for source in claim["source"] + claim["said_by"]:
                    self.assertIn(source["key"], text)
            for line in done.stdout.splitlines():
                if " try " not in line:
                    self.assertLessEqual(len(line), 100, line)

    def test_commands_that_are_proposed_run(self):
        commands = {command for topic in self.json("explain")["topics"] for command in topic["try"]}
        self.assertGreater(len(commands), 50)
        for command in sorted(commands):
            words = shlex.split(command)
            self.assertEqual(words[0], "lightlane")
            if program.SANITIZED and words[1] in ("link", "phy", "fec"):
                continue
            self.good(*words[1:], status=(0, 1))

    def test_reason_codes_that_commands_show(self):
        for topic in self.json("explain")["topics"]:
            if topic["group"] != "Reason codes" or topic["id"] in ("severities",):
                continue
            for command in topic["try"]:
                text = self.good(*shlex.split(command)[1:], status=(0, 1)).stdout
                self.assertIn(topic["id"].replace("reason ", ""), text, command)

    def test_names_are_found_however_they_are_written(self):
        for name in ("TDECQ", "tdecq", " TDECQ ", "T-D-E-C-Q"):
            self.assertEqual(self.json("explain", name)["topic"]["id"], "TDECQ")
        for words in (("type", "B"), ("Type-B",), ("typeb",), ("type_b",)):
            self.assertEqual(self.json("explain", *words)["topic"]["id"], "type B")
        report = self.json("explain", "QSFP28-DR4")
        self.assertIsNone(report["topic"])
        self.assertEqual(report["catalogue"]["status"], "nonexistent")
        self.assertIn("100GBASE-DR", [match["id"] for match in report["catalogue"]["matches"]])
        text = self.good("explain", "VSR4").stdout
        self.assertIn("often said", text)
        self.assertIn("ambiguous", text)
        self.assertIn("module", self.good("explain", "cisco-qdd-400g-dr4-s").stdout)

    def test_it_refuses_what_is_wrong(self):
        for arguments, names in (
            (("TDEQC",), ("TDEQC", "did you mean", "TDECQ")),
            (("polarty",), ("polarity",)),
            (("qqqqqq",), ("lists the topics",)),
            (("--format", "csv"), ("--format",)),
        ):
            self.refused(("explain", *arguments), names)


if __name__ == "__main__":
    program.main()

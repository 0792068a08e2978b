"""`lightlane select`: ranked optics; text, JSON and CSV alike; what it refuses."""

import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program


class Select(program.Case):
    def test_text_json_and_csv_say_the_same(self):
        flags = ("select", "--rate", 400, "--length-m", 300, "--in", "nvidia-sn4700:3")
        report = self.json(*flags)
        self.assertEqual(report["verdict"], "ok")
        good = [c for c in report["candidates"] if c["verdict"] in ("ok", "conditional")]
        text = self.good(*flags).stdout
        self.assertTrue(text.startswith("BEST"))
        places = [text.index(" " + c["name"] + " ") for c in good]
        self.assertEqual(places, sorted(places))
        rows = list(csv.DictReader(io.StringIO(self.good(*flags, "--format", "csv").stdout)))
        self.assertEqual([r["name"] for r in rows], [c["name"] for c in report["candidates"]])
        self.assertEqual([r["verdict"] for r in rows], [c["verdict"] for c in report["candidates"]])
        for candidate in good:
            for reason in candidate["reasons"]:
                if reason["severity"] != "advice":
                    self.assertIn(reason["text"], text)

    def test_every_refused_one_has_a_reason(self):
        report = self.json("select", "--rate", 400, "--length-m", 300, "--fibres", 2, "--plant-connector", "lc")
        for candidate in report["candidates"]:
            if candidate["verdict"] == "no":
                self.assertTrue(any(r["severity"] == "refusal" for r in candidate["reasons"]), candidate["name"])
        text = self.good("select", "--rate", 400, "--length-m", 300, "--all").stdout
        for candidate in report["candidates"]:
            self.assertIn(candidate["name"], text)

    def test_nothing_suits(self):
        done = self.good("select", "--rate", 400, "--length-m", 80000, status=(1,))
        self.assertTrue(done.stdout.startswith("NONE"))
        self.assertIn("amplifiers", done.stdout)

    def test_it_refuses_what_is_wrong(self):
        for arguments, names in (
            (("--plant-connector", "sc"), ("--plant-connector", "sc", "mpo12")),
            (("--rank-by", "colour"), ("--rank-by", "margin")),
            (("--price", "400GBASE-DR4"), ("--price", "name=number")),
            (("--price", "nothing=5"), ("nothing",)),
            (("--power-max-w", "-3"), ("--power-max-w", "-3")),
            (("--far-in", "nvidia-sn4700:1"), ("--far-in",)),
            (("--far", "VSR4"), ("--far", "VSR4")),
            (("--in", "nowhere"), ("--in", "nowhere")),
            (("--fibres", "0"), ("--fibres",)),
            (("--length-m", "-1"), ("--length-m", "-1")),
        ):
            self.refused(("select", *arguments), names)


if __name__ == "__main__":
    program.main()

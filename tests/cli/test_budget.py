"""`lightlane budget`: worked examples, text and JSON alike, plan files, pictures, and what it refuses."""

import math
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)

PLAN = """
[link]
near = "400GBASE-DR4"
far = "100GBASE-FR1"
[[segment]]
fibre = "G.652.D"
length_m = 300
attenuation_db_per_km = 0.4
[[segment]]
fibre = "G.657.A1"
length_m = 200
attenuation_db_per_km = 0.35
[[connector]]
type = "mpo-apc-low-loss"
count = 4
[[splice]]
type = "splice-fusion"
count = 2
loss_db = 0.1
"""


class Budget(program.Case):
    def test_worked_examples(self):
        # DR4: 0.35 dB/km x 0.5 km + 4 x 0.5 dB leaves 0.825 of 3.0 dB; LR4 and LR1 keep 2.3 dB over 4.0 dB.
        for pmd, flags, available, penalties, loss in (
            ("400GBASE-DR4", ("--length-m", 500, "--attenuation-db-per-km", 0.35, "--connectors", 4, "--connector-loss-db", 0.5), 6.5, 3.5, 2.175),
            ("100GBASE-LR4", ("--length-m", 10000, "--attenuation-db-per-km", 0.3, "--connector-loss-db", 0.4, "--splices", 2, "--splice-loss-db", 0.1), 8.5, 2.2, 4.0),
            ("100GBASE-LR1", ("--length-m", 10000, "--attenuation-db-per-km", 0.3, "--connector-loss-db", 0.4, "--splices", 2, "--splice-loss-db", 0.1), 10.2, 3.9, 4.0),
        ):
            report = self.json("budget", pmd, *flags)
            self.assertEqual(report["verdict"], "pass")
            self.assertEqual(len(report["directions"]), 2)
            for direction in report["directions"]:
                self.assertAlmostEqual(direction["available_db"], available)
                self.assertAlmostEqual(direction["penalties_db"], penalties)
                self.assertAlmostEqual(direction["loss_db"], loss)
                self.assertAlmostEqual(direction["margin_db"], available - penalties - loss)
                self.assertIsInstance(direction["limiting_lane"], int)
                self.assertIsNotNone(direction["overload_margin_db"])
                self.assertAlmostEqual(sum(part["db"] for part in direction["losses"]), loss)
                self.assertAlmostEqual(sum(part["db"] for part in direction["penalties"]), penalties)

    def test_a_type_alone_is_a_whole_question(self):
        report = self.json("budget", "400GBASE-DR4", status=ANY)
        self.assertEqual(report["length_m"], 500)
        assumed = {a["what"]: a for a in report["assumed"]}
        self.assertEqual(assumed["loss of mpo-apc"]["value"], 0.75)
        self.assertEqual(assumed["loss of mpo-apc"]["source"], "ZION")
        self.assertEqual(assumed["length: the reach"]["value"], 500)
        self.assertEqual(assumed["count of mpo-apc"]["value"], 2)
        self.assertIn("fibre: G.652.D", assumed)
        report = self.json("budget", "400GBASE-DR4", "--length-m", 200, "--splices", 1)
        whats = {a["what"] for a in report["assumed"]}
        self.assertTrue({"fibre: G.652.D", "splice: splice-fusion", "loss of splice-fusion"} <= whats)
        self.assertNotIn("length: the reach", whats)
        given = self.json("budget", "400GBASE-DR4", "--length-m", 200, "--fibre", "OS2", "--connector", "mpo-apc", "--connectors", 2)
        self.assertFalse({"fibre: G.652.D", "count of mpo-apc", "connector: mpo-apc"} & {a["what"] for a in given["assumed"]})

    def test_text_and_json_say_the_same(self):
        for arguments in (["400GBASE-FR4"], ["400GBASE-DR4", "--far", "100GBASE-LR1", "--length-m", "100"], ["400GBASE-LR8"], ["400GBASE-DR4", "--length-m", "20000"]):
            text = self.good("budget", *arguments, status=ANY).stdout
            report = self.json("budget", *arguments, status=ANY)
            rows = {}
            for line in text.splitlines():
                if line.startswith("  ") and len(line) >= 56:
                    rows.setdefault(line[2:28].strip(), [line[28:42].strip(), line[42:56].strip()])
            number = lambda value: "?" if value is None else f"{value + 0.0:.2f}".replace("-0.00", "0.00")
            for i, direction in enumerate(report["directions"]):
                for row, key in (("available", "available_db"), ("margin", "margin_db"), ("loss", "loss_db"), ("penalties", "penalties_db"), ("overload margin", "overload_margin_db")):
                    self.assertEqual(rows[row][i], number(direction[key]), (arguments, row))
                if direction["margin_db"] is None and direction["margin_at_most_db"] is not None:
                    self.assertEqual(rows["margin, at most"][i], number(direction["margin_at_most_db"]))
                for what in direction["unknown"]:
                    self.assertIn(what, text)
            for reason in report["reasons"]:
                self.assertIn(reason["text"], text)
                self.assertIn(reason["cure"], text)
            for entry in report["assumed"] + report["limits"]:
                self.assertIn(entry["what"], text)
            self.assertTrue(text.startswith(report["verdict"].upper()))

    def test_exit_status_says_the_verdict(self):
        for arguments, verdict in (
            (["400GBASE-DR4", "--connectors", "2"], "pass"),
            (["400GBASE-DR4", "--connectors", "9"], "fail"),
            (["400GBASE-DR4", "--far", "100GBASE-LR1", "--length-m", "0", "--connectors", "0"], "conditional"),
            (["400GBASE-LR8"], "unknown"),
            (["400GBASE-DR4", "--far", "100GBASE-LR4"], "fail"),
        ):
            report = self.json("budget", *arguments, status=(0,) if verdict == "pass" else (1,))
            self.assertEqual(report["verdict"], verdict, arguments)
            if verdict != "pass":
                self.assertTrue(report["reasons"], arguments)

    def test_overload_names_its_cure(self):
        report = self.json("budget", "400GBASE-DR4", "--far", "100GBASE-LR1", "--length-m", 0, "--connectors", 0, status=(1,))
        self.assertAlmostEqual(report["directions"][1]["overload_margin_db"], -0.8)
        reason = next(r for r in report["reasons"] if r["code"] == "OVERLOAD")
        self.assertIn("0.80 dB", reason["cure"])
        self.json("budget", "400GBASE-DR4", "--far", "100GBASE-LR1", "--length-m", 0, "--connectors", 0, "--attenuator-db", 0.8)

    def test_unknown_limits_are_named_and_give_no_verdict(self):
        report = self.json("budget", "400GBASE-LR8", status=(1,))
        self.assertEqual(report["verdict"], "unknown")
        for direction in report["directions"]:
            self.assertIsNone(direction["margin_db"])
            self.assertTrue(any("sensitivity" in what for what in direction["unknown"]))

    def test_more_loss_never_raises_the_margin(self):
        last = math.inf
        for length in (0, 10, 100, 500, 501, 2000, 20000):
            report = self.json("budget", "400GBASE-DR4", "--length-m", length, status=ANY)
            margin = min(d["margin_at_most_db"] for d in report["directions"])
            self.assertEqual(all(d["margin_db"] == d["margin_at_most_db"] for d in report["directions"]), length < 8000)
            self.assertLess(margin, last)
            last = margin

    def test_swapping_ends_swaps_directions(self):
        one = self.json("budget", "400GBASE-DR4", "--far", "100GBASE-FR1", "--connector", "lc-upc", "--length-m", 300, status=ANY)
        other = self.json("budget", "100GBASE-FR1", "--far", "400GBASE-DR4", "--connector", "lc-upc", "--length-m", 300, status=ANY)
        self.assertEqual(one["directions"], other["directions"][::-1])

    def test_as_published(self):
        report = self.json("budget", "--as-published")
        lr4, lr1 = report["published"]
        for column, receive, margin, without, shown in ((lr4, -10.3, 0.3, 2.3, 2.3), (lr1, -7.4, -0.8, 1.2, 1.1)):
            self.assertAlmostEqual(column["loss_db"], 6.0)
            self.assertAlmostEqual(column["receive_dbm"], receive)
            self.assertAlmostEqual(column["margin_db"], margin)
            self.assertAlmostEqual(column["margin_without_system_margin_db"], without)
            self.assertAlmostEqual(column["calculator_margin_db"], shown)
        for correct in report["correct"]:
            self.assertAlmostEqual(correct["directions"][0]["margin_db"], 2.3)
        text = self.good("budget", "--as-published").stdout
        self.assertIn("As published", text)
        for difference in report["differences"]:
            self.assertIn(difference, text)
        other = self.json("budget", "--as-published", "--length-m", 5000, "--engineering-margin-db", 0)
        self.assertAlmostEqual(other["published"][0]["margin_db"], 3.8)
        self.refused(["budget", "400GBASE-DR4", "--as-published"], ["--as-published"], statuses=(2,))

    def test_yield(self):
        arguments = ["budget", "400GBASE-DR4", "--connectors", 4, "--draws", 20000]
        report = self.json(*arguments, status=ANY)
        y = report["yield"]
        self.assertEqual((y["draws"], y["seed"]), (20000, 1))
        self.assertEqual(y, self.json(*arguments, "--threads", 1, status=ANY)["yield"])
        self.assertNotEqual(y["mean_db"], self.json(*arguments, "--seed", 2, status=ANY)["yield"]["mean_db"])
        self.assertLess(y["p0_1_db"], y["p1_db"])
        self.assertLess(y["p1_db"], y["median_db"])
        shares = [c["variance_share"] for c in y["contributors"]]
        self.assertEqual(shares, sorted(shares, reverse=True))
        self.assertAlmostEqual(sum(shares), 1)
        self.assertEqual(y["contributors"][0]["name"], "mpo-apc")
        self.assertGreater(y["median_db"], min(d["margin_db"] for d in report["directions"]))
        self.assertIn(f"{y['failing']:,} of 20,000 links fail", self.good(*arguments, status=ANY).stdout)
        self.assertNotIn("yield", self.json("budget", "400GBASE-DR4"))
        self.assertNotIn("yield", self.json("budget", "400GBASE-LR8", "--draws", 1000, status=(1,)))
        self.refused(["budget", "400GBASE-DR4", "--draws", "5"], ["--draws"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--tx-sigma-db", "-1"], ["--tx-sigma-db"], statuses=(2,))

    def test_plan_file(self):
        path = self.file("plan.toml", PLAN)
        report = self.json("budget", "--plan", path)
        self.assertEqual(report["length_m"], 500)
        there, back = report["directions"]
        loss = 0.3 * 0.4 + 0.2 * 0.35 + 4 * 0.35 + 2 * 0.1
        self.assertAlmostEqual(there["loss_db"], loss)
        self.assertAlmostEqual(there["margin_db"], 3.3 - loss)  # DR4 to FR1: -2.2 + 5.9 - 0.4
        self.assertAlmostEqual(back["margin_db"], 3.4 - loss)
        self.assertEqual([part["name"] for part in there["losses"]], ["G.652.D", "G.657.A1", "mpo-apc-low-loss", "splice-fusion"])
        self.refused(["budget", "--plan", path, "--length-m", "3"], ["--plan"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--plan", path], ["--plan"], statuses=(2,))

    def test_shipped_plans(self):
        plans = sorted((program.ROOT / "data" / "plans").glob("budget-*.toml"))
        self.assertTrue(plans)
        for plan in plans:
            self.assertEqual(self.json("budget", "--plan", plan)["verdict"], "pass", plan)

    def test_bad_plan_files(self):
        for old, new, names in (
            ("length_m = 300", "length_m = -300", ["plan.toml", "segment 1", "negative"]),
            ("length_m = 300", 'length_m = "300"', ["plan.toml:7", "length_m"]),
            ("length_m = 300", "lenght_m = 300", ["plan.toml:7", "lenght_m", "length_m"]),
            ("G.657.A1", "G.657.A9", ["plan.toml:10", "G.657.A9", "G.657.A1"]),
            ("100GBASE-FR1", "100GBASE-FR7", ["plan.toml:4", "100GBASE-FR7", "100GBASE-FR1"]),
            ("mpo-apc-low-loss", "splice", ["plan.toml:14", "splice"]),
            ("[link]", "[link", ["plan.toml:2"]),
            ("count = 4", "count = 4.5", ["plan.toml:15", "4.5"]),
        ):
            path = self.file("plan.toml", PLAN.replace(old, new, 1))
            self.refused(["budget", "--plan", path], names)
        self.refused(["budget", "--plan", self.file("plan.toml", "")], ["link"], statuses=(3,))
        self.refused(["budget", "--plan", self.file("plan.toml", b"\xff\xfe\x00[link]")], ["plan.toml"], statuses=(3,))
        self.refused(["budget", "--plan", self.folder / "none.toml"], ["none.toml"], statuses=(3,))
        self.refused(["budget", "--plan", self.folder], statuses=(3,))

    def test_waterfall(self):
        for arguments in (["400GBASE-DR4"], ["400GBASE-LR8"], ["400GBASE-DR4", "--far", "100GBASE-LR4"], ["400GBASE-FR4", "--connectors", "30"]):
            path = self.folder / "budget.svg"
            self.good("budget", *arguments, "--svg", path, status=ANY)
            root = xml.etree.ElementTree.fromstring(path.read_text())
            self.assertTrue(root.tag.endswith("svg"))
            texts = [element.text for element in root.iter() if element.tag.endswith("text")]
            if arguments == ["400GBASE-DR4"]:
                margin = self.json("budget", *arguments, status=ANY)["directions"][0]["margin_db"]
                self.assertIn(f"{margin:.2f}", texts)
                self.assertEqual(texts.count("TDECQ"), 2)
            path.unlink()
        self.refused(["budget", "400GBASE-DR4", "--svg", "/nowhere/budget.svg"], ["/nowhere/budget.svg"], statuses=(3,))


class BadInput(program.Case):
    def test_numbers_out_of_range(self):
        for flag, value in (
            ("--length-m", "-5"),
            ("--length-m", "nan"),
            ("--length-m", "inf"),
            ("--length-m", "1e9"),
            ("--length-m", "5km"),
            ("--attenuation-db-per-km", "-0.3"),
            ("--attenuator-db", "-1"),
            ("--ageing-db", "-1"),
            ("--engineering-margin-db", "99"),
            ("--tdecq-db", "-1"),
            ("--extinction-ratio-db", "0"),
        ):
            self.refused(["budget", "400GBASE-DR4", f"{flag}={value}"], [flag], statuses=(2,))
        for flag, value in (("--connectors", "-1"), ("--connectors", "2.5"), ("--splices", "-1"), ("--connector-loss-db", "-1"), ("--connector-reflectance-db", "5")):
            self.refused(["budget", "400GBASE-DR4", f"{flag}={value}"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--length-m", "-5"], ["--length-m", "negative", "1e+06"], statuses=(2,))

    def test_unknown_names_are_met_with_proposals(self):
        self.refused(["budget", "400GBASE-DR5"], ["400GBASE-DR5", "400GBASE-DR4"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--far", "100GBASE-FR2"], ["--far", "100GBASE-FR1"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--fibre", "G652D"], ["--fibre", "G.652.D"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--connector", "mpo-low-los"], ["--connector", "mpo-low-loss"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--splice", "lc-upc"], ["--splice", "lc-upc"], statuses=(2,))
        self.refused(["budget", "400GBASE-DR4", "--attenuation", "least"], ["--attenuation", "planning"], statuses=(2,))
        self.refused(["budget", ""], statuses=(2,))
        self.refused(["budget"], ["PMD"], statuses=(2,))

    def test_fibre_that_does_not_carry_it(self):
        self.refused(["budget", "400GBASE-DR4", "--fibre", "OM4"], ["OM4", "multimode", "G.652.D"], statuses=(2,))
        self.refused(["budget", "400GBASE-SR8", "--fibre", "SMF"], ["G.652.D", "OM4"], statuses=(2,))
        # OS1a is known at 1310 nm only: nothing is said of the BiDi type's neighbours 60 nm and more away.
        for pmd in (p["id"] for p in self.json("catalog", "list", "--kind", "pmd")["pmd"]):
            done = program.run("budget", pmd, "--format", "json", cwd=self.folder)
            self.assertIn(done.returncode, ANY, (pmd, done.stderr))


if __name__ == "__main__":
    program.main()

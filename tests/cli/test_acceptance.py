"""`lightlane acceptance`: recipes of links, their numbers, text, JSON, table and work order alike; what it refuses."""

import csv
import io
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)
TASKS = ["clean", "polarity", "loss", "reflectance", "power", "setup", "bert", "soak", "alarms", "record"]
DR4 = ("acceptance", "400GBASE-DR4", "400GBASE-DR4")


def checks(report, task):
    (step,) = [s for s in report["steps"] if s["id"] == task]
    return {(c["what"], c["where"]): c for c in step["checks"]}


class Acceptance(program.Case):
    def test_every_form_says_the_same(self):
        for link in (DR4[1:], ("100GBASE-LR4", "100GBASE-LR4"), ("400GBASE-DR4", "4x100GBASE-FR1"), ("400GBASE-SR8", "400GBASE-SR8")):
            report = self.json("acceptance", *link)
            self.assertEqual([s["id"] for s in report["steps"]], TASKS)
            self.assertEqual([s["number"] for s in report["steps"]], list(range(1, 11)))
            text = " ".join(self.good("acceptance", *link).stdout.split())
            order = self.good("acceptance", *link, "--format", "md").stdout
            rows = list(csv.DictReader(io.StringIO(self.good("acceptance", *link, "--format", "csv").stdout)))
            wanted = [(s, c) for s in report["steps"] for c in s["checks"]]
            self.assertEqual(len(rows), len(wanted))
            self.assertEqual(order.count("| [ ] |"), len(wanted))
            for row, (step, check) in zip(rows, wanted):
                self.assertEqual((row["id"], row["what"]), (step["id"], check["what"]))
                self.assertEqual(row["measured"], "")
                for key in ("expected", "expected_min", "expected_max", "pass_min", "pass_max"):
                    if check[key] is None:
                        self.assertEqual(row[key], "")
                    else:
                        self.assertTrue(math.isclose(float(row[key]), check[key], rel_tol=1e-9))
                self.assertIn(check["what"], text)
                if check["see"]:
                    self.assertIn(check["see"], text)
                if check["pass_max"] or check["pass_min"]:
                    self.assertTrue(check["source"], check)
            for step in report["steps"]:
                self.assertIn(step["title"], order)
                for action in step["actions"]:
                    self.assertIn(action, text)
                    self.assertIn("- [ ] " + action, order)

    def test_numbers_of_a_lane_without_fec(self):
        report = self.json("acceptance", "100GBASE-LR4", "100GBASE-LR4", "--confidence", 0.99, "--ber", 1e-13, "--soak-h", 1)
        bert = checks(report, "bert")
        seconds = bert[("time without a bit error", "each of 4 lanes, at once")]["pass_min"]
        self.assertAlmostEqual(seconds, -math.log(0.01) / (1e-13 * 25.78125e9), 6)
        one = bert[("time with 1 bit error", "each of 4 lanes, at once")]["pass_min"] * 1e-13 * 25.78125e9
        self.assertAlmostEqual(math.exp(-one) * (1 + one), 0.01, 9)  # the Poisson sum itself
        soak = checks(report, "soak")[("BER that this proves", "each lane, no error seen")]["expected_max"]
        self.assertAlmostEqual(soak * 25.78125e9 * 3600, -math.log(0.01), 9)

    def test_codewords_of_a_link_with_fec(self):
        bert = checks(self.json(*DR4), "bert")
        seconds = bert[("time without an uncorrectable codeword", "both directions")]["pass_min"]
        self.assertAlmostEqual(seconds, -math.log(0.05) * 2.125 / 6.2e-11 / (425e9 / 5440), 6)
        ((_, bins),) = [c for c in bert.items() if c[0][0].startswith("highest bin")]
        ber, words = bert[("pre-FEC BER", "each of 4 lanes, both directions")]["pass_max"], seconds * 425e9 / 5440
        wrong = 1 - (1 - ber) ** 10

        def above(errors):
            return sum(math.comb(544, k) * wrong**k * (1 - wrong) ** (544 - k) for k in range(int(errors) + 1, 40))

        self.assertGreaterEqual(above(bins["pass_max"] - 1) * words, 1)
        self.assertLess(above(bins["pass_max"]) * words, 1)

    def test_a_link_file_and_its_legs(self):
        plan = program.ROOT / "data" / "plans" / "link-dr4-to-four-fr1.toml"
        report = self.json("acceptance", "--plan", plan)
        self.assertEqual(report["interop"]["children"], 4)
        self.assertIn("leg 3, position 2 of B", checks(report, "polarity")[("continuity", "A to B, lane 3")]["see"])
        setup = checks(report, "setup")
        self.assertEqual(setup[("FEC", "B")]["see"].split(" (")[0], "host FEC none")
        self.assertIn("2:1 lanes, beginning at host lane 1, 3, 5, 7", setup[("application", "A")]["see"])
        faces = [what for what, _ in checks(report, "clean") if what.startswith("cable")]
        self.assertEqual(len(faces), 6)
        self.refused(("acceptance", "--plan", plan, "400GBASE-DR4"), ("--plan",))

    def test_an_inventory(self):
        rows = "id,a_device,a_port,b_device,b_port,a_type,b_type,length_m\nL1,s1,1,s2,1,400GBASE-FR4,400GBASE-FR4,500\nL2,s1,2,s2,2,100GBASE-LR4,100GBASE-LR1,500\nL3,s1,3,s2,3,NOSUCH,400GBASE-FR4,500\n"
        file = self.file("links.csv", rows)
        report = self.json("acceptance", "--inventory", file, status=(1,))
        self.assertEqual([(link["id"], link["verdict"], len(link["steps"])) for link in report["links"]], [("L1", "ok", 10), ("L2", "no", 0)])
        self.assertEqual([row["row"] for row in report["skipped"]], [4])
        self.assertIn("NOSUCH", report["skipped"][0]["text"])
        alone = self.json("acceptance", "400GBASE-FR4", "400GBASE-FR4", "--length-m", 500)
        self.assertEqual(report["links"][0]["steps"], alone["steps"])
        done = self.good("acceptance", "--inventory", file, "--format", "csv", status=(1,))
        table = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual({row["link"] for row in table}, {"L1"})
        self.assertEqual(len(table), sum(len(step["checks"]) for step in alone["steps"]))
        self.assertIn("NOSUCH", done.stderr)
        for form in ("text", "md"):
            text = self.good("acceptance", "--inventory", file, "--format", form, status=(1,)).stdout
            for word in ("L1", "L2", "MODULATION", "row 4", "NOSUCH"):
                self.assertIn(word, text)
        self.refused(("acceptance", "--inventory", file, "400GBASE-DR4"), ("--inventory",))
        self.refused(("acceptance", "--inventory", file, "--confidence", 3), ("confidence",))

    def test_what_does_not_work_has_no_recipe(self):
        report = self.json("acceptance", "400GBASE-DR4", "100GBASE-LR4", status=(1,))
        self.assertEqual(report["steps"], [])
        self.assertIn("MODULATION", [r["code"] for r in report["interop"]["reasons"]])
        text = self.good("acceptance", "400GBASE-DR4", "100GBASE-LR4", status=(1,)).stdout
        self.assertTrue(text.startswith("NO "))
        self.assertIn("MODULATION", text)
        self.assertIn("MODULATION", self.good("acceptance", "400GBASE-DR4", "100GBASE-LR4", "--format", "md", status=(1,)).stdout)
        conditional = self.json("acceptance", "400GBASE-DR4", "4x100GBASE-LR1", status=(1,))
        self.assertEqual([s["id"] for s in conditional["steps"]], ["conditions", *TASKS])
        self.assertIn("attenuator", conditional["steps"][0]["actions"][0])

    def test_unknown_limits_are_named(self):
        report = self.json("acceptance", "100G-BiDi-40km", "100G-BiDi-40km", status=(1,))
        self.assertEqual(report["verdict"], "unknown")
        launch = checks(report, "power")[("average launch power of a lane", "A")]
        self.assertIsNone(launch["pass_max"])
        self.assertIn("tx.avg_power_min_dbm", launch["unknown"])
        where = [where for what, where in checks(report, "loss") if what.startswith("insertion loss at 1310")]
        self.assertNotEqual(where[0].split("where")[1], where[1].split("where")[1])  # two wavelengths
        coherent = self.good("acceptance", "400ZR", "400ZR", status=ANY).stdout
        self.assertIn("no pattern is needed", coherent)

    def test_it_refuses_what_is_wrong(self):
        for arguments, names in (
            (("400GBASE-DR4",), ("types", "two ends")),
            (("400GBASE-DR4", "VSR4"), ("B", "VSR4", "ambiguous")),
            ((*DR4[1:], "--confidence", "2"), ("confidence", "0.5 to 0.999999")),
            ((*DR4[1:], "--ber", "0"), ("ber",)),
            ((*DR4[1:], "--errors", "-1"), ("errors",)),
            ((*DR4[1:], "--soak-h", "-1"), ("--soak-h",)),
            ((*DR4[1:], "--pre-fec-margin-db", "nan"), ("--pre-fec-margin-db",)),
            ((*DR4[1:], "--format", "xml"), ("--format",)),
            ((*DR4[1:], "--path", "mpo12-x"), ("--path",)),
        ):
            self.refused(("acceptance", *arguments), names)


if __name__ == "__main__":
    program.main()

"""`lightlane power`: worked examples, text, JSON and CSV alike, plan files, and what it refuses."""

import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)


class Power(program.Case):
    def words(self, *arguments, status=(0,)):
        return self.good(*arguments, status=status).stdout

    def test_worked_examples_of_the_guides(self):
        for module, flags, optics, per_bit in (
            ("qsfp-dd-400g-dr4", ("--ports", 32), 320, 25),
            ("cisco-qdd-400g-dr4-s", ("--ports", 32), 384, 30),
            ("qsfp28-100g-lr4", ("--ports", 128, "--basis", "typical"), 448, 35),
        ):
            report = self.json("power", module, *flags, status=ANY)
            self.assertAlmostEqual(report["optics_w"], optics)
            self.assertAlmostEqual(report["optics_mw_per_gbps"], per_bit)
            self.assertAlmostEqual(report["capacity_gbps"], 12800)
            self.assertAlmostEqual(report["ports_100g_equivalent"], 128)
        self.assertAlmostEqual(self.json("power", "qsfp-dd-400g-dr4", "--ports", 36, status=ANY)["capacity_gbps"], 14400)

    def test_a_module_alone(self):
        for module, low, high in (("qsfp28-100g-lr4", 3.9, 4.4), ("qsfp28-100g-lr1", 3.5, 3.8)):
            report = self.json("power", module)
            self.assertAlmostEqual(report["components_published"]["low_w"], low)
            self.assertAlmostEqual(report["components_published"]["high_w"], high)
            self.assertEqual(report["components_published"]["confidence"], "unverified")
            self.assertIn(f"{low:.2f} .. {high:.2f} W", self.words("power", module))
        self.assertIn("by component: unknown", self.words("power", "osfp-2x400g-dr4"))
        self.assertEqual(self.json("power", "nvidia-mms4x00-ns400")["lane_modes"][0]["power_max_w"], 5)

    def test_shipped_plans(self):
        report = self.json("power", "--plan", program.ROOT / "data/plans/power-32-dr4.toml", status=ANY)
        self.assertEqual(report["populated"], 32)
        self.assertEqual(report["verdict"], "pass")
        report = self.json("power", "--plan", program.ROOT / "data/plans/power-dr4-and-zr.toml", status=ANY)
        self.assertEqual(report["verdict"], "pass", report["reasons"])
        self.assertAlmostEqual(report["optics_w"], 8 * 20 + 24 * 12)
        self.assertAlmostEqual(report["fan_w"], 160 * 0.343)
        self.assertEqual(report["unknown"], [])

    def test_text_json_and_csv_say_the_same(self):
        arguments = ("power", "--switch", "SN5400", "--module", "juniper-740-157132", "--count", 8, "--base-w", 500,
                     "--supplies", 2, "--supply-w", 1500)
        report = self.json(*arguments, status=(1,))
        text = self.words(*arguments, status=(1,))
        self.assertTrue(text.startswith("FAIL"))
        self.assertEqual(report["verdict"], "fail")
        for reason in report["reasons"]:
            self.assertIn(reason["text"], text)
            self.assertIn(reason["cure"], text)
        for assumed in report["assumed"]:
            self.assertIn(assumed["what"], text)
        self.assertIn(f"{report['wall_w']:.1f} W", text)
        rows = list(csv.DictReader(io.StringIO(self.words(*arguments, "--format", "csv", status=(1,)))))
        self.assertEqual(len(rows), 8)
        for row, slot in zip(rows, report["slots"]):
            self.assertEqual(int(row["port"]), slot["port"])
            self.assertAlmostEqual(float(row["case_c"]), slot["case_c"], places=2)

    def test_unknown_stays_unknown(self):
        report = self.json("power", "--switch", "SN5600", "--module", "osfp-2x400g-dr4", status=ANY)
        self.assertEqual(report["verdict"], "unknown")
        self.assertIsNone(report["wall_w"])
        self.assertIn("base power of the switch without modules", report["unknown"])
        self.assertGreater(report["supplies"]["base_room_w"], 0)

    def test_alternate_slots_and_air(self):
        base = ("power", "--ports", 32, "--module", "cisco-qdd-400g-dr4-s", "--base-w", 400, "--cfm", 200, "--port-limit-w", 14,
                "--supplies", 2, "--supply-w", 1500)
        full = self.json(*base, status=ANY)
        half = self.json(*base, "--alternate-slots", status=ANY)
        self.assertEqual(half["populated"], 16)
        self.assertEqual([slot["port"] for slot in half["slots"]], list(range(1, 32, 2)))
        self.assertLess(half["hottest"]["case_c"], full["hottest"]["case_c"])
        self.assertAlmostEqual(half["hottest"]["case_c"], full["alternate_slots"]["hottest_case_c"])
        high = self.json(*base, "--altitude-m", 3000, status=ANY)
        self.assertGreater(high["hottest"]["case_c"], full["hottest"]["case_c"])
        row = self.json(*base, "--row-airflow", "rear-to-front", status=(1,))
        self.assertIn("AIRFLOW", [reason["code"] for reason in row["reasons"]])

    def test_refusals(self):
        for arguments, status, words in (
            (("power",), 2, ("--module",)),
            (("power", "qsfp-dd-400g-dr5"), 2, ("qsfp-dd-400g-dr4",)),
            (("power", "400GBASE-DR4"), 2, ("any of several", "cisco-qdd-400g-dr4-s")),
            (("power", "--switch", "SN9999"), 2, ("nvidia-sn5600",)),
            (("power", "--switch", "SN5600", "--ports", 3), 2, ("--switch",)),
            (("power", "qsfp-dd-400g-dr4", "--ports", 4, "--count", 5), 2, ("--count", "0 to 4")),
            (("power", "qsfp-dd-400g-dr4", "--ports", 0), 2, ("--ports", "1 to 1024")),
            (("power", "qsfp-dd-400g-dr4", "--ports", 2, "--efficiency", 1.5), 2, ("--efficiency", "0.5 to 1")),
            (("power", "qsfp-dd-400g-dr4", "--ports", 2, "--airflow", "up"), 2, ("--airflow", "front-to-rear")),
            (("power", "qsfp-dd-400g-dr4", "--ports", 2, "--lanes", 9), 2, ("--lanes",)),
            (("power", "qsfp-dd-400g-dr4", "--plan", "x.toml"), 2, ("--plan",)),
            (("power", "--plan", "/nowhere.toml"), 3, ("/nowhere.toml",)),
        ):
            self.refused(list(arguments), words, statuses=(status,))


if __name__ == "__main__":
    program.main()

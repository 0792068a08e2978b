"""`lightlane compare`: worked examples, the same facts as `budget`, `link` and `catalog`, pictures, and what it refuses."""

import csv
import io
import math
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

GUIDE = ("--length-m", 10000, "--attenuation-db-per-km", 0.3, "--connector-loss-db", 0.4, "--splices", 2, "--splice-loss-db", 0.1)


class Compare(program.Case):
    def test_worked_examples(self):
        report = self.json("compare", "100GBASE-LR4", "100GBASE-LR1", *GUIDE)
        lr4, lr1 = report["types"]
        self.assertAlmostEqual(lr4["margin_db"], 2.3)
        self.assertAlmostEqual(lr1["margin_db"], 2.3)
        self.assertEqual((lr4["signal"]["line_rate_gbps"], lr1["signal"]["line_rate_gbps"]), (103.125, 106.25))
        self.assertEqual(round(lr4["signal"]["symbol_period_ps"], 2), 38.79)
        self.assertEqual(round(lr1["signal"]["symbol_period_ps"], 2), 18.82)
        self.assertEqual(round(lr1["signal"]["receiver_bandwidth_ghz"], 2), 39.84)
        self.assertEqual(round(lr1["signal"]["level_penalty_electrical_db"], 2), 9.54)
        self.assertEqual(round(lr1["signal"]["code"]["rate"], 5), 0.94485)
        self.assertEqual(round(100 * lr1["signal"]["code"]["overhead"], 2), 5.84)
        # PCS to PCS over 10 km, as `lightlane link` has it.
        self.assertAlmostEqual(lr4["delay"]["ns"], 48959.2, places=1)
        self.assertAlmostEqual(lr1["delay"]["ns"], 49169.6, places=1)
        report = self.json("compare", "400GBASE-DR4", "--power", 10, "--cages", 32)
        density = report["types"][0]["density"]
        self.assertEqual((density["capacity_tbps"], density["ports_100g"], density["typical_w"], density["max_w"]), (12.8, 128, 320, 384))
        self.assertEqual(report["types"][0]["power"]["typical_mw_per_gbps"], 25)
        self.assertAlmostEqual(self.json("compare", "400GBASE-DR4", "--cages", 36)["types"][0]["density"]["capacity_tbps"], 14.4)

    def test_budgets_are_those_of_budget(self):
        for fibre in ((), ("--fibre", "G.657.A1")):
            report = self.json("compare", "400GBASE-DR4", "400GBASE-FR4", "400G-LR4-10", "--length-m", 400, *fibre)
            for t in report["types"]:
                alone = self.json("budget", t["pmd"], "--length-m", 400, *fibre, status=(0, 1))
                self.assertEqual(t["budget"]["directions"], alone["directions"])
                self.assertEqual(t["budget"]["verdict"], alone["verdict"])
                self.assertEqual(t["margin_db"], min(d["margin_db"] for d in alone["directions"]))

    @program.costly
    def test_power_and_delay_are_those_of_link(self):
        link = self.json("link", "--pmd", "100GBASE-LR1", "--set", "run.measure=false", "--set", "environment.case_temperature_c=60", status=(0, 1))["light"]
        report = self.json("compare", "100GBASE-LR1", "--temperature-c", 60)["types"][0]
        self.assertAlmostEqual(report["delay"]["ns"], link["latency_ns"], places=6)
        devices = report["power"]["typical_devices"]
        self.assertAlmostEqual(devices["power_w"], sum(p["w"] for p in link["module_power"]), places=9)
        self.assertEqual({p["name"] for p in devices["parts"]}, {p["what"] for p in link["module_power"]})

    def test_text_table_and_json_say_the_same(self):
        arguments = ("100GBASE-LR4", "100GBASE-LR1", "400GBASE-SR8", "400ZR", "qsfp28-100g-lr4", "--price", "1,2,3,4,5", "--afr-percent", 0.5)
        report = self.json("compare", *arguments)
        text = self.good("compare", *arguments).stdout
        table = {(r["figure"], r["unit"]): r for r in csv.DictReader(io.StringIO(self.good("compare", *arguments, "--format", "csv").stdout))}
        for t in report["types"]:
            self.assertIn(t["name"], text)
            margin = table["margin", "dB"][t["name"]]
            self.assertEqual(margin, "" if t["margin_db"] is None else f"{t['margin_db']:.2f}")
            self.assertEqual(float(table["price", ""][t["name"]]), t["unit_price"])
            self.assertAlmostEqual(float(table["fails in a year", "%"][t["name"]]), 0.5)
            maximum = t["power"]["max_w"]
            shown = table["at most", "W"][t["name"]]
            self.assertEqual(shown, "" if maximum["value"] is None else f"{maximum['value']:g}" + ("*" if maximum["confidence"] == "unverified" else ""))
            for partner in t["breakout"]:
                self.assertIn(partner, text)
        for assumption in report["assumed"]:
            self.assertIn(assumption["what"], text)
        for reason in report["reasons"]:
            self.assertIn(reason["text"], text)

    def test_prices_and_failures_are_unknown_unless_given(self):
        report = self.json("compare", "100GBASE-LR4", "100GBASE-LR1")
        for t in report["types"]:
            self.assertIsNone(t["unit_price"])
            self.assertIsNone(t["reliability"]["fit"])
        self.assertIsNone(report["least_price_per_gbps"])
        assumed = {a["what"] for a in report["assumed"]}
        self.assertTrue({"length: the shortest reach of them", "case temperature", "cages in a switch"} <= assumed)

    def test_a_fibre_that_one_is_not_made_for(self):
        report = self.json("compare", "400GBASE-DR4", "400GBASE-SR8", "--fibre", "OM4", "--length-m", 50)
        self.assertIsNone(report["types"][0]["budget"])
        self.assertIsNotNone(report["types"][1]["margin_db"])
        self.assertEqual(report["reasons"][0]["code"], "PLANT")

    def test_pictures(self):
        self.good("compare", "400GBASE-DR4", "400GBASE-FR4", "400ZR", "--power-svg", "power.svg", "--margin-svg", "margin.svg")
        for name in ("power.svg", "margin.svg"):
            text = (self.folder / name).read_text()
            xml.etree.ElementTree.fromstring(text)
            self.assertIn("400GBASE-FR4", text)
            self.assertNotIn("nan", text)

    def test_as_published(self):
        report = self.json("compare", "--as-published")
        self.assertEqual([(p["power_w"], p["reliability_percent"]) for p in report["published"]], [(4.2, 95), (3.5, 97)])
        self.assertEqual([[round(w, 9) for w in p["component_power_w"]] for p in report["published"]], [[3.9, 4.4], [3.5, 3.8]])  # W20
        text = self.good("compare", "--as-published").stdout
        for check in report["checks"]:
            self.assertIn(check["why"], text)
        for difference in report["differences"]:
            self.assertIn(difference, text)
        worse = self.json("compare", "--as-published", "--degradation-percent", 50)
        for a, b in zip(report["correct"]["types"], worse["correct"]["types"]):
            self.assertAlmostEqual(a["margin_db"] - b["margin_db"], 10 * math.log10(2), places=9)
        hot = self.json("compare", "--as-published", "--temperature-c", 70)
        self.assertGreater(hot["correct"]["types"][0]["power"]["typical_devices"]["power_w"], report["correct"]["types"][0]["power"]["typical_devices"]["power_w"])

    def test_refusals(self):
        for arguments, names in (
            (("compare",), ("type",)),
            (("compare", "QSFP28-DR4"), ("QSFP28-DR4",)),
            (("compare", "400GBASE-DR4", "--temperature-c", "900"), ("--temperature-c", "-60 to 150")),
            (("compare", "400GBASE-DR4", "--cages", "0"), ("cages",)),
            (("compare", "400GBASE-DR4", "--switch", "arista"), ("--switch", "arista-7060dx4-32")),
            (("compare", "400GBASE-DR4", "--switch", "nvidia-sn5400", "--cages", "4"), ("--switch", "--cages")),
            (("compare", "400GBASE-DR4", "--price", "1,2"), ("--price", "2 values")),
            (("compare", "400GBASE-DR4", "--fibre", "OM9"), ("OM9",)),
            (("compare", "400GBASE-DR4", "--attenuation", "least"), ("--attenuation", "typical")),
            (("compare", "400GBASE-DR4", "--low-c", "50", "--high-c", "20"), ("--high-c",)),
            (("compare", "400GBASE-DR4", "--degradation-percent", "95"), ("--degradation-percent", "0 to 90")),
            (("compare", "--as-published", "400GBASE-DR4"), ("--as-published",)),
            (("compare", "--as-published", "--format", "csv"), ("--as-published",)),
            (("compare", "400ZR", "--fibre", "OM4"), ("--length-m",)),
            (("compare", "400GBASE-DR4", "--length-m", "-5"), ("--length-m", "negative")),
            (("compare", "400GBASE-DR4", "400GBASE-SR8", "--connector-loss-db", "99"), ("loss_db", "0 to 20")),
        ):
            self.refused(arguments, names)


if __name__ == "__main__":
    program.main()

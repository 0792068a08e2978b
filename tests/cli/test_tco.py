"""`lightlane tco`: worked examples, closed forms, text, JSON, table and pictures alike, plans, bills, and what it refuses."""

import csv
import io
import math
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

PLANS = program.ROOT / "data" / "plans"
COMMON = ("100GBASE-LR4", "100GBASE-LR1", "--price", "650,450", "--power", "4.2,3.5", "--electricity", 0.12, "--years", 5)


def poisson_cdf(k, mean):
    return sum(math.exp(-mean + i * math.log(mean) - math.lgamma(i + 1)) for i in range(k + 1))


def money(value):
    return f"{value:,.2f}"


class Tco(program.Case):
    def test_worked_examples(self):
        report = self.json("tco", *COMMON, "--ports", 100, "--pue", 1)  # W13
        lr4, lr1 = report["alternatives"]
        self.assertAlmostEqual(lr4["total"], 67207.52, places=6)
        self.assertAlmostEqual(lr1["total"], 46839.60, places=6)
        self.assertAlmostEqual(lr1["saving"]["total"], 20367.92, places=6)
        self.assertAlmostEqual(lr1["saving"]["total_share"], 0.303, places=3)
        self.assertEqual(report["cheapest"], "100GBASE-LR1")
        report = self.json("tco", *COMMON, "--ports", 500, "--pue", 1)  # W10, W11
        lr4, lr1 = report["alternatives"]
        self.assertEqual((lr4["capex"], lr1["capex"], lr1["saving"]["capex"]), (325000, 225000, 100000))
        self.assertAlmostEqual(lr1["saving"]["capex_share"], 0.308, places=3)
        for key, value in (("power_w", 350), ("kwh", 15330), ("kwh_per_year", 3066), ("energy", 1839.60)):
            self.assertAlmostEqual(lr1["saving"][key], value, places=6)
        report = self.json("tco", *COMMON, "--ports", 2000, "--pue", 1)  # W12
        self.assertEqual(report["alternatives"][1]["saving"]["capex"], 400000)
        # 500 links have 1000 modules.
        report = self.json("tco", *COMMON, "--links", 500, "--pue", 1)
        self.assertEqual(report["alternatives"][0]["capex"], 650000)
        self.assertEqual(report["alternatives"][0]["items"][0]["quantity"], 1000)
        report = self.json("tco", *COMMON, "--links", 500, "--redundancy", "none,1+1")
        self.assertEqual([a["items"][0]["quantity"] for a in report["alternatives"]], [1000, 2000])

    def test_closed_forms(self):
        report = self.json(
            "tco", "100GBASE-LR4", "--ports", 1000, "--price", 600, "--power", 4, "--electricity", 0.2, "--electricity-growth", 0,
            "--pue", 1.5, "--rate", 0.08, "--years", 10, "--fit", 800, "--fit-temperature-c", 40, "--temperature-c", 50,
            "--activation-energy-ev", 0.7, "--lead-time-days", 73, "--service-level", 0.99, "--labour", 100, "--repair-hours", 2,
            "--mttr-hours", 8, "--residual-share", 0.1)
        a = report["alternatives"][0]
        factor = math.exp(0.7 / 8.617333262e-5 * (1 / 313.15 - 1 / 323.15))
        afr = -math.expm1(-800 * factor * 8.76e-6)
        failures = 1000 * afr
        self.assertAlmostEqual(a["items"][0]["arrhenius_factor"], factor, places=9)
        self.assertAlmostEqual(a["failures_per_year"], failures, places=9)
        stock = next(k for k in range(100) if poisson_cdf(k, failures / 5) >= 0.99)
        self.assertEqual(a["spares"], stock)
        annuity = (1 - 1.08**-10) / 0.08
        yearly = 1000 * 4 * 8.76 * 1.5 * 0.2 + failures * (600 + 200)
        npv = 600000 + stock * 600 + yearly * annuity - 60000 / 1.08**10
        self.assertAlmostEqual(a["npv"], npv, delta=1e-9 * npv)
        down = 800 * factor * 1e-9 * 8 / (1 + 800 * factor * 1e-9 * 8)
        self.assertAlmostEqual(a["availability"]["unavailability"], down, delta=1e-12)
        self.assertAlmostEqual(a["availability"]["minutes_per_year"], down * 525600, delta=1e-9)
        self.assertAlmostEqual(a["availability"]["nines"], -math.log10(down), places=9)

    def test_availability(self):
        # 99.997 %: 3e-5 down, 15.8 minutes a year.
        fit = 3e-5 / (1 - 3e-5) / 4 * 1e9
        report = self.json("tco", "100GBASE-LR4", "--price", 1, "--fit", fit)
        a = report["alternatives"][0]["availability"]
        self.assertEqual(a["text"], "99.997 %")
        self.assertAlmostEqual(a["minutes_per_year"], 15.768, places=6)
        text = self.good("tco", "100GBASE-LR4", "--price", 1, "--fit", fit, "--target-availability", 0.99999, status=(1,)).stdout
        self.assertIn("99.997 %", text)
        self.assertIn("AVAILABILITY", text)
        self.assertIn("second path", text)
        # Two such paths: 9e-10.
        for redundancy in ("1of2", "1+1"):
            report = self.json("tco", "100GBASE-LR4", "--price", 1, "--fit", fit, "--redundancy", redundancy, "--target-availability", 0.99999)
            self.assertTrue(report["target_met"])
            self.assertAlmostEqual(report["alternatives"][0]["availability"]["unavailability"], 9e-10, delta=1e-15)
        report = self.json("tco", "100GBASE-LR4", "100GBASE-LR1", "--price", 1, "--fit", fit, "--redundancy", "none,2of3")
        self.assertAlmostEqual(report["alternatives"][1]["availability"]["unavailability"], 3 * 9e-10, delta=1e-13)

    def test_text_table_and_json_say_the_same(self):
        arguments = (*COMMON, "--ports", 200, "--afr-percent", "0.12,0.08", "--labour", 80, "--rate", 0.05, "--maintenance-per-year", 100, "--lead-time-days", 365)
        report = self.json("tco", *arguments)
        text = self.good("tco", *arguments).stdout
        for label, key in (("equipment", "equipment"), ("spares", "spares_cost"), ("capex", "capex"), ("energy", "energy"), ("repair", "repair"),
                           ("maintenance", "maintenance"), ("total, as paid", "total"), ("net present value", "npv")):
            line = next(l for l in text.splitlines() if l.startswith(f"  {label} "))
            self.assertEqual(line[30:].split(), [money(a[key]) for a in report["alternatives"]], label)
        for assumption in report["assumed"]:
            self.assertIn(assumption["what"], text)
        for swing in report["alternatives"][1]["sensitivity"][:10]:
            self.assertIn(swing["what"], text)
        self.assertIn(money(report["alternatives"][1]["saving"]["npv"]), text.splitlines()[0])
        table = list(csv.DictReader(io.StringIO(self.good("tco", *arguments, "--format", "csv").stdout)))
        self.assertEqual(len(table), 2 * 6)
        years = [y for a in report["alternatives"] for y in a["years"]]
        for row, year in zip(table, years):
            for key in ("year", "capex", "energy", "repair", "maintenance", "total", "cumulative", "present", "cumulative_present"):
                self.assertEqual(float(row[key]), year[key])

    def test_what_is_not_given_is_listed_or_unknown(self):
        report = self.json("tco", "100GBASE-LR4", "100GBASE-LR1")
        assumed = {a["what"]: a for a in report["assumed"]}
        self.assertTrue({"ports", "years", "pue", "electricity_per_kwh [$/kWh]", "discount_rate", "power_w of 100GBASE-LR4"} <= set(assumed))
        self.assertEqual(assumed["power_w of 100GBASE-LR4"]["value"], 3.5)
        self.assertIsNotNone(assumed["power_w of 100GBASE-LR4"]["confidence"])
        self.assertTrue(all(a["source"] for a in report["assumed"]))
        self.assertIsNone(report["cheapest"])
        for a in report["alternatives"]:
            self.assertIsNone(a["capex"])
            self.assertIsNone(a["npv"])
            self.assertIsNone(a["availability"])
            self.assertIsNotNone(a["kwh"])
            self.assertTrue(any(a["name"] in u and "unit_price" in u for u in report["unknown"]))
        text = self.good("tco", "100GBASE-LR4", "100GBASE-LR1").stdout
        self.assertIn("not known", text.splitlines()[0])
        # No price of the published guide is ever used unasked.
        self.assertNotIn("650", text)

    def test_plans_that_ship_and_bills(self):
        report = self.json("tco", "--plan", PLANS / "tco-lr4-or-lr1.toml")
        self.assertEqual([a["name"] for a in report["alternatives"]], ["LR4", "LR1"])
        self.assertTrue(report["target_met"])
        self.assertEqual(report["unknown"], [])
        report = self.json("tco", "--plan", PLANS / "tco-breakout-or-lr4.toml")
        breakout = report["alternatives"][1]
        self.assertEqual(breakout["capex"], 27 * 900 + 104 * 320 + 26 * 140)
        self.assertEqual(breakout["power_w"], 25 * 9 + 100 * 3.5)
        self.assertEqual(breakout["spares"], 7)
        report = self.json("tco", "100GBASE-LR4", "--price", 700, "--ports", 200, "--bill", PLANS / "tco-dr4-breakout-bill.csv")
        self.assertEqual(report["alternatives"][1]["capex"], breakout["capex"])

    def test_a_tornado_is_the_question_again(self):
        base = {"--price": [650, 450], "--power": [4.2, 3.5], "--fit": [140], "--labour": [80], "--rate": [0.06], "--pue": [1.4]}
        ask = lambda change: self.json("tco", "100GBASE-LR4", "100GBASE-LR1", "--ports", 300,
                                       *[x for k, v in {**base, **change}.items() for x in (k, ",".join(map(str, v)))])
        report = ask({})["alternatives"][1]
        swings = {s["what"]: s for s in report["sensitivity"]}
        widths = [s["swing"] for s in report["sensitivity"]]
        self.assertEqual(widths, sorted(widths, reverse=True))
        for what, change in (("unit_price of 100GBASE-LR4", lambda f: {"--price": [650 * f, 450]}), ("pue", lambda f: {"--pue": [1.4 * f]}),
                             ("fit", lambda f: {"--fit": [140 * f]}), ("discount_rate", lambda f: {"--rate": [0.06 * f]})):
            for factor, key in ((0.8, "npv_at_low"), (1.2, "npv_at_high")):
                self.assertAlmostEqual(ask(change(factor))["alternatives"][1]["saving"]["npv"], swings[what][key], places=6, msg=what)

    def test_pictures(self):
        self.good("tco", *COMMON, "--ports", 100, "--fit", 100, "--svg", "cost.svg", "--tornado-svg", "tornado.svg")
        for name, words in (("cost.svg", ("100GBASE-LR4", "year")), ("tornado.svg", ("unit_price of 100GBASE-LR1", "pue"))):
            text = (self.folder / name).read_text()
            xml.etree.ElementTree.fromstring(text)
            for word in words:
                self.assertIn(word, text)
        self.good("tco", "100GBASE-LR4", "--svg", "empty.svg", "--tornado-svg", "none.svg")  # no price: still a picture
        for name in ("empty.svg", "none.svg"):
            text = (self.folder / name).read_text()
            xml.etree.ElementTree.fromstring(text)
            self.assertNotIn("nan", text)
            self.assertNotIn("inf", text.replace("info", ""))

    def test_as_published(self):
        report = self.json("tco", "--as-published")
        totals = [round(t["total"], 6) for t in report["tco"]["published"]]
        self.assertEqual(totals, [125000, 92000])
        self.assertAlmostEqual(report["tco"]["saving"], 33000, places=6)
        self.assertEqual(round(report["tco"]["saving_percent"]), 26)
        self.assertAlmostEqual(report["tco"]["model"]["alternatives"][0]["total"], 67207.52, places=6)
        self.assertEqual((report["migration"]["ports"], report["migration"]["saving_kwh"]), (750, 1200))
        self.assertAlmostEqual(report["migration"]["ports_reckoned"], 300 * 1.2**5, places=9)  # W14
        self.assertAlmostEqual(report["migration"]["saving_kwh_reckoned"], 1226.4, places=9)
        self.assertEqual(report["migration"]["recommendation"], "Deploy LR1")
        self.assertEqual(report["confidence"], "unverified")
        text = self.good("tco", "--as-published").stdout
        for check in report["checks"]:
            self.assertIn(check["what"], text)
            self.assertIn(check["why"], text)
            if check["fit"] == "differs":
                self.assertTrue(check["why"])
        for difference in report["tco"]["differences"]:
            self.assertIn(difference, text)
        other = self.json("tco", "--as-published", "--existing-ports", 100, "--new-ports", 0, "--growth-percent", 10, "--years", 3)
        self.assertAlmostEqual(other["migration"]["ports_reckoned"], 100 * 1.1**5, places=9)
        self.assertAlmostEqual(other["migration"]["saving_kwh_reckoned"], 613.2, places=9)

    def test_refusals(self):
        good = ("tco", "100GBASE-LR4", "100GBASE-LR1")
        for arguments, names in (
            (("tco",), ("type", "--plan")),
            (("tco", "100GBASE-LR5"), ("100GBASE-LR",)),
            ((*good, "--price", "1,2,3"), ("--unit-price", "3 values", "2 alternatives")),
            ((*good, "--price", "-1"), ("--unit-price", "-1")),
            ((*good, "--price", "abc"), ("abc",)),
            ((*good, "--rate", "0.1,0.2"), ("--discount-rate", "one")),
            ((*good, "--pue", "0.5"), ("pue", "1 to 10")),
            ((*good, "--fit", "5", "--mtbf-hours", "1e6"), ("--fit", "--mtbf-hours")),
            ((*good, "--mtbf-hours", "0"), ("--mtbf-hours", "1 to")),
            ((*good, "--redundancy", "3of2"), ("--redundancy", "3of2")),
            ((*good, "--redundancy", "two"), ("--redundancy", "two")),
            ((*good, "--years", "0"), ("years", "1 to 100")),
            ((*good, "--ports", "1.5"), ("quantity", "whole")),
            ((*good, "--ports", "1", "--links", "1"), ("--links", "--ports")),
            ((*good, "--target-availability", "99.99"), ("--target-availability", "0 to 1")),
            ((*good, "--growth-percent", "5"), ("--as-published",)),
            ((*good, "--bill", "none.csv"), ("none.csv",)),
            (("tco", "--plan", "none.toml"), ("none.toml",)),
            (("tco", "--plan", "x.toml", "--price", "5"), ("--plan",)),
            (("tco", "--as-published", "100GBASE-LR4"), ("--as-published",)),
            (("tco", "--as-published", "--price", "5"), ("--as-published",)),
            (("tco", "--as-published", "--ports", "-4"), ("-4",)),
        ):
            self.refused(arguments, names)
        for name, text, words in (
            ("plan.toml", "[study]\npue = 20\n[[alternative]]\nname = \"a\"\nquantity = 1\n", ("plan.toml:2", "study.pue", "1 to 10")),
            ("plan.toml", "[[alternative]]\nname = \"a\"\nbill = \"no.csv\"\n", ("no.csv",)),
            ("plan.toml", "[[alternative]]\nname = \"a\"\nquantitty = 1\n", ("plan.toml:3", "quantity")),
        ):
            self.file(name, text)
            self.refused(("tco", "--plan", name), words)
        self.file("bad.csv", "part,quantity\nqsfp,many\n")
        self.refused(("tco", "--bill", "bad.csv"), ("bad.csv:2", "many"))
        self.file("empty.csv", "part,quantity\n")
        self.refused(("tco", "--bill", "empty.csv"), ("empty.csv",))


if __name__ == "__main__":
    program.main()

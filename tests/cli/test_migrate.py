"""`lightlane migrate`: shipped plans, text, JSON and CSV alike, bills and pictures, what it refuses."""

import csv
import io
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)
PLANS = program.ROOT / "data" / "plans"


class Migrate(program.Case):
    def test_the_cases_of_the_guides(self):
        three = self.json("migrate", "--plan", PLANS / "migrate-three-sites.toml")
        self.assertEqual([l["move"] for l in three["links"]], ["new optics"] * 6)
        self.assertEqual(three["years"][-1]["links_short"], 0)
        campus = self.json("migrate", "--plan", PLANS / "migrate-campus.toml", status=(1,))
        moves = {l["id"]: l for l in campus["links"]}
        for rim in ("rim-1", "rim-2"):  # 7 to 8 dB and more than 10 km are not within specification
            self.assertEqual((moves[rim]["verdict_before"], moves[rim]["move"]), ("no", "keep"))
        self.assertEqual(moves["core-1"]["move"], "new optics")
        exchange = self.json("migrate", "--plan", PLANS / "migrate-exchange.toml", status=(1,))
        moves = {l["id"]: l for l in exchange["links"]}
        self.assertEqual({moves[m]["move"] for m in ("m1", "m2", "m4", "m9")}, {"breakout"})
        for lr4 in ("m5", "m6"):  # an LR4 cannot stay behind a DR4 breakout
            self.assertEqual(moves[lr4]["move"], "bond")
        self.assertEqual(moves["inter-1"]["move"], "new optics")
        ring = self.json("migrate", "--plan", PLANS / "migrate-ring.toml", status=(1,))
        self.assertEqual([l["move"] for l in ring["links"]], ["bond"] * 5)
        self.assertIn("400ZR", ring["links"][0]["why"])

    def test_text_json_and_csv_say_the_same(self):
        for plan in sorted(PLANS.glob("migrate-*.toml")):
            report = self.json("migrate", "--plan", plan, status=ANY)
            text = self.good("migrate", "--plan", plan, "--all", status=ANY).stdout
            self.assertTrue(text.startswith(report["recommendation"]))
            for reason in report["reasons"]:
                self.assertIn(reason, text)
            for phase in report["phases"]:
                self.assertIn(phase["rollback"], text)
            for link in report["links"]:
                self.assertIn(link["why"], text)
            rows = list(csv.DictReader(io.StringIO(self.good("migrate", "--plan", plan, "--format", "csv", status=ANY).stdout)))
            self.assertEqual([r["move"] for r in rows], [l["move"] for l in report["links"]])
            self.assertEqual([r["after"] for r in rows], [l["verdict_after"] for l in report["links"]])

    def test_bill_and_picture(self):
        self.good("migrate", "--plan", PLANS / "migrate-exchange.toml", "--bill", "bill.csv", "--svg", "years.svg", status=(1,))
        bill = list(csv.DictReader(io.StringIO((self.folder / "bill.csv").read_text())))
        report = self.json("migrate", "--plan", PLANS / "migrate-exchange.toml", status=(1,))
        self.assertEqual([(b["part"], int(b["quantity"])) for b in bill], [(b["part"], b["quantity"]) for b in report["bill"]])
        picture = xml.etree.ElementTree.parse(self.folder / "years.svg").getroot()
        self.assertTrue(picture.tag.endswith("svg"))

    def test_flags_are_a_plan(self):
        links = self.file("links.csv", "a_device,a_port,b_device,b_port,type,length_m\nx,1,y,1,100GBASE-LR4,1500\n")
        report = self.json("migrate", "--inventory", links, "--growth", 0.3, "--years", 4, "--price", "400GBASE-FR4=900",
                           "--price", "400G-FR4 (Lambda MSA r2.0)=900", "--price", "400G-LR4-10=900", "--price", "400GBASE-LR4-6=900")
        self.assertEqual(report["links"][0]["move"], "new optics")
        self.assertEqual(report["cost"], 1800)
        self.assertAlmostEqual(report["years"][-1]["demand_gbps"], 100 * 1.3**4)
        kept = self.json("migrate", "--inventory", links, "--growth", 0, status=ANY)
        self.assertEqual(kept["links"][0]["move"], "keep")

    def test_it_refuses_what_is_wrong(self):
        links = self.file("links.csv", "a_device,a_port,b_device,b_port,type\nx,1,y,1,100GBASE-LR4\n")
        plan = self.file("plan.toml", "[migration]\ninventory = \"nowhere.csv\"\n")
        for arguments, names in (
            ((), ("--plan", "--inventory")),
            (("--plan", plan), ("nowhere.csv",)),
            (("--plan", plan, "--years", "3"), ("--plan",)),
            (("--inventory", links, "--switch", "x"), ("--switch", "device=seat")),
            (("--inventory", links, "--switch", "x=y"), ("--switch", "y")),
            (("--inventory", links, "--price", "x=1"), ("--price",)),
            (("--inventory", links, "--years", "-1"), ("years", "-1")),
            (("--inventory", links, "--assume-type", "VSR4"), ("--assume-type",)),
        ):
            self.refused(("migrate", *arguments), names)


if __name__ == "__main__":
    program.main()

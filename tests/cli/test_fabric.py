"""`lightlane fabric`: worked examples, text, JSON and CSV alike, bills, cables, pictures, plan files, and what it refuses."""

import collections
import csv
import io
import pathlib
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)


def tier(report, name):
    return next(t for t in report["tiers"] if t["name"] == name)


class Fabric(program.Case):
    def test_worked_example(self):
        report = self.json("fabric", "--plan", program.ROOT / "data/plans/fabric-rail-1024.toml")
        self.assertEqual(report["gpus_per_stripe"], 256)
        self.assertEqual(report["stripes"], 4)
        self.assertEqual(tier(report, "leaf")["count"], 32)
        self.assertEqual(tier(report, "spine")["count"], 16)
        self.assertEqual(tier(report, "spine")["ports_free"], 0)
        self.assertEqual([links["count"] for links in report["links"]], [1024, 1024])
        self.assertEqual(report["optics"], 4096)
        self.assertIsNotNone(report["cost"]["total"])
        self.assertAlmostEqual(report["power"]["devices_w"]["total"], 48 * 700 + 3072 * 10 + 1024 * 9)

    def test_shipped_plans(self):
        breakout = self.json("fabric", "--plan", program.ROOT / "data/plans/fabric-breakout-spine.toml")
        up = breakout["links"][1]
        self.assertEqual((up["upper_modules"], up["lower_modules"], up["harnesses"]), (128, 512, 128))
        tree = self.json("fabric", "--plan", program.ROOT / "data/plans/fabric-fat-tree.toml")
        self.assertEqual([t["count"] for t in tree["tiers"]], [128, 128, 64])
        self.assertEqual(tree["capacity"], 1024)
        large = self.json("fabric", "--plan", program.ROOT / "data/plans/fabric-rail-100k.toml", status=ANY)
        self.assertEqual(large["links"][0]["count"], 100000)
        self.assertEqual(len(large["tiers"]), 3)

    def test_text_json_and_bill_say_the_same(self):
        arguments = ("fabric", "--gpus", 512, "--leaf", "64x400", "--spares-percent", 3)
        report = self.json(*arguments)
        text = self.good(*arguments).stdout
        self.assertTrue(text.startswith("PASS"))
        for t in report["tiers"]:
            self.assertIn(t["switch"], text)
        for assumed in report["assumed"]:
            self.assertIn(assumed["what"], text)
        self.assertIn("cost, spares contained: unknown", text)
        self.assertIsNone(report["cost"]["total"])
        rows = list(csv.DictReader(io.StringIO(self.good(*arguments, "--format", "csv").stdout)))
        self.assertEqual(list(rows[0]), "part,kind,role,quantity,spares,unit_cost,power_w,length_m".split(","))
        self.assertEqual(len(rows), len(report["bill"]))
        for row, line in zip(rows, report["bill"]):
            self.assertEqual(row["part"], line["part"])
            self.assertEqual(int(row["quantity"]), line["quantity"])
            self.assertEqual(int(row["spares"]), -(-line["quantity"] * 3 // 100))

    def test_files(self):
        done = self.json("fabric", "--gpus", 512, "--leaf", "64x400", "--bom", "bom.csv", "--cables", "cables.csv", "--svg", "f.svg")
        bom = list(csv.DictReader(io.StringIO((self.folder / "bom.csv").read_text())))
        self.assertEqual(sum(int(row["quantity"]) for row in bom if row["kind"] == "module"), done["optics"])
        cables = list(csv.DictReader(io.StringIO((self.folder / "cables.csv").read_text())))
        self.assertEqual(len(cables), sum(links["count"] for links in done["links"]))
        ports = [(row["from"], row["from_port"]) for row in cables] + [(row["to"], row["to_port"]) for row in cables]
        self.assertEqual(len(set(ports)), len(ports))
        # Cords of the bill are the cables of the list, by length.
        listed = collections.Counter((row["tier"], float(row["length_m"])) for row in cables if row["medium"] not in ("dac", "aoc"))
        billed = collections.Counter()
        for row in bom:
            if row["kind"] == "cord":
                billed[row["role"], float(row["length_m"])] += int(row["quantity"])
        self.assertEqual(listed, billed)
        picture = xml.etree.ElementTree.parse(self.folder / "f.svg").getroot()
        words = " ".join(node.text or "" for node in picture.iter())
        self.assertIn("16 leaves", words)
        self.assertIn("512 links of 400G", words)

    def test_a_large_picture_stays_small(self):
        self.good("fabric", "--gpus", 100000, "--leaf", "SN5600", "--svg", "f.svg", status=ANY)
        self.assertLess((self.folder / "f.svg").stat().st_size, 60000)

    def test_refusals(self):
        for arguments, status, words in (
            ((), 2, ("--hosts",)),
            (("--gpus", 64), 2, ("--leaf",)),
            (("--gpus", 0, "--leaf", "64x400"), 2, ("--gpus", "1 to 1e+07")),
            (("--gpus", -3, "--leaf", "64x400"), 2, ("--gpus",)),
            (("--hosts", 64, "--leaf", "64x"), 2, ("--leaf", "64x400")),
            (("--hosts", 64, "--leaf", "SN9"), 2, ("--leaf", "nvidia-sn5600")),
            (("--hosts", 100, "--kind", "three-tier", "--radix", 63), 2, ("--radix", "62 or 64")),
            (("--hosts", 512, "--leaf", "64x400", "--spines", 12), 2, ("--spines", "8 or 16")),
            (("--hosts", 5000, "--leaf", "64x400"), 2, ("64 leaves (2048 hosts), or 3 tiers",)),
            (("--hosts", 64, "--gpus", 64, "--leaf", "64x400"), 2, ("--hosts",)),
            (("--hosts", 64, "--leaf", "64x400", "--kind", "ring"), 2, ("--kind", "leaf-spine")),
            (("--hosts", 64, "--leaf", "64x400", "--oversubscription", 0), 2, ("--oversubscription",)),
            (("--hosts", 64, "--leaf", "64x400", "--downlinks", 60, "--uplinks", 60), 2, ("4 downlinks at most",)),
            (("--hosts", 64, "--leaf", "64x400", "--host-gbps", 300), 2, ("no module is known",)),
            (("--plan", "x.toml", "--hosts", 3), 2, ("--plan",)),
            (("--plan", "/nowhere.toml"), 3, ("/nowhere.toml",)),
        ):
            self.refused(["fabric", *arguments], words, statuses=(status,))

    def test_plans_name_their_lines(self):
        plan = self.file("f.toml", '[fabric]\nkind = "rail"\ngpus = 64\nnic_gbps = 400\n[leaf]\nswitch = "64x400"\nbase = 3\n')
        self.refused(["fabric", "--plan", plan], ("f.toml:7: leaf.base",), statuses=(3,))
        plan = self.file("g.toml", '[fabric]\nkind = "leaf-spine"\nhosts = 512\nhost_gbps = 400\n[leaf]\nswitch = "64x400"\n[spine]\ncount = 12\n')
        self.refused(["fabric", "--plan", plan], ("g.toml", "8 or 16"), statuses=(3,))


if __name__ == "__main__":
    program.main()

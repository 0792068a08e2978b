"""`lightlane interop`: pairs, plugs, paths, matrices; text and JSON alike; what it refuses."""

import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

ANY = (0, 1)

LINK = """
[link]
near = "400GBASE-DR4"
far = "100GBASE-FR1"
[near]
in = "nvidia-sn4700:3"
mode = "4x100G"
[[cable]]
type = "mpo12-b-sm"
length_m = 10
[[cable]]
type = "mpo12-b-sm-trunk"
length_m = 200
[[cable]]
type = "mpo12-4lc-sm"
length_m = 5
"""


class Interop(program.Case):
    def test_text_and_json_say_the_same(self):
        for pair, verdict, status in (
            (("400GBASE-DR4", "4x100GBASE-FR1"), "ok", 0),
            (("400GBASE-DR4", "4x100GBASE-LR1"), "conditional", 1),
            (("400GBASE-DR4", "100GBASE-LR4"), "no", 1),
        ):
            report = self.json("interop", *pair, status=(status,))
            text = self.good("interop", *pair, status=(status,)).stdout
            self.assertEqual(report["verdict"], verdict)
            self.assertTrue(text.startswith(verdict.upper()))
            for reason in report["reasons"]:
                self.assertEqual(sorted(reason), ["code", "cure", "severity", "text"])
                self.assertIn(reason["text"], text)
                self.assertIn(reason["code"], text)
            self.assertEqual(report["children"], 4 if "4x" in pair[1] else 1)
            for assumed in report["assumed"]:
                self.assertIn(assumed["what"], text)

    def test_a_cure_mends(self):
        report = self.json("interop", "400GBASE-DR4", "4x100GBASE-LR1", status=(1,))
        (overload,) = [r for r in report["reasons"] if r["code"] == "OVERLOAD"]
        needed = float(overload["cure"].split("attenuator of ")[1].split(" dB")[0]) + 0.01
        mended = self.json("interop", "400GBASE-DR4", "4x100GBASE-LR1", "--attenuator-db", needed)
        self.assertEqual(mended["verdict"], "ok")

    def test_plugs_fec_and_modes(self):
        done = self.good("interop", "qsfp28-100g-fr1", "400GBASE-DR4", "--a-fec", "kp4", "--b-in", "nvidia-sn4700:1", status=(1,))
        self.assertIn("set FEC of A to none", done.stdout)
        done = self.good("interop", "qsfp28-100g-fr1", "400GBASE-DR4", "--a-fec", "none", "--b-in", "nvidia-sn4700:1", "--b-mode", "4x100G")
        self.assertTrue(done.stdout.startswith("OK"))
        done = self.good("interop", "qsfp-dd-400g-dr4", "400GBASE-DR4", "--a-in", "qsfp28-cage", status=(1,))
        self.assertIn("second row of contacts", done.stdout)

    def test_a_link_file(self):
        file = self.file("link.toml", LINK)
        report = self.json("interop", "--plan", file)
        self.assertEqual(report["verdict"], "ok")
        self.assertEqual(report["budget"]["length_m"], 215)
        self.assertEqual([r["to_leg"] for r in report["routes"]], [0, 1, 2, 3])
        wrong = self.file("wrong.toml", LINK.replace("mpo12-b-sm-trunk", "mpo12-a-sm-trunk"))
        report = self.json("interop", "--plan", wrong, status=(1,))
        self.assertEqual([r["code"] for r in report["reasons"] if r["severity"] == "condition"], ["POLARITY"])
        self.refused(("interop", "--plan", file, "400GBASE-DR4"), ("--plan",))
        self.refused(("interop", "--plan", self.file("bad.toml", LINK + "[far]\nfec = \"x\"\n")), ("bad.toml:", "far.fec", "kp4"))
        self.refused(("interop", "--plan", self.folder / "none.toml"), ("none.toml",))

    def test_shipped_link_plans_run(self):
        for plan in sorted((program.ROOT / "data" / "plans").glob("link-*.toml")):
            report = self.json("interop", "--plan", plan, status=ANY)
            self.assertIn(report["verdict"], ("ok", "conditional"), plan)

    def test_matrix(self):
        types = ("400GBASE-DR4", "100GBASE-FR1", "qsfp28-100g-lr4")
        report = self.json("interop", "--matrix", *types)
        self.assertEqual(len(report["pairs"]), 9)
        rows = list(csv.DictReader(io.StringIO(self.good("interop", "--matrix", *types, "--format", "csv").stdout)))
        self.assertEqual([r["verdict"] for r in rows], [p["verdict"] for p in report["pairs"]])
        self.assertEqual([r["codes"].split() for r in rows], [p["codes"] for p in report["pairs"]])
        text = self.good("interop", "--matrix", *types).stdout
        self.assertIn("9 pairs", text)
        self.assertIn("4o", text)
        everything = self.json("interop", "--matrix")
        pmds = self.json("catalog", "list", "--kind", "pmd")
        self.assertEqual(len(everything["pairs"]), len(everything["types"]) ** 2)
        self.assertGreater(len(everything["types"]), 35)
        self.assertTrue(pmds)

    INVENTORY = (
        "id,a_device,a_port,a_type,b_device,b_port,b_type,length,fibre,path\n"
        "L1,leaf1,Ethernet0,400GBASE-DR4,spine1,Ethernet0,400GBASE-DR4,300 m,OS2,\n"
        "L2,leaf1,Ethernet8,400GBASE-DR4,spine1,Ethernet8,400GBASE-DR4,0.3 km,OS2,mpo12-a-sm:300\n"
        "L3,leaf1,Ethernet16,400GBASE-DR4,spine1,Ethernet16,100GBASE-LR4,300,OS2,\n"
        "L4,leaf1,Ethernet24,VSR4,spine1,Ethernet24,VSR4,300,OS2,\n"
        "L5,leaf1,Ethernet32,400GBASE-DR4,spine1,Ethernet32,400GBASE-DR4,3 parsec,OS2,\n"
        "L6,leaf1,Ethernet40,400GBASE-DR4,spine1,Ethernet40,400GBASE-DR4,,,\n"
    )

    def test_an_inventory(self):
        file = self.file("links.csv", self.INVENTORY)
        report = self.json("interop", "--inventory", file, status=(1,))
        self.assertEqual([l["verdict"] for l in report["links"]], ["ok", "conditional", "no", "unknown", "ok"])
        self.assertEqual([l["row"] for l in report["links"]], [2, 3, 4, 5, 7])
        self.assertEqual((report["rows"], report["skipped"]), (6, 1))
        self.assertEqual(report["verdicts"], {"no": 1, "unknown": 1, "conditional": 1, "ok": 2})
        self.assertEqual([n["row"] for n in report["notes"]], [6])
        self.assertEqual(report["assumed_rows"]["length: the reach of the types"], 1)
        text = self.good("interop", "--inventory", file, status=(1,)).stdout
        for link in report["links"]:
            for reason in link["reasons"]:
                self.assertIn(reason["text"], text)
        self.assertIn("parsec", text)
        rows = list(csv.DictReader(io.StringIO(self.good("interop", "--inventory", file, "--format", "csv", status=(1,)).stdout)))
        self.assertEqual([r["verdict"] for r in rows], [l["verdict"] for l in report["links"]])
        piped = self.json("interop", "--inventory", "-", stdin=self.INVENTORY, status=(1,))
        self.assertEqual(piped["links"], report["links"])
        some = self.INVENTORY.splitlines(keepends=True)
        good = self.file("good.csv", some[0] + some[1])
        self.assertTrue(self.good("interop", "--inventory", good, "--all").stdout.startswith("OK"))
        bare = self.file("bare.csv", "a_device,b_device\nx,y\n")
        self.assertEqual(self.json("interop", "--inventory", bare, status=(1,))["links"][0]["verdict"], "unknown")
        self.assertEqual(self.json("interop", "--inventory", bare, "--assume-type", "400GBASE-DR4")["links"][0]["verdict"], "ok")

    def test_what_is_no_inventory(self):
        for content, names in (
            ("", ("is empty",)),
            ("../links.csv", ("symbolic link",)),
            ("x,y\n1,2\n", ("columns are x, y",)),
            ("{}", ("JSON without links",)),
            (b"\x00\x01\x02", ("no text",)),
        ):
            self.refused(("interop", "--inventory", self.file("links.csv", content)), ("links.csv", *names))
        good = self.file("links.csv", self.INVENTORY)
        self.refused(("interop", "--inventory", good, "400GBASE-DR4"), ("--inventory",))
        self.refused(("interop", "--inventory", good, "--assume-type", "VSR4"), ("--assume-type",))
        self.refused(("interop", "--inventory", good, "--ageing-db", "-1"), ("--ageing-db",))
        self.refused(("interop", "--all", "400GBASE-DR4", "400GBASE-DR4"), ("--all",))

    def test_it_refuses_what_is_wrong(self):
        for arguments, names in (
            (("400GBASE-DR4",), ("types", "two ends")),
            (("400GBASE-DR4", "VSR4"), ("B", "VSR4", "ambiguous")),
            (("400GBASE-DR4", "QSFP28-DR4"), ("QSFP28-DR4",)),
            (("4x100GBASE-DR", "4x100GBASE-DR"), ("count at one end",)),
            (("400GBASE-DR4", "400GBASE-DR4", "--path", "mpo12-x"), ("--path", "mpo12")),
            (("400GBASE-DR4", "400GBASE-DR4", "--path", "mpo12-b-sm:long"), ("'long' is no length",)),
            (("400GBASE-DR4", "400GBASE-DR4", "--a-in", "nvidia-sn5400:65"), ("--a-in", "nvidia-sn5400:1 to nvidia-sn5400:64")),
            (("400GBASE-DR4", "400GBASE-DR4", "--b-fec", "reed"), ("--b-fec", "reed", "kp4")),
            (("400GBASE-DR4", "400GBASE-DR4", "--length-m", "-5"), ("--length-m", "-5")),
            (("400GBASE-DR4", "400GBASE-DR4", "--format", "csv"), ("--format",)),
            (("--matrix", "--a-fec", "none"), ("--matrix",)),
            (("--matrix", "--length-m", "-1"), ("--length-m", "-1")),
        ):
            self.refused(("interop", *arguments), names)


if __name__ == "__main__":
    program.main()

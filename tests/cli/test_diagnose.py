"""`lightlane diagnose`: every rule on its example, every format, trends, predictions, pictures, and what it refuses."""

import json
import pathlib
import re
import sys
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

EXAMPLES = program.ROOT / "data" / "diagnosis" / "examples"
ANY = (0, 1)
DR4 = ("--pmd", "400GBASE-DR4")


def expected(path):
    return re.search(r"^# expect: (\S+)$", path.read_text(), re.M).group(1)


def causes(report):
    return [cause["rule"] for cause in report["interfaces"][0]["causes"]]


class Examples(program.Case):
    def test_each_example_has_its_own_cause_first(self):
        rows = set()
        for path in sorted(EXAMPLES.iterdir()):
            want = expected(path)
            report = self.json("diagnose", path, status=ANY)
            self.assertEqual(report["input"]["not_understood"], 0, path.name)
            one = report["interfaces"][0]
            if want == "healthy":
                self.assertEqual((one["verdict"], one["causes"]), ("healthy", []), path.name)
                self.good("diagnose", path)
                continue
            self.assertEqual(causes(report)[0], want, f"{path.name}: {causes(report)}")
            self.assertGreater(one["causes"][0]["share"], 0.5, path.name)
            self.assertNotEqual(one["verdict"], "healthy", path.name)
            self.assertTrue(one["causes"][0]["conditions"], path.name)
            self.good("diagnose", path, status=(1,) if not one["idle"] else ANY)
            rows.add(one["causes"][0]["row"])
        self.assertEqual(rows - {None}, set(range(1, 25)))

    def test_every_rule_has_an_example(self):
        rules = {rule["id"] for rule in self.json("diagnose", "--list-rules")["rules"]}
        self.assertEqual(rules, {expected(path) for path in EXAMPLES.iterdir()} - {"healthy"})

    def test_what_cannot_be_told_apart_is_near(self):
        """Dirt and a bend look alike: nothing but what was done last tells them apart."""
        text = (EXAMPLES / "contamination.toml").read_text()
        report = self.json("diagnose", self.file("a.toml", text), status=ANY)
        shares = {cause["rule"]: cause["share"] for cause in report["interfaces"][0]["causes"]}
        self.assertLess(shares["contamination"] / shares["bent-fibre"], 3)

    def test_less_is_known_less_is_said(self):
        """Without a fact that a rule needs, it does not fire."""
        for name, fact, rule in (("row09-polish-mismatch.toml", r"^(polish|reflectance_db|ber_m..) = .*$", "polish-mismatch"), ("row22-harness-permuted.toml", r"^(last_change|harness) = .*$", "harness-permuted"), ("row15-locked-on-transient.toml", r"^ber_before = .*$", "locked-on-transient"), ("row24-bursts.toml", r"^bins = .*$", "bursts")):
            text = (EXAMPLES / name).read_text()
            changed = re.sub(fact, "", text, flags=re.M)
            self.assertNotEqual(text, changed)
            self.assertNotIn(rule, causes(self.json("diagnose", self.file("less.toml", changed), status=ANY)), name)


class Answers(program.Case):
    def test_by_hand(self):
        report = self.json("diagnose", *DR4, "--rx-power-dbm", "-5,-5.2,-9,-30", status=(1,))
        self.assertEqual(report["verdict"], "failing")
        marks = {r["lane"]: r["mark"] for r in report["interfaces"][0]["readings"]}
        self.assertEqual(marks, {1: "ok", 2: "ok", 3: "low_warning", 4: "low_alarm"})
        self.assertEqual({r["limits_of"] for r in report["interfaces"][0]["readings"]}, {"pmd"})
        one = self.json("diagnose", *DR4, "--rx-power-dbm", "0,0,-,-", "--set", "snr_db=20,20", "--oper", "up")
        self.assertEqual(len(one["interfaces"][0]["readings"]), 2)

    def test_text_and_json_say_the_same(self):
        for name in ("row05-single-lane.toml", "row06-gradual-degradation.csv", "row24-bursts.toml", "healthy.toml"):
            text = self.good("diagnose", EXAMPLES / name, status=ANY).stdout
            one = self.json("diagnose", EXAMPLES / name, status=ANY)["interfaces"][0]
            self.assertTrue(text.startswith(one["verdict"].upper()), text[:80])
            for cause in one["causes"]:
                for part in (cause["cause"], cause["symptom"], cause["rule"], *cause["conditions"]):
                    self.assertIn(part, text)
                for e in cause["evidence"]:
                    self.assertIn(e["text"], text)
            for step in one["checks"] + one["actions"] + one["because"] + one["notes"]:
                self.assertIn(step, text)
            for entry in one["assumed"] + one["limits"]:
                self.assertIn(entry["what"], text)
            for reading in one["readings"]:
                self.assertIn(reading["reading"], text)

    def test_trend_and_prediction(self):
        one = self.json("diagnose", EXAMPLES / "row06-gradual-degradation.csv", status=(1,))["interfaces"][0]
        trend = next(t for t in one["trends"] if t["reading"] == "rx_power_dbm" and t["lane"] == 1)
        self.assertAlmostEqual(trend["slope_per_day"], -0.03, delta=0.002)
        self.assertTrue(trend["significant"])
        alarm = next(p for p in trend["predictions"] if p["threshold"] == "low_alarm")
        self.assertAlmostEqual(alarm["days"], (9.9 - 1.0 - 0.03 * 59) / 0.03, delta=15)
        self.assertLessEqual(alarm["soonest_days"], alarm["days"])
        self.assertGreaterEqual(alarm["latest_days"], alarm["days"])

    def test_plant_against_measurement(self):
        flags = (*DR4, "--rx-power-dbm", "-4,-1,-1,-1", "--far-set", "tx_power_dbm=1,1,1,1", "--length-m", 300, "--attenuation-db-per-km", 0.4, "--connectors", 4, "--connector-loss-db", 0.12)
        report = self.json("diagnose", *flags, status=ANY)
        prediction = report["interfaces"][0]["prediction"]
        self.assertAlmostEqual(prediction["loss_db"], 0.6)
        self.assertAlmostEqual(prediction["lanes"][0]["excess_db"], 4.4)
        self.assertAlmostEqual(prediction["worst_excess_db"], 4.4)
        text = self.good("diagnose", *flags, status=ANY).stdout
        self.assertIn("4.40 dB missing", text)
        self.refused(["diagnose", *flags, "--plan", "x"], names=("--plan",))

    def test_both_ends_from_files(self):
        near = self.file("near.toml", '[[interface]]\nname = "E1"\nrx_power_dbm = [-40]\ntx_power_dbm = [0]\n')
        far = self.file("far.toml", '[[interface]]\nname = "E7"\nrx_power_dbm = [0]\ntx_power_dbm = [-40]\n')
        pmd = ("--pmd", "100GBASE-FR1")
        with_far = self.json("diagnose", near, "--far", far, *pmd, status=(1,))
        polarity = next(c for c in with_far["interfaces"][0]["causes"] if c["rule"] == "polarity")
        self.assertTrue(any(not e["supports"] and "sends" in e["text"] for e in polarity["evidence"]))
        self.refused(["diagnose", near, "--far", far, "--far-interface", "E9"], names=("E9",))

    def test_rules_of_the_user(self):
        rules = self.file("r.toml", '[[rule]]\nid = "hot"\nsymptom = "warm"\ncause = "sun"\nprior = 5\nall = ["temperature_c > 40", "lanes(rx_power_dbm > -1) >= 2"]\nsource = "us"\nconfidence = "sure"\n')
        report = self.json("diagnose", *DR4, "--rx-power-dbm", "0,0,-2,-2", "--temperature-c", 45, "--rules", rules, status=(1,))
        self.assertEqual(causes(report), ["hot"])
        self.assertIn("hot", self.good("diagnose", "--list-rules", "--rules", rules).stdout)
        bad = self.file("bad.toml", '[[rule]]\nid = "a"\nsymptom = "s"\ncause = "c"\nprior = 1\nall = ["rx.drak = 1"]\nsource = "x"\nconfidence = "sure"\n')
        self.refused(["diagnose", *DR4, "--rx-power-dbm", "0", "--rules", bad], names=("bad.toml:6", "rx.dark"))

    def test_without_a_cause_it_says_what_to_read(self):
        one = self.json("diagnose", "--ber", "1e-3,1e-9", status=(1,))["interfaces"][0]
        self.assertEqual((one["verdict"], one["causes"]), ("failing", []))
        self.assertIn("read powers", one["checks"][0])

    def test_lists(self):
        self.assertIn("rx.odd_lanes", self.good("diagnose", "--list-features").stdout)
        names = self.good("diagnose", "--list-readings").stdout
        for name in ("rx_power_dbm", "uncorrectable_codewords", "config_status", "-100 to 30 dBm"):
            self.assertIn(name, names)

    def test_pictures(self):
        for name in ("row05-single-lane.toml", "row20-laser-ageing.csv", "row23-no-monitors.toml", "row13-config-rejected.toml"):
            self.good("diagnose", EXAMPLES / name, "--svg", "a.svg", status=ANY)
            root = xml.etree.ElementTree.parse(self.folder / "a.svg").getroot()
            self.assertTrue(root.tag.endswith("svg"))
            self.assertNotIn("nan", (self.folder / "a.svg").read_text())


SONIC = """Ethernet{0}: SFP EEPROM detected
        Application Advertisement:
                1: 400GAUI-8 C2M (Annex 120E) | 400GBASE-DR4 (Cl 124)
        Identifier: QSFP-DD Double Density 8X Pluggable Transceiver
        ChannelMonitorValues:
                RX1Power: {1}dBm
                RX2Power: -0.5000dBm
                RX3Power: -0.5000dBm
                RX4Power: -0.5000dBm
                TX1Bias: 70.0000mA
                TX1Power: 1.0000dBm
"""


class Formats(program.Case):
    def test_a_whole_switch(self):
        text = "".join(SONIC.format(8 * i, power) for i, power in enumerate(("-0.5000", "-7.0000", "-40.0000", "-inf")))
        path = self.file("switch.txt", text + "Ethernet32: SFP EEPROM Not detected\n        Fruit: apple\n")
        report = self.json("diagnose", path, status=(1,))
        self.assertEqual([i["interface"] for i in report["interfaces"]], ["Ethernet16", "Ethernet24", "Ethernet8", "Ethernet32", "Ethernet0"])
        self.assertEqual([i["verdict"] for i in report["interfaces"]], ["failing", "failing", "degraded", "not enough data", "healthy"])
        self.assertEqual(report["input"]["formats"], ["sonic"])
        self.assertEqual(report["input"]["not_understood"], 1)
        self.assertEqual(report["input"]["problems"][0]["text"], "Fruit: apple")
        shown = self.good("diagnose", path, status=(1,)).stdout
        self.assertIn("5 interfaces, 2 failing, 1 degraded, 1 healthy, 1 idle", shown)
        self.assertIn("Fruit: apple", shown)
        self.assertEqual(self.json("diagnose", path, "--interface", "Ethernet0")["verdict"], "healthy")
        self.refused(["diagnose", path, "--interface", "Ethernet1"], names=("Ethernet1",))

    def test_files_of_one_switch_are_put_together(self):
        a = self.file("a.txt", SONIC.format(0, "-0.5000"))
        b = self.file("b.json", json.dumps({"PORT_TABLE:Ethernet0": {"oper_status": "down", "speed": "400000", "fec": "none"}}))
        report = self.json("diagnose", a, b, status=(1,))
        self.assertEqual(len(report["interfaces"]), 1)
        self.assertIn("fec-mismatch", causes(report))
        self.assertEqual(report["input"]["formats"], ["sonic", "sonic-json"])

    def test_formats_are_seen(self):
        for name, text, want in (
            ("a", '# TYPE transceiver_rx_power_dbm gauge\ntransceiver_rx_power_dbm{interface="e0",lane="1"} -1\n', "prometheus"),
            ("a.csv", "interface,rx_power_dbm_1\ne0,-1\n", "csv"),
            ("a.toml", "[[interface]]\nrx_power_dbm = [-1]\n", "toml"),
            ("a", '{"interfaces": {"Ethernet1": {"rxPower": -1}}}', "eos-json"),
            ("a", '[{"identifier": 17, "rcvr_signal_avg_optical_power": [0.8]}]', "ethtool-json"),
            ("a", "# ethtool -m e0\n\tRcvr signal avg optical power(Channel 1)  : 0.8 mW / -1.00 dBm\n", "ethtool"),
            ("a", "Ethernet1/1\n    transceiver is present\nLane Number:1 Network Lane\n    Rx Power   -1.00 dBm\n", "nxos"),
            ("a", "Port (Celsius)  (Volts)   (mA)  (dBm)  (dBm)\nIf device is externally calibrated\nEt1 30 3.3 7 -1 -1.00 0:00:01 ago\n", "eos"),
        ):
            report = self.json("diagnose", self.file(name, text), "--pmd", "100GBASE-FR1")
            self.assertEqual(report["input"]["formats"], [want])
            self.assertAlmostEqual(report["interfaces"][0]["readings"][-1]["value"], -1, delta=0.04)
        self.json("diagnose", self.file("x", "interface;rx_power_dbm_1\ne0;-1\n"), "--input-format", "csv", "--pmd", "100GBASE-FR1")

    def test_standard_input(self):
        report = self.json("diagnose", "-", "--pmd", "400GBASE-DR4", stdin=SONIC.format(0, "-0.5"))
        self.assertEqual(report["verdict"], "healthy")

    def test_bad_input(self):
        text = self.file("a.txt", "hello\nworld\n")
        toml = self.file("a.toml", "[[interface]]\nrx_power_dbm = [-1]\n")
        two = self.file("two.csv", "interface,rx_power_dbm_1\na,-1\nb,-2\n")
        for arguments, names in (
            ([], ("FILE",)),
            ([text], ("a.txt", "--input-format")),
            (["missing.txt"], ("missing.txt",)),
            ([self.file("empty", "")], ("empty",)),
            ([self.file("other.json", '{"lanes": [{"lane": 1}]}')], ("other.json", "--input-format")),
            ([self.file("huge.json", '{"PORT": {"Ethernet0": {"speed": 7e999}}}'), "--input-format", "sonic-json"], ("huge.json", "double precision")),
            ([toml, "--input-format", "yaml"], ("yaml", "sonic")),
            ([toml, "--input-format", "sonic-json"], ("a.toml",)),
            (["--rx-power-dbm", "-5,x"], ("--rx-power-dbm", "'x'")),
            (["--rx-power-dbm", "-5,99"], ("--rx-power-dbm", "lane 2", "30")),
            (["--temperature-c", "1,2"], ("--temperature-c", "whole module")),
            (["--set", "rx_power=1"], ("rx_power", "rx_power_dbm")),
            (["--set", "fec"], ("--set", "name=value")),
            (["--set", "fec=on"], ("fec", "rs544")),
            (["--set", "oper_up=maybe"], ("oper_up", "maybe")),
            (["--bins", "5"], ("--bins", "2 to 17")),
            (["--bins", "5,-1"], ("--bins", "-1")),
            (["--pmd", "400GBASE-DR5", "--rx-power-dbm", "1"], ("400GBASE-DR5",)),
            ([two, "--oper", "up"], ("--interface",)),
            ([toml, "--rules", "none.toml"], ("none.toml",)),
            ([toml, "--interleaved", "9"], ("--interleaved", "1 to 8")),
            ([*DR4, "--rx-power-dbm", "0", "--length-m", "-5"], ("--length-m",)),
            ([*DR4, "--rx-power-dbm", "0", "--length-m", "5", "--fibre", "OM4"], ("OM4",)),
        ):
            self.refused(["diagnose", *arguments], names=names)

    @unittest.skipIf(program.SANITIZED, "a rate")
    def test_ten_thousand_interfaces(self):
        sensor = {f"{side}{lane}{what}": value for lane in range(1, 5) for side, what, value in (("rx", "power", "-0.5"), ("tx", "power", "1.1"), ("tx", "bias", "70"))}
        dump = {}
        for i in range(10000):
            dump[f"TRANSCEIVER_INFO|Ethernet{i}"] = {"type": "QSFP-DD", "specification_compliance": "400GBASE-DR4"}
            dump[f"TRANSCEIVER_DOM_SENSOR|Ethernet{i}"] = {**sensor, "temperature": "45", "voltage": "3.3"}
        path = self.file("fleet.json", json.dumps(dump))
        begin = time.monotonic()
        done = self.good("diagnose", path)
        self.assertLess(time.monotonic() - begin, 5, "a second when nothing else runs")
        self.assertIn("10000 interfaces, 10000 healthy", done.stdout)


if __name__ == "__main__":
    program.main()

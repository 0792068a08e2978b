"""Every shipped scenario through `lightlane link`: it runs, says what it should, and the engines agree on one."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from lightlane_program import ROOT, run  # noqa: E402

SCENARIOS = ROOT / "data" / "scenarios"
# What is meant to break a limit, and which one.
BROKEN = {
    "dr4-dirty-connectors": "channel.orl_min_db",
    "fr4-over-10km": "channel.insertion_loss_max_db",
    "lr1-into-dr4-lane": "rx.avg_power_max_dbm",
}
FEW_FRAMES = ("--set", "traffic.capture=", "--frames", "50")


def link(*arguments):
    done = run("link", *arguments, "--format", "json", timeout=280)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)


class TestShipped(unittest.TestCase):
    def check_all(self, names, engine):
        for path in names:
            with self.subTest(scenario=path.stem):
                status, report = link(path, "--engine", engine, *FEW_FRAMES)
                parts = report.get("ports", [report])
                self.assertEqual(status == 0, report["verdict"] == "pass")
                for part in parts:
                    self.assertEqual(part["engine"], engine)
                    self.assertEqual(part["frames"]["sent"], 50)
                    for lane in part["lanes"]:
                        self.assertIsNotNone(lane["rx_power_dbm"])
                broken = {limit["name"] for part in parts for limit in part["limits"] if not limit["pass"]}
                if path.stem in BROKEN:
                    self.assertIn(BROKEN[path.stem], broken)
                elif not path.stem.endswith("-limits"):
                    self.assertEqual(broken, set())
                    self.assertEqual(report["verdict"], "pass")

    def test_typical_and_mixed_links_do_what_they_say(self):
        self.check_all(sorted(p for p in SCENARIOS.glob("*.toml") if not p.stem.endswith("-limits")), "statistical")

    def test_links_at_the_limits_have_the_allocation_left(self):
        # Budget penalties less the largest TDECQ, and what the simulated DGD and reflections of the scenario may take of it.
        for name, allocation in (("400gbase-dr4", 0.1), ("100gbase-fr1", 0.4), ("400gbase-fr4", 0.4), ("400gbase-sr8", 0.1)):
            with self.subTest(pmd=name):
                _, report = link(SCENARIOS / f"{name}-limits.toml", "--engine", "statistical", *FEW_FRAMES, "--set",
                                 "plant.interference=false", "--set", "plant.dgd_ps=[0]")
                self.assertAlmostEqual(report["light"]["margin_db"], allocation, delta=0.05)

    def test_every_scenario_is_in_the_table(self):
        table = (SCENARIOS / "README.md").read_text()
        for path in SCENARIOS.glob("*.toml"):
            self.assertIn(f"`{path.name}`", table)


class TestReport(unittest.TestCase):
    def test_keys_of_the_default_link(self):
        status, report = link()
        self.assertEqual((status, report["verdict"], report["engine"], report["seed"]), (0, "pass", "waveform", 1))
        for key in ("scenario", "lanes", "fec", "frames", "limits"):
            self.assertIn(key, report)
        for lane in report["lanes"]:
            for key in ("pre_fec_ber", "pre_fec_ber_interval", "tdecq_db", "oma_outer_dbm", "rx_power_dbm", "snr_db"):
                self.assertIn(key, lane)
        for key in ("codewords", "corrected", "uncorrectable", "bins", "frame_loss_ratio", "frame_loss_ratio_predicted"):
            self.assertIn(key, report["fec"])
        for limit in report["limits"]:
            for key in ("name", "value", "limit", "margin", "pass", "source", "confidence"):
                self.assertIn(key, limit)

    def test_the_engines_agree(self):
        for engine in ("waveform", "symbol", "statistical"):
            with self.subTest(engine=engine):
                _, report = link("--engine", engine, "--stress-ber", "1e-3", *FEW_FRAMES)
                errors = sum(lane["bit_errors"] for lane in report["lanes"])
                bits = sum(2 * lane["symbols"] for lane in report["lanes"])
                self.assertAlmostEqual(errors / bits, 1e-3, delta=4e-5)  # 0.03 dB of OMA

    def test_a_coherent_pmd_is_refused_with_the_reason(self):
        done = run("link", "--pmd", "400ZR")
        self.assertEqual(done.returncode, 2)
        self.assertIn("coherent", done.stderr)

    def test_a_limit_that_nobody_knows_is_named(self):
        done = run("link", "--pmd", "400GBASE-FR8", "--corner", "limits")
        self.assertEqual(done.returncode, 2)
        self.assertIn("sensitivity", done.stderr)

    def test_a_dark_lane_is_a_result(self):
        status, report = link("--set", "plant.added_attenuation_db=60", *FEW_FRAMES)
        self.assertEqual(status, 1)
        self.assertTrue(all(lane["los"] for lane in report["lanes"]))


if __name__ == "__main__":
    unittest.main()

"""Every shipped scenario through `lightlane link`: it runs, says what it should, and the engines agree on it."""

import json
import math
import pathlib
import re
import sys
import tempfile
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from lightlane_program import ROOT, SANITIZED, costly, run  # noqa: E402

SCENARIOS = ROOT / "data" / "scenarios"
ALL = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
LIMITS = [name for name in ALL if name.endswith("-limits")]
OTHERS = [name for name in ALL if not name.endswith("-limits")]


def group(at_limits, *beginnings):
    """For tests of a few minutes at most."""
    return [name for name in (LIMITS if at_limits else OTHERS) if name.startswith(beginnings)]


# What breaks limits, which ones, and why. All others keep every limit that is known.
BROKEN = {
    # The budget of these types does not hold what the largest DGD and reflections of their channel cost.
    "100gbase-lr1-limits": {"fec.pre_fec_ber"},  # 8 ps of DGD: 1.0 dB of 0.5 dB
    "100gbase-lr1-b-limits": {"fec.pre_fec_ber"},  # 1.0 dB of 0.9 dB
    "100g-lr-limits": {"fec.pre_fec_ber"},  # 1.0 dB of 0.5 dB
    "100gbase-lr4-limits": {"fec.pre_fec_ber"},  # no allocation; interference at 1e-12: 1.4 dB, DGD 0.2 dB
    "100g-cwdm4-limits": {"fec.pre_fec_ber"},  # no allocation; interference: 0.03 dB
    "100g-4wdm-10-limits": {"fec.pre_fec_ber"},  # no allocation; interference: 0.01 dB
    # What their comments say.
    "dr4-dirty-connectors": {"channel.discrete_reflectance_max_db", "channel.orl_min_db", "tx.orl_tolerance_db"},
    "dr4-one-dark-lane": {"fec.pre_fec_ber", "rx.avg_power_min_dbm", "tx.avg_power_min_dbm",
                          "tx.oma_minus_tdecq_min_dbm", "tx.oma_outer_min_dbm"},
    "dr4-over-10km": {"channel.insertion_loss_max_db", "fec.pre_fec_ber", "rx.avg_power_min_dbm"},
    "er1-40-over-2km": {"fec.pre_fec_ber"},
    "fr4-over-10km": {"channel.dispersion_max_ps_nm", "channel.dispersion_min_ps_nm", "channel.insertion_loss_max_db"},
    "lr1-into-dr4-lane": {"rx.avg_power_max_dbm", "rx.oma_max_dbm"},
}
# No frame arrives.
DEAD = {"dr4-one-dark-lane", "dr4-over-10km", "er1-40-over-2km"}
# Limits that need a measurement of the transmitter.
MEASURED = {"tx.avg_power_min_dbm", "tx.oma_minus_tdecq_min_dbm", "tx.oma_outer_min_dbm"}

# One of each structure: lanes of 53 GBd, WDM, NRZ without FEC, multimode, breakout, limits.
FEW = ["400gbase-dr4", "400gbase-fr4", "100gbase-lr4", "400gbase-sr8", "dr4-breakout-4x100g", "100gbase-dr-limits"]
FEW_FRAMES = ("--set", "traffic.capture=", "--frames", "20", "--set", "traffic.repeat=1")
QUICK = (*FEW_FRAMES, "--set", "run.measure=false")

# Of false alarms in a run of all three engines: about a thousand lanes are counted, and each scenario as a whole.
ALARM = 1e-3 / 2000


def link(*arguments):
    done = run("link", *arguments, "--format", "json", timeout=280)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)


def directions(report):
    """The report of every port, in both directions."""
    for port in report.get("ports", [report]):
        yield port
        if "reverse" in port:
            yield port["reverse"]


def by_chance(limit):
    """Counted errors of a short run may lie on either side of a limit; expected ones may not."""
    return limit["name"] == "fec.pre_fec_ber" and "expected" not in limit["what"]


def broken_limits(report):
    return {limit["name"] for part in directions(report) for limit in part["limits"]
            if not limit["pass"] and not limit["informative"] and not by_chance(limit)}


def probability(count, mean):
    """Of a Poisson count so far from its mean or farther, on both sides."""
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    step = 1 if count > mean else -1
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    total, at = 0.0, count
    while at >= 0 and term > 1e-12 * total:
        total += term
        term *= mean / (at + 1) if step > 0 else at / mean
        at += step
    return min(1.0, 2 * total)


class Scenarios(unittest.TestCase):
    def check(self, name, engine, *arguments, measured=False):
        """Runs one and holds it against BROKEN and DEAD."""
        status, report = link(SCENARIOS / f"{name}.toml", "--engine", engine, *arguments)
        self.assertEqual(status == 0, report["verdict"] == "pass")
        expected = BROKEN.get(name, set())
        self.assertEqual(broken_limits(report), expected if measured else expected - MEASURED)
        sure = not any(by_chance(limit) and not limit["pass"] for part in directions(report) for limit in part["limits"])
        if expected or sure:
            self.assertEqual(report["verdict"], "fail" if expected else "pass")
        for part in directions(report):
            self.assertEqual(part["engine"], engine)
            self.assertEqual(part["frames"]["sent"], 20)
            self.assertEqual(part["frames"]["delivered"], 0 if name in DEAD else 20)
            for lane in part["lanes"]:
                self.assertIsNotNone(lane["rx_power_dbm"])
                self.assertEqual(lane["measurement"] is not None, measured)
        return report


class TestShipped(Scenarios):
    def test_typical_mixed_and_impaired_links_do_what_they_say(self):
        for name in [name for name in FEW if name in OTHERS] if SANITIZED else OTHERS:
            with self.subTest(scenario=name):
                self.check(name, "statistical", *QUICK)

    def test_links_at_the_limits_do_what_they_say(self):
        names = ["100gbase-dr-limits", "100g-cwdm4-limits", "dr4-into-fr1-limits"]
        for name in [name for name in FEW if name in LIMITS] if SANITIZED else names:
            with self.subTest(scenario=name):
                self.check(name, "statistical", *QUICK)

    def test_links_at_the_limits_have_the_allocation_left(self):
        # Budget penalties less the largest TDECQ, and what the simulated DGD and reflections of the scenario may take of it.
        allocations = {"100gbase-fr1": 0.4, "400gbase-dr4": 0.1, "400gbase-fr4": 0.4, "400gbase-sr8": 0.1}
        for name in list(allocations)[:1] if SANITIZED else allocations:
            with self.subTest(pmd=name):
                _, report = link(SCENARIOS / f"{name}-limits.toml", "--engine", "statistical", *QUICK, "--set",
                                 "plant.interference=false", "--set", "plant.dgd_ps=[0]")
                self.assertAlmostEqual(report["light"]["margin_db"], allocations[name], delta=0.05)

    def test_a_measured_one(self):
        self.check("100gbase-dr-limits" if SANITIZED else "dr4-one-dark-lane", "statistical", *FEW_FRAMES, measured=True)


class TestShelf(unittest.TestCase):
    """That nothing is missing, and that names and the table of the README keep their rules."""

    def setUp(self):
        self.readme = (SCENARIOS / "README.md").read_text()

    def test_every_scenario_is_in_the_table(self):
        self.assertEqual(sorted(re.findall(r"^\| `([^`]+)\.toml` \|", self.readme, re.MULTILINE)), ALL)

    def test_names_follow_one_rule(self):
        for name in ALL:
            link_table = tomllib.loads((SCENARIOS / f"{name}.toml").read_text())
            plain = link_table.keys() == {"link"} and link_table["link"].keys() <= {"pmd", "corner", "duplex"}
            by_rule = link_table["link"]["pmd"].lower() + ("-limits" if link_table["link"].get("corner") == "limits" else "")
            self.assertEqual(name == by_rule, plain, name)
            self.assertEqual(name.endswith("-limits"), link_table["link"].get("corner") == "limits", name)

    def test_every_pmd_of_the_catalogue_has_its_scenarios_or_a_reason(self):
        catalogue = json.loads(run("catalog", "list", "--format", "json").stdout)["pmd"]
        self.assertGreater(len(catalogue), 40)
        shipped = {}
        for name in ALL:
            table = tomllib.loads((SCENARIOS / f"{name}.toml").read_text())["link"]
            if name in (table["pmd"].lower(), table["pmd"].lower() + "-limits"):
                shipped.setdefault(self.catalogue_name(table["pmd"]), []).append(table.get("corner", "typical"))
        for pmd in [entry["id"] for entry in catalogue]:
            with self.subTest(pmd=pmd):
                if pmd not in shipped:
                    done = run("link", "--pmd", pmd, "--print-config")
                    self.assertEqual(done.returncode, 2)
                    self.assertRegex(done.stderr, "is coherent|is not modelled")
                    self.assertIn(f"`{pmd}`", self.readme)
                elif shipped[pmd] == ["typical"]:
                    done = run("link", "--pmd", pmd, "--corner", "limits", "--print-config")
                    self.assertEqual(done.returncode, 2)
                    missing = re.search(r'"limits", but (.*) (?:is|are) not known', done.stderr).group(1)
                    row = re.search(rf"^\| `{re.escape(pmd)}` \| (.*) \|$", self.readme, re.MULTILINE).group(1)
                    self.assertEqual([value.split(" of ")[0] for value in missing.split(", ")], row.strip("`").split("`, `"))
                else:
                    self.assertEqual(sorted(shipped[pmd]), ["limits", "typical"])

    def catalogue_name(self, pmd):
        return run("catalog", "show", pmd).stdout.split("  ")[0].strip()


class TestShippedSlow(Scenarios):
    """Every scenario with measured transmitters."""

    def measure(self, names):
        for name in names:
            with self.subTest(scenario=name):
                self.check(name, "statistical", *FEW_FRAMES, measured=True)

    def test_typical_links_of_100g_and_200g(self):
        self.measure(group(False, "1", "2"))

    def test_typical_links_of_400g(self):
        self.measure(group(False, "4", "8"))

    def test_mixed_stressed_and_impaired_links(self):
        self.measure([name for name in OTHERS if not name[0].isdigit()])

    def test_links_at_the_limits(self):
        self.measure(LIMITS)


class TestEnginesSlow(Scenarios):
    """Every scenario through all three engines: the same verdict, and errors as the statistical engine expects them."""

    def hold_together(self, names):
        for name in names:
            expected = None
            for engine in ("statistical", "symbol", "waveform"):
                with self.subTest(scenario=name, engine=engine):
                    report = self.check(name, engine, *QUICK)
                    lanes = [lane for part in directions(report) for lane in part["lanes"]]
                    expected = expected or [lane["pre_fec_ber_expected"] for lane in lanes]
                    self.assertEqual([lane["pre_fec_ber_expected"] for lane in lanes], expected)
                    self.count(lanes)

    def count(self, lanes):
        errors = mean = 0
        for lane in lanes:
            if lane["overload"]:  # a saturated amplifier is far from the statistical engine's linear noise
                self.assertAlmostEqual(lane["pre_fec_ber"] / lane["pre_fec_ber_expected"], 1, delta=0.05)
                continue
            expected = lane["bits"] * lane["pre_fec_ber_expected"]
            self.assertGreater(probability(lane["bit_errors"], expected), ALARM,
                               f"lane {lane['lane']}: {lane['bit_errors']} errors, {expected:.1f} expected")
            errors += lane["bit_errors"]
            mean += expected
        self.assertGreater(probability(errors, mean), ALARM, f"all lanes: {errors} errors, {mean:.1f} expected")

    def test_typical_links(self):
        self.hold_together([name for name in OTHERS if name[0].isdigit()])

    def test_mixed_stressed_and_impaired_links(self):
        self.hold_together([name for name in OTHERS if not name[0].isdigit()])

    def test_links_of_100g_and_200g_at_the_limits(self):
        self.hold_together(group(True, "1", "2"))

    def test_links_of_400g_at_the_limits(self):
        self.hold_together([name for name in LIMITS if name not in group(True, "1", "2")])

    def test_typical_links_with_errors(self):
        """Attenuated, since typical links have none: one of each kind of laser, receiver and plant."""
        names = ["400gbase-lr4-6", "400gbase-sr4", "200gbase-fr4", "400gbase-er8", "100g-er1-40", "100g-bidi-40km", "100g-cwdm4", "100gbase-sr10"]
        for name in names:
            for engine in ("symbol", "waveform"):
                with self.subTest(scenario=name, engine=engine):
                    _, report = link(SCENARIOS / f"{name}.toml", "--engine", engine, "--stress-ber", "2e-4", "--set", "rx.los_dbm=-40", *QUICK)
                    lanes = [lane for part in directions(report) for lane in part["lanes"]]
                    self.assertAlmostEqual(sum(lane["pre_fec_ber_expected"] for lane in lanes) / len(lanes), 2e-4, delta=1e-5)
                    self.count(lanes)


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

    @costly
    def test_the_engines_agree(self):
        for engine in ("waveform", "symbol", "statistical"):
            with self.subTest(engine=engine):
                _, report = link("--engine", engine, "--stress-ber", "1e-3", *QUICK)
                errors = sum(lane["bit_errors"] for lane in report["lanes"])
                bits = sum(lane["bits"] for lane in report["lanes"])
                self.assertAlmostEqual(errors / bits, 1e-3, delta=4e-5)  # 0.03 dB of OMA

    def test_what_is_not_measured_is_said(self):
        done = run("link", "--pmd", "100GBASE-DR", "--engine", "statistical", *QUICK)
        self.assertEqual(done.returncode, 0)
        self.assertIn("transmitters were not measured", done.stdout)
        self.assertNotIn("breaks first", done.stdout)
        self.assertNotIn("average launch power", done.stdout)
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.html"
            self.assertEqual(run("link", "--pmd", "100GBASE-DR", "--engine", "statistical", *QUICK, "--report", page).returncode, 0)
            self.assertIn("transmitters were not measured", page.read_text(encoding="utf-8"))

    def test_a_coherent_pmd_is_refused_with_the_reason(self):
        done = run("link", "--pmd", "400ZR")
        self.assertEqual(done.returncode, 2)
        self.assertIn("coherent", done.stderr)

    def test_a_limit_that_nobody_knows_is_named(self):
        done = run("link", "--pmd", "400GBASE-FR8", "--corner", "limits")
        self.assertEqual(done.returncode, 2)
        self.assertIn("sensitivity", done.stderr)

    def test_a_dark_lane_is_a_result(self):
        status, report = link("--set", "plant.added_attenuation_db=60", *QUICK)
        self.assertEqual(status, 1)
        self.assertTrue(all(lane["los"] for lane in report["lanes"]))
        self.assertTrue(all(lane["pre_fec_ber_expected"] == 0.5 for lane in report["lanes"]))
        self.assertEqual(report["fec"]["frame_loss_ratio_predicted"], 1)
        self.assertIsNone(report["lanes"][0]["pre_fec_ber_worst_phase"])

    def test_reflections_say_how_their_phases_lie(self):
        _, report = link(SCENARIOS / "dr4-dirty-connectors.toml", "--engine", "statistical", *FEW_FRAMES)
        for lane in report["lanes"]:
            self.assertLess(lane["pre_fec_ber_median_phase"], 0.1 * lane["pre_fec_ber_expected"])
            self.assertLess(lane["pre_fec_ber_median_phase"], lane["pre_fec_ber_p99_phase"])
            self.assertLess(lane["pre_fec_ber_p99_phase"], lane["pre_fec_ber_worst_phase"])


if __name__ == "__main__":
    unittest.main()

"""Breakout ports, duplex links and KP4 inside the modules at the command line."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
from lightlane_program import pcap

PORTS = {"4x100g": ("100g-1lane", 4), "2x200g": ("200g-2lane", 2)}


def without_times(report):
    if isinstance(report, dict):
        return {key: without_times(value) for key, value in report.items() if key not in ("wall_s", "simulated_gbps")}
    return [without_times(item) for item in report] if isinstance(report, list) else report


class TestBreakout(program.Case):
    def test_every_port_delivers_the_capture_to_a_file_of_its_own(self):
        rng = random.Random(3)
        source = self.file("in.pcap", pcap(*[rng.randbytes(rng.randrange(60, 1514)) for _ in range(50)]))
        for breakout, (structure, count) in PORTS.items():
            report = self.json("phy", "--breakout", breakout, "--capture", source, "--out", f"{breakout}.pcap")
            self.assertEqual(report["verdict"], "pass")
            self.assertEqual(report["breakout"], breakout)
            self.assertEqual([port["port"] for port in report["ports"]], list(range(count)))
            for port in report["ports"]:
                self.assertEqual(port["structure"], structure)
                self.assertEqual(port["frames"]["delivered"], 50)
                path = self.folder / f"{breakout}.port{port['port']}.pcap"
                self.assertEqual(len(path.read_bytes()), len(source.read_bytes()))

    def test_text_has_a_line_for_each_port(self):
        text = self.good("phy", "--breakout", "4x100g", "--frames", "20").stdout
        self.assertEqual(text.count("PASS"), 5)
        self.assertEqual(text.count("100g-1lane"), 4)

    def test_one_failing_port_fails_the_module_and_leaves_the_others_alone(self):
        scenario = "[link]\nbreakout = '4x100g'\n[errors]\nmodel = 'symbols'\nber = 1e-4\n[traffic]\nframes = 200\n"
        good = self.json("phy", self.file("good.toml", scenario + "[[ports]]\n" * 4))
        bad = self.json(
            "phy", self.file("bad.toml", scenario + "[[ports]]\n" * 3 + "[[ports]]\nerrors.ber = 0.02\n"),
            status=(1,),
        )
        self.assertEqual((good["verdict"], bad["verdict"]), ("pass", "fail"))
        self.assertEqual([port["verdict"] for port in bad["ports"]], ["pass"] * 3 + ["fail"])
        self.assertEqual(without_times(bad["ports"][:3]), without_times(good["ports"][:3]))

    def test_threads_change_nothing(self):
        arguments = ("phy", "--breakout", "4x100g", "--duplex", "--model", "symbols", "--ber", "2e-4", "--frames", "100")
        reports = [without_times(self.json(*arguments, "--threads", threads)) for threads in (1, 2, 4)]
        self.assertEqual(reports[1:], reports[:1] * 2)

    def test_bad_scenarios(self):
        self.refused(["phy", "--pmd", "100GBASE-DR", "--breakout", "4x100g"], ["link.breakout"], statuses=(2,))
        self.refused(["phy", "--breakout", "3x100g"], ["3x100g"], statuses=(2,))
        ports = self.file("ports.toml", "[link]\nbreakout = '2x200g'\n[[ports]]\n")
        self.refused(["phy", ports], ["ports", "1 tables", "2"], statuses=(2,))

    def test_replay_of_a_port(self):
        common = ("--breakout", "4x100g", "--model", "symbols", "--lane-ber", "1e-5,2e-3,1e-5,1e-5", "--frames", "400")
        report = self.json("phy", *common, status=(1,))
        lost = report["ports"][1]["lost_frames"][0]["frame"]
        replay = self.json("replay", *common, "--port", "1")
        self.assertEqual(replay["frame"], lost)
        self.assertTrue(any(not codeword["correctable"] for codeword in replay["codewords"]))
        self.refused(["replay", *common], ["--port"], statuses=(2,))
        self.refused(["replay", *common, "--port", "4"], ["--port", "0 to 3"], statuses=(2,))


class TestDuplex(program.Case):
    def test_both_directions_are_reported_and_written(self):
        report = self.json("phy", "--duplex", "--frames", "100", "--out", "x.pcap")
        self.assertEqual(report["frames"]["delivered"], 100)
        self.assertEqual(report["reverse"]["frames"]["delivered"], 100)
        self.assertTrue((self.folder / "x.pcap").exists())
        self.assertTrue((self.folder / "x.reverse.pcap").exists())

    def test_a_cut_way_back_inhibits_both(self):
        scenario = self.file("cut.toml", "[link]\nduplex = true\n[[reverse.events]]\nkind = 'cut'\nlane = 1\n")
        report = self.json("phy", scenario, "--frames", "100", status=(1,))
        self.assertEqual(report["verdict"], "fail")
        self.assertEqual(report["frames"]["inhibited"], 100)
        self.assertEqual(report["link_fault"], "remote_fault")
        self.assertFalse(report["reverse"]["receiver"]["align_status"])


class TestModule(program.Case):
    def test_host_errors_are_reported_apart(self):
        report = self.json(
            "phy", "--pmd", "100GBASE-FR1", "--fec-placement", "module", "--host-ber", "1e-6", "--frames", "500", status=(0, 1)
        )
        for end in ("sender", "receiver"):
            host = report["host_interface"][end]
            self.assertTrue(host["align_status"])
            self.assertEqual(len(host["pcs_lanes"]), 20)
            self.assertGreater(sum(lane["bit_errors"] for lane in host["lanes"]), 0)
        self.assertEqual(sum(lane["bit_errors"] for lane in report["lanes"]), 0)

    def test_only_100g_with_kp4(self):
        self.refused(["phy", "--fec-placement", "module"], ["link.fec_placement", "100g-1lane"], statuses=(2,))

    def test_replay_says_what_it_cannot_follow(self):
        self.refused(["replay", "--duplex"], ["link.duplex"], statuses=(2,))
        self.refused(["replay", "--host-ber", "1e-6"], ["phy.host_ber"], statuses=(2,))
        module = ["replay", "--pmd", "100GBASE-DR", "--fec-placement", "module"]
        self.refused(module, ["link.fec_placement"], statuses=(2,))


if __name__ == "__main__":
    program.main()

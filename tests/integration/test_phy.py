"""`lightlane phy` and `lightlane link` from end to end: frames in, the same frames out, and honest counts."""

import json
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
from lightlane_program import pcap

# PMD, PCS (or FEC) lanes, line lanes
PMDS = [
    ("400GBASE-DR4", 16, 4),
    ("400GBASE-FR8", 16, 8),
    ("200GBASE-FR4", 8, 4),
    ("100GBASE-DR", 4, 1),
    ("100GBASE-SR2", 4, 2),
    ("100GBASE-SR4", 4, 4),
    ("100GBASE-LR4", 20, 4),
]


def random_frames(rng, count):
    """Frames of every length that Ethernet allows, jumbo included, without FCS."""
    lengths = [rng.choice((60, 61, 64, 65, 127, 590, 1514, 9000, rng.randrange(60, 1600))) for _ in range(count)]
    return [rng.randbytes(12) + b"\x88\xb5" + rng.randbytes(length - 14) for length in lengths]


def read_pcap(data):
    """Frames of a little-endian pcap, microseconds or nanoseconds."""
    assert struct.unpack_from("<I", data)[0] in (0xA1B2C3D4, 0xA1B23C4D), data[:4].hex()
    place, frames = 24, []
    while place < len(data):
        _, _, captured, original = struct.unpack_from("<IIII", data, place)
        assert captured == original
        frames.append(data[place + 16 : place + 16 + captured])
        place += 16 + captured
    return frames


def without_times(report):
    """A report without what the clock on the wall says."""
    if isinstance(report, dict):
        dropped = ("wall_s", "simulated_gbps", "variant", "threads")
        return {key: without_times(value) for key, value in report.items() if key not in dropped}
    return [without_times(item) for item in report] if isinstance(report, list) else report


class TestFramesSurvive(program.Case):
    def sent_and_received(self, *arguments, frames=None):
        frames = frames or random_frames(random.Random(1), 200)
        source, out = self.file("in.pcap", pcap(*frames)), self.folder / "out.pcap"
        report = self.json("phy", "--capture", source, "--out", out, *arguments)
        self.assertEqual(report["verdict"], "pass")
        self.assertEqual(report["frames"]["delivered"], len(frames))
        self.assertEqual(read_pcap(out.read_bytes()), frames)
        return report

    def test_every_pmd(self):
        for pmd, _, line_lanes in PMDS:
            report = self.sent_and_received("--pmd", pmd)
            self.assertEqual(len(report["lanes"]), line_lanes, pmd)

    def test_any_lane_order_and_skew(self):
        for pmd, pcs_lanes, line_lanes in PMDS:
            rng = random.Random(pmd)
            order, line = list(range(pcs_lanes)), list(range(line_lanes))
            rng.shuffle(order)
            rng.shuffle(line)
            skew = [rng.randrange(800 if pmd == "100GBASE-LR4" else 4000) for _ in order]
            report = self.sent_and_received(
                "--pmd", pmd, f"--set=phy.lane_order={order}", f"--set=phy.line_order={line}",
                f"--set=phy.skew_bits={skew}",
            )
            found = [lane["pcs_lane"] for lane in report["receiver"]["pcs_lanes"]]
            self.assertEqual(sorted(found), list(range(pcs_lanes)), pmd)
            seen = {lane["pcs_lane"]: lane["skew_bits"] for lane in report["receiver"]["pcs_lanes"]}
            self.assertEqual([seen[lane] for lane in range(pcs_lanes)], [bits - min(skew) for bits in skew], pmd)

    def test_errors_that_the_fec_mends(self):
        for pmd, ber in (("400GBASE-DR4", 2.4e-4), ("200GBASE-FR4", 2.4e-4), ("100GBASE-DR", 2.4e-4),
                         ("100GBASE-SR4", 2e-5)):
            report = self.sent_and_received("--pmd", pmd, "--model", "symbols", "--ber", ber)
            self.assertGreater(report["fec"]["corrected"], 10, pmd)
            self.assertEqual(report["fec"]["uncorrectable"], 0, pmd)
            self.assertEqual(sum(report["fec"]["bins"]), report["fec"]["codewords"], pmd)
            errors = sum(lane["bit_errors"] for lane in report["lanes"])
            bits = sum(lane["bits"] for lane in report["lanes"])
            self.assertLess(abs(errors - ber * bits), 5 * (ber * bits) ** 0.5, pmd)

    def test_captures_of_every_kind(self):
        frames = random_frames(random.Random(2), 20)
        for magic in (0xA1B2C3D4, 0xA1B23C4D):
            for order in "<>":
                source = self.file("in.pcap", pcap(*frames, magic=magic, order=order))
                out = self.folder / "out.pcap"
                self.good("phy", "--capture", source, "--out", out)
                self.assertEqual(read_pcap(out.read_bytes()), frames)

    def test_clocks_far_apart(self):
        """200 ppm between the ends, 16 kB frames with the smallest gap: nothing may be damaged."""
        for tx, rx in ((100, -100), (-100, 100)):
            for pmd in ("400GBASE-DR4", "100GBASE-DR", "100GBASE-LR4"):
                report = self.json(
                    "phy", "--pmd", pmd, "--frames", "300", "--frame-octets", "16384", "--ipg-octets", "12",
                    f"--tx-clock-ppm={tx}", f"--rx-clock-ppm={rx}",
                )
                self.assertEqual(report["frames"]["delivered"], 300, f"{pmd} {tx}")

    def test_tshark_reads_what_we_write(self):
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed")
        frames = random_frames(random.Random(3), 100)
        for name in ("out.pcap", "out.pcapng"):
            source, out = self.file("in.pcap", pcap(*frames)), self.folder / name
            self.good("phy", "--capture", source, "--out", out)
            command = ["tshark", "-r", str(out), "-T", "fields", "-e", "frame.len", "-e", "frame.time_epoch"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            lines = [line.split("\t") for line in done.stdout.splitlines()]
            self.assertEqual([int(length) for length, _ in lines], [len(frame) for frame in frames])
            times = [float(stamp) for _, stamp in lines]
            self.assertEqual(times, sorted(times))


class TestHonesty(program.Case):
    def test_a_hopeless_link_delivers_nothing_wrong(self):
        for pmd, ber in (("400GBASE-DR4", 2e-3), ("100GBASE-DR", 2e-3), ("100GBASE-SR4", 5e-4), ("100GBASE-LR4", 1e-4)):
            report = self.json(
                "phy", "--pmd", pmd, "--frames", "3000", "--model", "symbols", "--ber", ber, status=(1,),
            )
            frames = report["frames"]
            self.assertEqual(report["verdict"], "fail")
            self.assertEqual(frames["sent"], frames["delivered"] + frames["lost"], pmd)
            self.assertGreater(frames["lost"], 0, pmd)
            self.assertEqual(frames["wrong"], 0, pmd)

    def test_losses_are_as_predicted(self):
        """Independent errors at a rate where a few per cent of the codewords fail."""
        report = self.json(
            "phy", "--frames", "4000", "--model", "symbols", "--ber", "1.4e-3", "--seed", "5", status=(1,),
        )
        low, high = report["fec"]["codeword_error_ratio_interval"]
        predicted = report["fec"]["codeword_error_ratio_predicted"]
        measured = report["fec"]["codeword_error_ratio"]
        # Three times as wide as 95 %: a fixed seed, and no luck needed.
        self.assertTrue(measured - 3 * (measured - low) <= predicted <= measured + 3 * (high - measured), report["fec"])

    def test_frames_lost_together_are_one_event(self):
        """One cut inside one codeword pair takes a dozen short frames: one loss, not a dozen, says the interval."""
        scenario = self.file(
            "burst.toml",
            "[traffic]\nframes = 20000\nframe_octets = 64\n[[events]]\n"
            'kind = "errors"\nlane = 2\ntime_us = 120\ncount = 150\n',
        )
        frames = self.json("phy", scenario, status=(1,))["frames"]
        low, high = frames["loss_ratio_interval"]
        self.assertGreater(frames["lost"], 10)
        self.assertAlmostEqual(high / frames["loss_ratio"], 5.57, delta=0.1)  # Clopper-Pearson of one event
        self.assertAlmostEqual(low / frames["loss_ratio"], 0.0253, delta=0.001)

    def test_a_stopped_run_reports_and_leaves_whole_files(self):
        source, out = self.file("in.pcap", pcap(*random_frames(random.Random(2), 200))), self.folder / "out.pcap"
        for number in (signal.SIGINT, signal.SIGTERM):
            arguments = ["phy", "--capture", source, "--repeat", 10**9, "--out", out, "--format", "json"]
            command = [program.PROGRAM, *map(str, arguments)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                time.sleep(0.5)
                process.send_signal(number)
                text, error = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 1, error)
            report = json.loads(text)
            self.assertTrue(report["interrupted"])
            self.assertEqual(len(read_pcap(out.read_bytes())), report["frames"]["delivered"])
            self.assertEqual({path.name for path in self.folder.iterdir()}, {"in.pcap", "out.pcap"})

    def test_the_seed_decides_and_nothing_else(self):
        arguments = ("phy", "--frames", "1500", "--model", "bursts", "--ber", "8e-4", "--burst-continuation", "0.4")

        def report(*more):
            return without_times(self.json(*arguments, *more, status=(0, 1)))

        first = report("--seed", "3")
        self.assertEqual(report("--seed", "3", "--threads", "1"), first)
        self.assertEqual(report("--seed", "3", "--threads", "2"), first)
        self.assertEqual(report("--seed", "3", "--threads", "7"), first)
        for variant in ("portable", "avx2"):
            done = program.run("info", "--variant", variant)
            if done.returncode == 0:
                self.assertEqual(report("--seed", "3", "--variant", variant), first)
        self.assertNotEqual(report("--seed", "4")["lanes"], first["lanes"])

    def test_a_lane_that_is_cut_comes_back(self):
        scenario = self.file(
            "cut.toml",
            '[traffic]\nframes = 60000\n[[events]]\nkind = "cut"\nlane = 2\ntime_us = 400\nduration_us = 50\n',
        )
        report = self.json("phy", scenario, status=(1,))
        frames, receiver = report["frames"], report["receiver"]
        self.assertGreater(frames["lost"], 0)
        self.assertGreater(frames["delivered"], 1000)
        self.assertEqual(frames["wrong"], 0)
        self.assertTrue(receiver["align_status"])
        self.assertGreaterEqual(receiver["alignments"], 2)

    def test_text_and_json_tell_the_same(self):
        arguments = ("phy", "--frames", "500", "--model", "symbols", "--ber", "5e-4", "--seed", "9")
        report, text = self.json(*arguments), self.good(*arguments).stdout
        wanted = [
            "400GBASE-DR4", "PASS", f"{report['frames']['sent']:,}", f"{report['fec']['codewords']:,}",
            f"{report['fec']['corrected']:,}", f"{report['fec']['corrected_symbols']:,}",
        ]
        wanted += [f"{lane['bit_errors']:,}" for lane in report["lanes"]]
        for word in wanted:
            self.assertIn(word, text)


class TestLink(program.Case):
    def test_the_default_link(self):
        report = self.json("link")
        self.assertEqual(report["verdict"], "pass")
        self.assertEqual(report["scenario"]["link"]["pmd"], "400GBASE-DR4")
        self.assertEqual(report["scenario"]["plant"]["length_m"], 500)
        self.assertEqual(report["frames"]["delivered"], report["frames"]["sent"])
        self.assertGreater(report["frames"]["sent"], 10)

    @program.costly
    def test_more_loss_is_never_better(self):
        errors = []
        for loss in (8, 9, 10):
            report = self.json("link", "--set", "run.measure=false", f"--added-attenuation-db={loss}", status=(0, 1))
            errors.append(max(lane["pre_fec_ber_expected"] for lane in report["lanes"]))
        self.assertEqual(errors, sorted(errors))
        self.assertLess(errors[0], errors[-1])


class TestCost(program.Case):
    def test_memory_stays_below_64_megabytes(self):
        if program.SANITIZED:
            self.skipTest("a sanitizer needs memory of its own")
        self.good("phy", "--frames", "200000", "--frame-octets", "512", "--model", "symbols", "--ber", "1e-4")
        peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(peak_kb, 64 * 1024)

    def test_start_up(self):
        if program.SANITIZED:
            self.skipTest("a sanitizer takes time of its own")
        times = []
        for _ in range(20):
            start = time.perf_counter()
            program.run("info")
            times.append(time.perf_counter() - start)
        self.assertLess(min(times), 0.030)


if __name__ == "__main__":
    program.main()

"""Host lanes on the command line: [host] and [far_host], their errors with a cause, and what cannot be."""

import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

PLAIN = ["phy", "--host-enable", "--frame-octets", "1518"]
HOST = [*PLAIN, "--frames", "300"]
LANE_KEYS = ["ber_expected", "loss_db", "snr_db", "eye_height_mv", "eye_width_ui", "ctle_db", "rx_ffe", "rx_dfe", "bits", "bit_errors"]


def within(count, bits, ratio, sigmas=6):
    """Poisson counts of small ratios; at 6 sigmas."""
    expected = bits * ratio
    return abs(count - expected) <= sigmas * math.sqrt(expected + 1) + 3


class TestReports(program.Case):
    def test_lanes_say_why_they_err(self):
        report = self.json(*HOST, "--host-loss-db", "13", "--far-host-loss-db", "12.5")
        self.assertEqual(report["frames"]["lost"], 0)
        losses = {"sender": 13, "receiver": 12.5}
        for end, loss in losses.items():
            host = report["host_interface"][end]
            self.assertEqual(host["interface"], "400GAUI-8")
            self.assertTrue(host["errors_drawn"])
            self.assertEqual(len(host["lanes"]), 8)
            for lane in host["lanes"]:
                for key in LANE_KEYS:
                    self.assertIn(key, lane)
                self.assertEqual(lane["loss_db"], loss)
                self.assertTrue(within(lane["bit_errors"], lane["bits"], lane["ber_expected"]), f"{end}: {lane}")
            self.assertGreater(sum(lane["bit_errors"] for lane in host["lanes"]), 0)
        sender, receiver = (report["host_interface"][end]["lanes"][0] for end in losses)
        self.assertLess(sender["snr_db"], receiver["snr_db"])
        self.assertGreater(sender["ber_expected"], receiver["ber_expected"])
        self.assertIn("host lanes", report["prediction_note"])

    def test_text_has_the_same_figures(self):
        report = self.json(*HOST)
        text = self.good(*HOST).stdout
        lane = report["host_interface"]["sender"]["lanes"][0]
        self.assertIn("Host lanes (400GAUI-8: 8 lanes of 26.5625 GBd PAM4)", text)
        row = next(line for line in text.splitlines() if line.strip().startswith("sender") and "0-7" in line)
        for figure in (f"{lane['loss_db']:.2f}", f"{lane['snr_db']:.2f}", f"{lane['eye_height_mv']:.1f}", f"{8 * lane['bits']:,}"):
            self.assertIn(figure, row)

    def test_off_by_default_in_phy_and_on_in_link(self):
        report = self.json("phy", "--frames", "10")
        self.assertEqual(report["host_interface"], {"sender": None, "receiver": None})
        for verb, enabled in (("phy", "false"), ("link", "true")):
            config = self.good(verb, "--print-config").stdout
            tables = {part.split("]")[0]: part for part in config.split("[")}
            for table in ("host", "far_host"):
                self.assertIn(f"enable = {enabled}", tables[table], verb)

    def test_printed_configuration_gives_the_same_run(self):
        options = ["--host-loss-db", "12.8", "--far-host-swing-mv", "700", "--host-loss-spread-db", "0.3"]
        path = self.file("host.toml", self.good(*HOST, *options, "--print-config").stdout)
        first, again = self.json(*HOST, *options), self.json("phy", path)
        self.assertEqual(first["host_interface"], again["host_interface"])
        losses = {lane["loss_db"] for lane in first["host_interface"]["sender"]["lanes"]}
        self.assertEqual(len(losses), 8)

    def test_unprotected_lanes_lose_frames(self):
        module = [*PLAIN, "--pmd", "100GBASE-DR", "--fec-placement", "module", "--frames", "2000"]
        clean = self.json(*module)
        self.assertEqual(clean["frames"]["lost"], 0)
        self.assertEqual(clean["host_interface"]["sender"]["interface"], "CAUI-4")
        bad = self.json(*module, "--host-loss-db", "25", status=(1,))
        self.assertGreater(bad["frames"]["lost"], 0)
        self.assertEqual(bad["fec"]["corrected_symbols"], 0)
        self.assertGreater(bad["frames"]["loss_ratio_predicted"], 0)
        bip = sum(lane["bip_errors"] for lane in bad["host_interface"]["receiver"]["pcs_lanes"])
        self.assertGreater(bip, 0)

    def test_pulse_from_a_file(self):
        times = [(i / 16, math.exp(-((i / 16 - 1) ** 2) * 4)) for i in range(64)]
        pulse = self.file("pulse.csv", "time_ui,voltage\n" + "".join(f"{t},{v}\n" for t, v in times))
        report = self.json(*HOST, "--host-pulse-file", pulse)
        lane = report["host_interface"]["receiver"]["lanes"][7]
        self.assertIsNone(lane["loss_db"])
        self.assertGreater(lane["snr_db"], 15)
        self.assertEqual(report["scenario"]["far_host"]["pulse_file"], str(pulse))


class TestLink(program.Case):
    @program.costly
    def test_light_and_lossy_hosts_together(self):
        options = ["--engine", "statistical", "--capture", "", "--frames", "200", "--duration-us", "40", "--set", "run.measure=false"]
        good = self.json("link", *options, status=(0, 1))
        self.assertEqual(good["frames"]["lost"], 0)
        self.assertFalse(good["host_interface"]["sender"]["errors_drawn"])
        bad = self.json("link", *options, "--far-host-loss-db", "13", status=(0, 1))
        self.assertEqual(bad["frames"]["lost"], 0)
        self.assertEqual(bad["lanes"], good["lanes"])
        self.assertFalse(bad["host_interface"]["sender"]["errors_drawn"])
        self.assertGreater(sum(lane["bit_errors"] for lane in bad["host_interface"]["receiver"]["lanes"]), 0)
        self.assertGreater(bad["fec"]["corrected_bits"], good["fec"]["corrected_bits"])

    def test_replay_follows_a_link_whose_host_lanes_are_clean(self):
        light = ["replay", "--light", "--engine", "statistical", "--capture", "", "--frames", "30", "--frame", "3"]
        self.assertFalse(self.json(*light)["lost"])
        self.refused([*light, "--host-loss-db", "14"], ["host.enable"], statuses=(2,))


class TestBadInput(program.Case):
    def test_impossible_values(self):
        for flag, value, names in (
            ("--host-loss-db", "-1", ["host.loss_db", "0 to 60"]),
            ("--host-loss-db", "nan", ["host.loss_db"]),
            ("--far-host-swing-mv", "0", ["far_host.swing_mv", "mV"]),
            ("--host-tx-ffe", "0,0", ["host.tx_ffe"]),
            ("--host-tx-ffe-main", "5", ["host.tx_ffe_main"]),
            ("--host-bandwidth-ghz", "0.5", ["host.bandwidth_ghz"]),
            ("--host-tx-sndr-db", "2", ["host.tx_sndr_db"]),
            ("--host-rx-ffe-main", "4", ["host.rx_ffe_main"]),
            ("--host-lane-loss-offset-db", "1,2,3", ["host.lane_loss_offset_db", "8"]),
            ("--host-los-db", "4", ["--host-los-db"]),
        ):
            self.refused([*HOST, flag, value], names, statuses=(2,))

    def test_keys_that_would_be_ignored(self):
        self.refused(["phy", "--host-loss-db", "20"], ["host.loss_db", "host.enable"], statuses=(2,))
        self.refused(["link", "--host-enable=false", "--far-host-loss-db", "20"], ["far_host.loss_db"], statuses=(2,))

    def test_pulse_files(self):
        for name, content, names in (
            ("empty", "", ["holds no samples"]),
            ("words", "samples_per_ui 8\nhello\n", ["line 2", "hello"]),
            ("nan", "samples_per_ui 8\nnan\n", ["line 2"]),
            ("huge", "samples_per_ui 8\n1e9\n", ["line 2"]),
            ("steps", "0,1\n0.25,1\n0.9,1\n", ["line 3", "equal steps"]),
            ("zeros", "0 \0\0", []),
        ):
            path = self.file(name, content)
            for flag, key in (("--host-pulse-file", "host.pulse_file"), ("--far-host-pulse-file", "far_host.pulse_file")):
                self.refused([*HOST, flag, path], [key, str(path), *names], statuses=(3,))
        self.refused([*HOST, "--host-pulse-file", "/no/such/file"], ["host.pulse_file", "/no/such/file"], statuses=(3,))
        self.refused([*HOST, "--host-pulse-file", self.folder], ["host.pulse_file"], statuses=(3,))


if __name__ == "__main__":
    program.main()

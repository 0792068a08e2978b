"""`--report` of `lightlane link`: what the page says of the light is what the JSON says, and what it draws is where it belongs."""

import base64
import math
import pathlib
import re
import statistics
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parent.parent)]

import lightlane_program as program
from test_report import PICTURE, ReportCase, pixels, ratio


def number(value, decimals=2):
    """As the page writes it; JSON has null for what is infinite or none."""
    if value is None:
        return ("none", "-", "closed", "\u221e")
    text = f"{value:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0 else text,)


class LightCase(ReportCase):
    def assert_row(self, page, *cells):
        """A row of these cells stands on the page; a cell may be a choice of texts."""
        choices = [cell if isinstance(cell, tuple) else (cell,) for cell in cells]
        fits = lambda row: len(row) == len(choices) and all(c in choice for c, choice in zip(row, choices))
        self.assertTrue(any(map(fits, page.rows)), f"no row {cells}")

    def assert_light(self, page, facts):
        """Limits, lanes, budget, what breaks first, delay and power of one direction stand on the page."""
        light = facts["light"]
        self.assert_limits(page, facts)
        for lane in facts["lanes"]:
            sent, plant = lane["transmitter"], lane["plant"]
            power = number(lane["rx_power_dbm"]) + tuple(f"{text} overload" for text in number(lane["rx_power_dbm"]))
            cells = [number(lane["wavelength_nm"]), number(sent["oma_outer_dbm"]), number(plant["loss_db"])]
            cells += [number(plant["dispersion_ps_nm"]), number(plant["dgd_ps"]), number(lane["oma_outer_dbm"]), power]
            cells += ["LOS" if lane["los"] else number(lane["snr_db"])]
            self.assert_row(page, str(lane["lane"]), *cells, number(lane["sensitivity_oma_dbm"]), number(lane["margin_db"]))
        for key in light["breaks_first"]:
            self.assert_row(page, key["key"], f"{key['value']:g}", f"{key['step']:+.3g}", key["unit"],
                            f"{key['margin_change_db']:+.3f}", f"{key['per_unit_db']:+.3g}")
        for term in light["latency"]:
            self.assert_row(page, term["what"], number(term["ns"], 1), "", term["basis"])
        for term in light["module_power"]:
            self.assert_row(page, term["what"], number(term["w"]), "", f"{term['basis']} ({term['confidence']})")
        for end in filter(None, facts["host_interface"].values()):
            for lane in end["lanes"]:
                figures = [number(lane["loss_db"])] if "loss_db" in lane else ["-"]
                keys = (("ctle_db", 1), ("snr_db", 2), ("eye_height_mv", 1), ("eye_width_ui", 2))
                figures += [number(lane[key], decimals) if key in lane else "-" for key, decimals in keys]
                # lanes alike share a row
                self.assertIn(figures + [ratio(lane["ber_expected"])], [[(c,) for c in row[1:6]] + row[6:7] for row in page.rows if len(row) == 10])
        self.assertIn(f"Delay, PCS to PCS: {light['latency_ns']:.1f} ns", page.text)
        self.assertIn(f"Power of a module: {light['module_power_w']:.2f} W", page.text)

    def assert_limits(self, page, facts):
        """The worst lane of every limit, those not kept first."""
        worst, one = {}, facts["light"]["pmd"] == facts["light"]["far_pmd"]
        low = lambda limit: -math.inf if limit["margin"] is None else limit["margin"]
        for limit in facts["limits"]:
            kept = worst.setdefault((limit["name"], limit["what"]), limit)
            if low(limit) < low(kept):
                worst[limit["name"], limit["what"]] = limit
        rows, told = [], lambda limit: limit.get("informative", "for information" in limit["what"])
        for limit in worst.values():
            decimals = 2
            while not limit["pass"] and not told(limit) and abs(low(limit)) < 0.5 * 10**-decimals and decimals < 6:
                decimals += 1
            show = (lambda v: (ratio(v),)) if not limit["unit"] else (lambda v: number(v, decimals))
            sign, unit = "\u2264" if limit["kind"] == "max" else "\u2265", limit["unit"] and " " + limit["unit"]
            source = limit["source"].removeprefix(facts["light"]["pmd"] + ", ") if one else limit["source"]
            row = ["" if told(limit) else "PASS" if limit["pass"] else "FAIL", limit["what"], "all" if limit["lane"] is None else str(limit["lane"])]
            row += [show(limit["value"]), f"{sign} {show(limit['limit'])[0]}{unit}", number(limit["margin"], decimals) if limit["unit"] else ""]
            rows.append(row + [limit["confidence"], source])
            self.assert_row(page, *rows[-1])
        verdicts = [row[0] for row in page.rows if len(row) == 8 and row[0] in ("PASS", "FAIL")]
        failed, kept = (sum(row[0] == verdict for row in rows) for verdict in ("FAIL", "PASS"))
        if len(verdicts) == failed + kept:  # one direction
            self.assertEqual(verdicts, ["FAIL"] * failed + ["PASS"] * kept)
            self.assertIn(f"{kept} of {failed + kept}", page.text)
        for name in facts["light"]["unknown_limits"]:
            self.assertIn(name, page.text)

    def assert_measurement(self, page, measurement):
        """Figures of a transmitter that stands alone in its column."""
        rows = {row[0]: row[1] for row in page.rows if len(row) == 2}
        expected = {"outer OMA [dBm]": ("oma_outer_dbm", 2), "average power [dBm]": ("average_power_dbm", 2),
                    "extinction ratio [dB]": ("extinction_ratio_db", 2), "RIN OMA [dB/Hz]": ("rin_oma_db_per_hz", 2),
                    "at the worse dispersion [ps/nm]": ("dispersion_ps_nm", 2), "R_LM": ("rlm", 3),
                    "overshoot [%]": ("overshoot_pct", 1), "undershoot [%]": ("undershoot_pct", 1),
                    "power excursion [dBm]": ("power_excursion_dbm", 2)}
        for name, (key, decimals) in expected.items():
            self.assertIn(rows[name], number(measurement[key], decimals), name)
        for name, key in (("TDECQ [dB]", "tdecq"), ("TECQ, without fibre [dB]", "tecq")):
            self.assertIn(rows[name], number(measurement[key]["tdecq_db"]))
        tdecq = measurement["tdecq"]
        if tdecq["closed"]:
            self.assertEqual(rows["TDECQ [dB]"], "closed")
            self.assertNotIn("C_eq", rows)
            return
        self.assertIn(rows["outer OMA less TDECQ [dBm]"], number(measurement["oma_outer_dbm"] - tdecq["tdecq_db"]))
        self.assertIn(rows["C_eq"], number(tdecq["ceq"], 3))
        self.assertEqual(rows["taps"].split(), [number(tap, 3)[0] for tap in tdecq["taps"]])
        self.assertIn(rows["middle of the histograms [UI]"], number(tdecq["phase_ui"], 3))
        for i, threshold in enumerate(tdecq["thresholds_w"]):
            value, unit = rows[f"threshold {i + 1}"].split()
            self.assertAlmostEqual(float(value), threshold * {"mW": 1e3, "\u00b5W": 1e6, "nW": 1e9}[unit], delta=5.001e-4)


class TestLight(LightCase):
    def svg(self, label, text=None):
        text = text or (self.folder / "report.html").read_text(encoding="utf-8")
        return re.search(rf'<svg [^>]*aria-label="{label}"[^>]*>(.*?)</svg>', text, re.DOTALL)[1]

    def texts(self, svg):
        return [text.replace("\u2212", "-") for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]

    def test_the_default_link(self):
        page, facts = self.report("link")
        self.assert_facts(page, facts)
        self.assert_light(page, facts)
        self.assert_measurement(page, facts["lanes"][0]["measurement"])
        self.assertIn("400GBASE-DR4, 500 m", page.text)
        self.assertIn("waveform engine", page.text)
        self.assertIn("lanes 0 to 3", page.text)  # measured alike: shown once
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        self.assertEqual(len(re.findall(PICTURE, text)), 2)
        self.assertLess(len(text), 200_000)
        self.assert_causes(facts["lanes"][0]["measurement"]["tdecq"])
        self.assert_budget(facts)
        self.assert_taps(facts)
        self.assert_eye(facts["lanes"][0])
        self.assert_histograms(facts["lanes"][0]["measurement"]["tdecq"])
        self.assert_breakers(facts)

    def assert_causes(self, tdecq):
        svg = self.svg("What makes TDECQ")
        values = [float(text.split()[0]) for text in self.texts(svg) if text.endswith(" dB") and "limit" not in text]
        keys = ("isi_db", "noise_enhancement_db", "nonlinearity_db", "noise_db", "interaction_db")
        for value, cause in zip(values, [tdecq["causes"][key] for key in keys] + [tdecq["tdecq_db"]]):
            self.assertAlmostEqual(value, cause, delta=0.00501)
        bars = [(float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"', svg)]
        self.assertEqual(len(bars), 6)
        (zero, total), unit = bars[-1], bars[-1][1] / tdecq["tdecq_db"]
        at = 0
        for (x, width), key in zip(bars[:-1], keys):
            cause = tdecq["causes"][key]
            self.assertAlmostEqual(width, max(1.5, abs(cause) * unit), delta=0.15)
            self.assertAlmostEqual(x, zero + (at + min(cause, 0)) * unit, delta=0.3)  # each where the one before ends
            at += cause
        limit = float(re.search(r'<line x1="([\d.]+)"[^>]*class="limit"', svg)[1])
        self.assertAlmostEqual(limit, zero + 3.4 * unit, delta=0.5)

    def assert_budget(self, facts):
        light = facts["light"]
        lane = facts["lanes"][light["worst_lane"]]
        texts = self.texts(self.svg("Optical power from the transmitter to the receiver"))
        levels = [float(text.split()[0]) for text in texts if text.endswith(" dBm")]
        steps = [float(text.split()[0]) for text in texts if text.endswith(" dB")]
        expected = [lane["transmitter"]["oma_outer_dbm"], lane["oma_outer_dbm"], lane["sensitivity_oma_dbm"]]
        for value, wanted in zip(levels, expected):
            self.assertAlmostEqual(value, wanted, delta=0.00501)
        self.assertEqual(len(levels), 3)
        for value, step in zip(steps, light["budget"]):
            self.assertAlmostEqual(value, -step["loss_db"], delta=0.00501)
        self.assertAlmostEqual(steps[-1], lane["margin_db"], delta=0.00501)
        self.assertAlmostEqual(levels[0] + sum(steps[:-1]), levels[1], delta=0.03)
        self.assertAlmostEqual(levels[1] - steps[-1], levels[2], delta=0.011)

    def assert_taps(self, facts):
        tdecq = facts["lanes"][0]["measurement"]["tdecq"]
        titles = re.findall(r"<title>([+-]\d+): (-?[\d.]+)</title>", self.svg("Taps of the reference equaliser"))
        shown = {int(offset): float(tap) for offset, tap in titles}
        self.assertEqual(sorted(shown), sorted(tdecq["main_tap"] - i for i in range(len(tdecq["taps"]))))
        for i, tap in enumerate(tdecq["taps"]):
            self.assertAlmostEqual(shown[tdecq["main_tap"] - i], tap, delta=5.001e-5)
        for lane in facts["lanes"]:
            svg, training = self.svg(f"lane {lane['lane']}"), lane["training"]
            shown = {int(offset): float(tap) for offset, tap in re.findall(r"<title>([+-]\d+): (-?[\d.]+)</title>", svg)}
            for i, tap in enumerate(training["ffe"]):
                self.assertAlmostEqual(shown[i - training["ffe_before"]], tap, delta=5.001e-5)
            stems = re.findall(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)" class="stem"', svg)
            lengths = [float(y1) - float(y2) for _, y1, y2 in stems]
            main = training["ffe_before"]
            scale = lengths[main + 1] / training["ffe"][main + 1]
            for i, tap in enumerate(training["ffe"]):
                if i != main:  # cut off
                    self.assertAlmostEqual(lengths[i], tap * scale, delta=0.11)

    def frame(self, svg, unit=1e-3):
        """Functions from power [W] and time [UI] to places in an eye, from its ticks."""
        ticks = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(end|middle)" class="soft">(\u2212?[\d.]+)</text>', svg)
        value = lambda text: float(text.replace("\u2212", "-"))
        ys = [(value(t), float(y) - 4.5) for _, y, anchor, t in ticks if anchor == "end"]
        xs = [(value(t), float(x)) for x, _, anchor, t in ticks if anchor == "middle"]
        line = lambda p, q, v: p[1] + (v - p[0]) * (q[1] - p[1]) / (q[0] - p[0])
        return (lambda w: line(ys[0], ys[-1], w / unit)), (lambda ui: line(xs[0], xs[-1], ui))

    def assert_eye(self, lane):
        """Behind the equaliser the middle of the symbol is brightest at the levels, and dark between them."""
        svg = self.svg("Eye of lanes 0 to 3 behind the reference equaliser, with the histograms of TDECQ")
        place, at = self.frame(svg)
        x, y, w, h = map(float, re.search(r'<image x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg).groups())
        width, height, rows, palette = pixels(base64.b64decode(re.search(PICTURE, svg)[1]))
        brightness = [sum(palette[3 * i : 3 * i + 3]) for i in range(len(palette) // 3)]
        self.assertEqual(brightness, sorted(brightness))
        column = int((at(lane["measurement"]["tdecq"]["phase_ui"]) - x) / w * width)
        shade = lambda power_w: max(brightness[rows[r][column]] for r in self.near(int((place(power_w) - y) / h * height), height))
        levels = lane["transmitter"]["level_w"]
        between = [(a + b) / 2 for a, b in zip(levels, levels[1:])]
        self.assertGreater(min(map(shade, levels)), 300)
        self.assertLess(max(map(shade, between)), 60)
        for threshold in lane["measurement"]["tdecq"]["thresholds_w"]:
            lines = [float(v) for v in re.findall(r'y1="([\d.]+)"[^>]*class="eye-threshold"', svg)]
            self.assertLess(min(abs(line - place(threshold)) for line in lines), 0.3)
        windows = re.findall(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"[^>]*class="eye-window"', svg)
        for side, (left, wide) in zip((-0.05, 0.05), windows):
            middle = lane["measurement"]["tdecq"]["phase_ui"] + side
            self.assertAlmostEqual(float(left), at(middle - 0.02), delta=0.3)
            self.assertAlmostEqual(float(wide), at(0.04) - at(0), delta=0.2)

    @program.costly
    def test_an_eye_with_uneven_levels(self):
        """An upside-down picture would show."""
        page, facts = self.report("link", "--set", "tx.level_error=[0.3, 0.15]", status=(0, 1))
        levels = facts["lanes"][0]["transmitter"]["level_w"]
        steps = [b - a for a, b in zip(levels, levels[1:])]
        self.assertGreater(max(steps) / min(steps), 1.3)
        self.assert_eye(facts["lanes"][0])
        self.assert_measurement(page, facts["lanes"][0]["measurement"])

    def near(self, row, height):
        return range(max(0, row - 2), min(height, row + 3))

    def assert_histograms(self, tdecq):
        """Both reach out at four powers, and leave the thresholds alone."""
        svg = self.svg("Eye of lanes 0 to 3 behind the reference equaliser, with the histograms of TDECQ")
        place, _ = self.frame(svg)
        for side in ("left", "right"):
            path = re.search(rf'<title>{side}</title>\n<path d="([^"]+)"', svg)[1]
            start, steps = float(re.match(r"M([\d.]+)", path)[1]), re.findall(r"V([\d.]+)H([\d.]+)", path)
            bars = [(float(y), float(nx) - start) for (y, nx) in steps]
            self.assertAlmostEqual(max(long for _, long in bars), 80, delta=0.2)
            for threshold in tdecq["thresholds_w"]:  # y falls as power grows; a bar lasts until the next step
                under = [long for y, long in bars if y >= place(threshold)]
                self.assertEqual(under[-1], 0)
            groups = sum(1 for (_, a), (_, b) in zip([(0, 0)] + bars, bars) if a == 0 and b > 0)
            self.assertEqual(groups, 4)

    def assert_breakers(self, facts):
        svg = self.svg("Margin lost by a step of each key")
        keys, widths = re.findall(r'class="code">([^<]+)<', svg), [float(w) for w in re.findall(r'width="([\d.]+)"', svg)]
        list_ = facts["light"]["breaks_first"][: len(keys)]
        self.assertEqual(keys, [key["key"] for key in list_])
        for width, key in zip(widths, list_):
            self.assertAlmostEqual(width, max(1.5, widths[0] * key["margin_change_db"] / list_[0]["margin_change_db"]), delta=0.1)

    @program.costly
    def test_a_link_near_its_edge(self):
        """Errors are counted: dots with intervals on the curve, straight on the scale of Q."""
        page, facts = self.report("link", "--stress-ber", "2.3e-4", "--added-attenuation-db", "1.5", "--repeat", "4", status=(0, 1))
        self.assert_facts(page, facts)
        self.assert_light(page, facts)
        self.assert_budget(facts)
        self.assertIn("added for stress", page.text)
        self.assertIn("were added to stress the link", page.text)
        q = lambda ber: 20 * math.log10(-statistics.NormalDist().inv_cdf(ber))
        svg = self.svg("Bit error ratio over the received OMA")
        worst = facts["light"]["worst_lane"]
        lane = facts["lanes"][worst]
        path = re.search(r'<path d="([^"]+)" class="curve lane\d worst"', svg)[1]
        points = [tuple(map(float, p.split())) for p in re.split("[ML]", path)[1:]]
        self.assertEqual(len(points), len(lane["ber_curve"]))
        known = [(p["oma_outer_dbm"], q(p["ber"])) for p in lane["ber_curve"]]
        x = lambda dbm: points[0][0] + (dbm - known[0][0]) * (points[-1][0] - points[0][0]) / (known[-1][0] - known[0][0])
        y = lambda db: points[0][1] + (db - known[0][1]) * (points[-1][1] - points[0][1]) / (known[-1][1] - known[0][1])
        for point, (dbm, db) in zip(points, known):
            self.assertAlmostEqual(point[0], x(dbm), delta=0.12)
            self.assertAlmostEqual(point[1], y(db), delta=0.12)
        dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="4.5" class="bar"', svg)
        self.assertEqual(len(dots), len(facts["lanes"]))
        self.assertAlmostEqual(float(dots[-1][0]), x(lane["oma_outer_dbm"]), delta=0.2)  # the worst is drawn last
        self.assertAlmostEqual(float(dots[-1][1]), y(q(lane["pre_fec_ber"])), delta=0.2)
        target = float(re.search(r'<line x1="[\d.]+" y1="([\d.]+)"[^>]*class="limit"', svg)[1])
        self.assertAlmostEqual(target, y(q(facts["light"]["target_ber"])), delta=0.2)
        self.assertIn(f"{'margin' if lane['margin_db'] >= 0 else 'missing'} {abs(lane['margin_db']):.2f} dB", svg)

    @program.costly
    def test_lanes_that_differ(self):
        page, facts = self.report("link", "--pmd", "400GBASE-FR4", "--tx-spread", "2", "--dsp-training", "lms", status=(0, 1))
        self.assert_light(page, facts)
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        self.assertEqual(len(re.findall(PICTURE, text)), 3 * 4)  # two eyes of each lane, and a small one
        self.assert_row(page, "TDECQ [dB]", *(number(lane["tdecq_db"]) for lane in facts["lanes"]))
        self.assert_row(page, "extinction ratio [dB]", *(number(lane["measurement"]["extinction_ratio_db"]) for lane in facts["lanes"]))
        for lane in facts["lanes"]:
            self.assertIn(f"Eye of lane {lane['lane']}, {lane['wavelength_nm']:.2f} nm", page.text)
        paths = re.findall(r'<path d="([^"]+)" class="curve', self.svg("Mean square error in training, dB"))
        self.assertEqual([path.count("L") + 1 for path in paths], [len(lane["training"]["mse_history"]) for lane in facts["lanes"]])

    def test_a_dark_link(self):
        page, facts = self.report("link", "--tx-oma-outer-dbm", "-40", status=(1,))
        self.assert_facts(page, facts)
        self.assert_light(page, facts)
        self.assert_measurement(page, facts["lanes"][0]["measurement"])
        self.assertIn("4 of 4 lanes see no light", page.text)
        self.assertIn("no light", [row[1] for row in page.rows if len(row) == 7])
        self.assertNotIn("Bit error ratio over power", page.text)
        self.assertIn("not aligned", page.text)

    @program.costly
    def test_a_closed_eye(self):
        page, facts = self.report("link", "--tx-dac-bandwidth-ghz", "8", status=(1,))
        self.assert_light(page, facts)
        self.assert_measurement(page, facts["lanes"][0]["measurement"])
        self.assertIn("the eye is closed", page.text)
        self.assertNotIn("Why TDECQ is what it is", page.text)

    def test_two_levels(self):
        page, facts = self.report("link", "--set", "link.pmd=100GBASE-LR4", status=(0, 1))
        self.assert_facts(page, facts)
        self.assert_light(page, facts)
        for name in ("TDECQ", "R_LM", "C_eq"):
            self.assertNotIn(name, page.text)
        lanes = [lane["measurement"] for lane in facts["lanes"]]
        self.assert_row(page, "TDP [dB]", *(number(m["penalty_db"]) for m in lanes))
        self.assert_row(page, "eye mask margin [%]", *(number(m["mask_margin"] * 100, 1) for m in lanes))
        self.assertIn("limit 1e-12", page.text)

    @program.costly
    def test_the_corner_of_the_limits(self):
        page, facts = self.report("link", "--set", "link.corner=limits", status=(0, 1))
        self.assert_light(page, facts)
        self.assert_budget(facts)
        self.assertNotIn("What breaks first", page.text)

    @program.costly
    def test_a_breakout_both_ways(self):
        page, facts = self.report("link", "--breakout", "4x100g", "--duplex", "--frames", "50", "--set", "traffic.capture=", status=(0, 1))
        for port in facts["ports"]:
            for part in (port, port["reverse"]):
                self.assert_facts(page, part)
                self.assert_light(page, part)
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        parts = re.findall(r'<details class="fold part"( open)?><summary><h2>(.*?)</h2>', text)
        self.assertEqual(len(parts), 8)
        shown = [is_open != "" for is_open, _ in parts]
        wanted = ["FAIL" in name for _, name in parts]
        self.assertEqual(shown, wanted if any(wanted) else [True] + [False] * 7)


if __name__ == "__main__":
    program.main()

"""`--report`: a self-contained HTML page with the figures of the JSON, written whole or not at all."""

import base64
import html.parser
import math
import os
import pathlib
import re
import shlex
import statistics
import struct
import sys
import tempfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

STRESSED = ["phy", "--model", "symbols", "--ber", "1.2e-3", "--frames", "3000"]
VOID = {"meta", "link", "br", "hr", "img", "input"}
PICTURE = r"data:image/png;base64,([A-Za-z0-9+/]+=*)"


class Page(html.parser.HTMLParser):
    """Elements in balance, texts by element, attributes; the TOML of the scenario apart."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.attributes, self.tags, self.problems = [], "", [], [], []
        self.rows, self.scenario = [], ""
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes nothing")

    def handle_data(self, data):
        if "style" in self.open:
            return
        if "pre" in self.open:
            self.scenario += data
            return
        self.text += data + " "
        if self.rows and ("td" in self.open or "th" in self.open):
            self.rows[-1][-1] += data


def ratio(value):
    return "0" if value == 0 else f"{value:.2e}"


def number(value, decimals=2):
    """As the page writes it; JSON has null for what is infinite or none."""
    if value is None:
        return ("none", "-", "closed", "\u221e")
    text = f"{value:.{decimals}f}"
    return (text.lstrip("-") if float(text) == 0 else text,)


def pixels(octets):
    """Width, height, rows of palette indices and the palette of a PNG, its checksums verified."""
    assert octets[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(octets):
        (length,) = struct.unpack(">I", octets[at : at + 4])
        covered = octets[at + 4 : at + 8 + length]
        assert struct.unpack(">I", octets[at + 8 + length : at + 12 + length]) == (zlib.crc32(covered),)
        chunks[covered[:4]] = covered[4:]
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert form == [8, 3, 0, 0, 0]
    raw = zlib.decompress(chunks[b"IDAT"])
    assert len(raw) == height * (width + 1)
    rows = [raw[r * (width + 1) : (r + 1) * (width + 1)] for r in range(height)]
    assert all(row[0] == 0 for row in rows)
    return width, height, [row[1:] for row in rows], chunks[b"PLTE"]


class ReportCase(program.Case):
    def report(self, *arguments, status=(0,)):
        """The page and the JSON of the same run; the page is checked for what every page must be."""
        facts = self.json(*arguments, "--report", "report.html", status=status)
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        self.assertEqual(os.listdir(self.folder), ["report.html"])
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        for tag in ("script", "link", "img", "iframe", "object", "base", "use", "a"):
            self.assertNotIn(tag, page.tags)
        self.assertLess(len(text), 1 << 21)
        for picture in re.findall(PICTURE, text):
            pixels(base64.b64decode(picture, validate=True))
        without = re.sub(PICTURE, "", text)
        for outside in ("http", "src=", "@import", "url(", "//"):
            self.assertNotIn(outside, without)
        for name, value in page.attributes:
            self.assertFalse(name.startswith("on"), name)
            if name.endswith("href"):
                self.assertRegex(value, f"^{PICTURE}$")
            self.assertNotIn("nan", (value or "").split(), f"{name}={value}")
        for bad in ("nan", "inf", "-nan"):
            self.assertNotRegex(text, rf'="[^"]*\b{bad}\b[^"]*"')
        return page, facts

    def assert_facts(self, page, facts):
        """Frames, lanes and FEC of one direction stand on the page."""
        frames = facts["frames"]
        for key in ("sent", "delivered", "lost"):
            self.assertIn([key, f"{frames[key]:,}"], page.rows)
        self.assertIn(["loss ratio", ratio(frames["loss_ratio"])], page.rows)
        self.assertIn(["95 % interval", " to ".join(map(ratio, frames["loss_ratio_interval"]))], page.rows)
        predicted = frames["loss_ratio_predicted"]
        self.assertIn(["loss ratio predicted", "no prediction" if predicted is None else ratio(predicted)], page.rows)
        for lane in facts["lanes"]:
            row = [str(lane["lane"])] + [f"{lane[key]:,}" for key in ("symbols", "symbol_errors", "bit_errors")]
            row += [ratio(lane["pre_fec_ber"]), " to ".join(map(ratio, lane["pre_fec_ber_interval"]))]
            self.assertIn(row + [ratio(lane["pre_fec_ber_expected"])], page.rows)
        for lane in facts["receiver"]["pcs_lanes"]:
            pcs_lane = "not locked" if lane["pcs_lane"] < 0 else str(lane["pcs_lane"])
            row = [str(lane["received"]), pcs_lane, f"{lane['skew_bits']:,}", f"{lane['skew_ns']:.2f}"]
            row += [f"{lane[key]:,}" for key in ("marker_errors", "losses", "fec_symbol_errors", "bip_errors")]
            self.assertIn(row, page.rows)
        fec = facts["fec"]
        if fec is None:
            self.assertIn("no FEC", page.text)
            return
        for name, value in (
            ("corrected_blocks", f"{fec['corrected']:,}"),
            ("uncorrectable_blocks", f"{fec['uncorrectable']:,}"),
            ("corrected_bits", f"{fec['corrected_bits']:,}"),
            ("codeword error ratio", ratio(fec["codeword_error_ratio"])),
        ):
            self.assertIn([name, value], [row[:2] for row in page.rows])
        for i, (count, share) in enumerate(zip(fec["bins"], fec["bins_predicted"])):
            self.assertIn([str(i), f"{count:,}", f"{share * fec['codewords']:.1f}"], page.rows)

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


class TestReport(ReportCase):
    def test_a_stressed_phy(self):
        page, facts = self.report(*STRESSED, status=(1,))
        self.assert_facts(page, facts)
        self.assertIn("FAIL", page.text)
        self.assertIn("KP4 limit 2.4e-4", page.text)
        self.assertNotIn("Limits of the standard", page.text)
        self.assertIn("seed 1", page.text)
        self.assertIn("uncorr.", page.text)

    def test_without_fec_and_with_kr4(self):
        page, facts = self.report("phy", "--pmd", "100GBASE-LR4", "--frames", "100")
        self.assert_facts(page, facts)
        self.assertNotIn("limit", page.text)
        page, facts = self.report("phy", "--pmd", "100GBASE-SR4", "--model", "symbols", "--ber", "5e-5")
        self.assert_facts(page, facts)
        self.assertIn("KR4 limit 5e-5", page.text)
        for light in ("Margin", "Transmitters", "Receivers", "Power of a module"):
            self.assertNotIn(light, page.text)

    def test_extremes(self):
        """Nothing sent, hopeless errors, a dark lane: still a page."""
        self.report("phy", "--frames", "0")
        self.report("phy", "--frames", "20", "--model", "symbols", "--ber", "0.3", status=(1,))
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "cut.toml").write_text('[[events]]\nkind = "cut"\nlane = 2\ntime_us = 115\n')
        page, _ = self.report("phy", folder / "cut.toml", status=(1,))
        self.assertIn("not aligned", page.text)
        self.assertIn(["align_status", "NO"], page.rows)
        self.assertIn('kind = "cut"', page.scenario)

    def test_a_breakout_and_a_duplex_link(self):
        page, facts = self.report("phy", "--breakout", "4x100g", "--duplex", "--model", "symbols", "--ber", "2e-4")
        for port in facts["ports"]:
            self.assert_facts(page, port)
            self.assert_facts(page, port["reverse"])
            for direction in ("forward", "reverse"):
                self.assertIn(f"Port {port['port']}, {direction}", page.text)
        self.assertEqual(page.tags.count("details"), 8 + 1)

    def test_the_scenario_reads_back(self):
        page, _ = self.report("phy", "--pmd", "200GBASE-FR4", "--seed", "17")
        path = self.file("again.toml", page.scenario)
        self.assertEqual(self.good("phy", path, "--print-config").stdout, page.scenario)

    def test_texts_are_escaped(self):
        capture = self.folder / "a<b>&\"'.pcap"
        capture.write_bytes(program.pcap(bytes(range(60))))
        self.good("phy", "--capture", capture.name, "--report", "report.html")
        text = (self.folder / "report.html").read_text()
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertIn("a&lt;b&gt;&amp;", text)
        self.assertNotIn("<b>&", text)
        self.assertIn(capture.name, page.text)


class TestCharts(ReportCase):
    def svg(self, label):
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        return re.search(rf'<svg [^>]*aria-label="{label}">(.*?)</svg>', text, re.DOTALL)[1]

    def test_bars_are_as_high_as_their_logarithm(self):
        _, facts = self.report(*STRESSED, status=(1,))
        drawn = re.findall(r'height="([\d.]+)" class="(bar|bad)"', self.svg("Codewords by corrected symbols"))
        counts = [count for count in facts["fec"]["bins"] + [facts["fec"]["uncorrectable"]] if count > 0]
        self.assertEqual(len(drawn), len(counts))
        self.assertEqual([kind for _, kind in drawn].count("bad"), 1)
        unit = float(drawn[0][0]) / math.log10(10 * counts[0])
        for (height, _), count in zip(drawn, counts):
            self.assertAlmostEqual(float(height), unit * math.log10(10 * count), delta=0.3)

    def test_dots_and_marks_lie_on_one_logarithmic_axis(self):
        _, facts = self.report("phy", "--lane-ber", "1e-5,1e-4,1e-3,0", "--model", "symbols", "--frames", "3000", status=(0, 1))
        svg = self.svg("pre-FEC bit error ratio of each lane")
        places = [(float(x), facts["lanes"][i]["pre_fec_ber"]) for i, x in enumerate(re.findall(r'<circle cx="([\d.]+)"', svg))]
        self.assertEqual(len(places), 3)
        marks = re.findall(r'<line x1="([\d.]+)"[^>]* class="mark"', svg)
        places += [(float(x), ber) for x, ber in zip(marks, (1e-5, 1e-4, 1e-3))]
        places.append((float(re.search(r'<line x1="([\d.]+)"[^>]* class="limit"', svg)[1]), 2.4e-4))
        places.sort()
        (x0, y0), (x1, y1) = places[0], places[-1]
        for x, ber in places:
            self.assertAlmostEqual(math.log(ber / y0) / math.log(y1 / y0), (x - x0) / (x1 - x0), delta=0.002)

    def test_what_went_wrong_is_set_off(self):
        for ber, status, wanted in (("1.2e-3", 1, True), ("1e-5", 0, False)):
            self.report("phy", "--model", "symbols", "--ber", ber, "--frames", "3000", status=(status,))
            text = (self.folder / "report.html").read_text(encoding="utf-8")
            self.assertEqual('<tr class="alarm"><td class="text">lost' in text, wanted)
            self.assertEqual('<div class="alarm">' in text, wanted)


class TestLight(ReportCase):
    """Pages of `lightlane link`."""

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

    def test_the_corner_of_the_limits(self):
        page, facts = self.report("link", "--set", "link.corner=limits", status=(0, 1))
        self.assert_light(page, facts)
        self.assert_budget(facts)
        self.assertNotIn("What breaks first", page.text)

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


class TestLostFrames(ReportCase):
    def commands(self, page):
        return [row[-1] for row in page.rows if row and row[-1].startswith("lightlane replay")]

    def explained(self, command):
        return self.json(*shlex.split(command)[1:])

    def test_each_has_the_command_that_explains_it(self):
        page, facts = self.report(*STRESSED, "--seed", "3", status=(1,))
        commands = self.commands(page)
        self.assertEqual(len(commands), min(50, facts["frames"]["lost"]))
        for command, lost in list(zip(commands, facts["lost_frames"]))[:3]:
            answer = self.explained(command)
            self.assertEqual((answer["frame"], answer["lost"], answer["word"]), (lost["frame"], True, lost["word"]))

    def test_of_a_link_with_odd_words(self):
        scenario = self.file("it's a link.toml", "[plant]\nstress_ber = 1.3e-3\n")
        done = self.good("link", scenario.name, "--repeat", "10", "--report", "r.html", "--format", "json", status=(1,))
        self.assertIn('"verdict": "fail"', done.stdout)
        command = self.commands(Page((self.folder / "r.html").read_text()))[0]
        self.assertIn("--light", command)
        self.assertTrue(self.explained(command)["lost"])

    def test_of_a_port(self):
        page, facts = self.report("phy", "--breakout", "2x200g", "--model", "symbols", "--ber", "1.4e-3", status=(1,))
        command = next(c for c in self.commands(page) if "--port 1" in c)
        self.assertTrue(self.explained(command)["lost"])
        self.assertEqual(self.explained(command)["frame"], facts["ports"][1]["lost_frames"][0]["frame"])

    def test_no_more_than_fifty(self):
        page, facts = self.report("phy", "--model", "symbols", "--ber", "5e-3", status=(1,))
        self.assertGreater(facts["frames"]["lost"], 50)
        self.assertEqual(len(self.commands(page)), 50)
        self.assertIn(f"the first 50 of {facts['frames']['lost']:,}", page.text)

    def test_where_no_replay_can_follow(self):
        page, _ = self.report(*STRESSED, "--duplex", status=(1,))
        self.assertEqual(self.commands(page), [])
        self.assertIn("No lightlane replay here", page.text)


class TestWriting(program.Case):
    def test_bad_input_writes_nothing(self):
        kept = self.file("kept.html", "precious")
        bad = self.file("bad.pcap", program.pcap(bytes(60))[:-1])
        self.refused(["phy", "--ber", "2", "--report", kept], ["ber"], (2,))
        self.refused(["phy", "--capture", bad, "--report", kept], ["bad.pcap"], (3,))
        self.refused(["phy", "--capture", bad, "--report", "new.html"], ["bad.pcap"], (3,))
        self.refused(["link", "nowhere.toml", "--report", kept], ["nowhere.toml"], (3,))
        self.assertEqual(kept.read_text(), "precious")

    def test_places_where_nothing_can_be_written(self):
        self.refused(["phy", "--report", "no/such/folder/r.html"], ["no/such/folder"], (3,))
        self.refused(["phy", "--report", self.folder], [str(self.folder)], (3,))
        self.refused(["phy", "--report", "-"], ["--report"], (2,))

    def test_an_old_page_is_replaced(self):
        kept = self.file("kept.html", "old")
        self.good("phy", "--report", kept)
        self.assertTrue(kept.read_text().endswith("</html>\n"))

    def test_print_config_writes_no_page(self):
        self.good("phy", "--report", "r.html", "--print-config")
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_answer_is_the_same_with_a_page(self):
        with_page = self.json("phy", "--report", "r.html")
        without = self.json("phy")
        del with_page["time"], without["time"]
        self.assertEqual(with_page, without)


if __name__ == "__main__":
    program.main()

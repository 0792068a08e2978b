#include "lightlane/catalog/loader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/consistency.hpp"

namespace lightlane::catalog {
namespace {

const std::string source = R"([[source]]
key = "S"
title = "a sheet"
reference = "here"
reliability = "good"
)";

const std::string pmd = R"([[pmd]]
id = "X"
aliases = ["ex"]
publisher = "IEEE"
rate_gbps = 100
source = "S"
confidence = "likely"
[pmd.signal]
lanes = 2
modulation = "pam4"
[pmd.wavelength]
lanes = [ { lane = 0, nominal_nm = 1311, min_nm = 1304.5, max_nm = 1317.5 } ]
[pmd.reach]
SMF = 500
[pmd.tx]
source = ["S", "S"]
confidence = "sure"
oma_outer_min_dbm = -0.8
er_min_db = { value = 3.5, confidence = "unverified", source = "S", note = "so they say" }
)";

Loaded load_text(const std::string& text, const Tables& known = {}) {
  const Document documents[] = {{"x.toml", text}};
  return load(documents, known);
}

std::string problems(const std::string& text, const Tables& known = {}) {
  std::string all;
  for (const Problem& problem : load_text(text, known).problems) all += to_string(problem) + "\n";
  return all;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(CatalogLoader, ReadsValuesWithTheirProvenance) {
  const Loaded loaded = load_text(source + pmd);
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  ASSERT_EQ(loaded.tables.pmds.size(), 1u);
  const Pmd& p = loaded.tables.pmds[0];
  EXPECT_EQ(p.id, "X");
  EXPECT_EQ(p.lanes, 2);
  EXPECT_EQ(p.signal.confidence, Confidence::likely);  // of the entry
  EXPECT_EQ(p.wavelengths[0].min_nm, 1304.5);
  EXPECT_EQ(p.reach[0].length_m.value, 500);
  EXPECT_EQ(p.tx.oma_outer_min_dbm->value, -0.8);
  EXPECT_EQ(p.tx.oma_outer_min_dbm->confidence, Confidence::sure);
  EXPECT_EQ(p.tx.oma_outer_min_dbm->source, "S, S");
  EXPECT_EQ(p.tx.er_min_db->confidence, Confidence::unverified);
  EXPECT_EQ(p.tx.er_min_db->note, "so they say");
  EXPECT_FALSE(p.tx.tdecq_max_db);
  EXPECT_EQ(find_pmd("EX", loaded.tables), &p);
  EXPECT_EQ(loaded.pmd_places[0].line, 6u);
}

struct Broken {
  const char* what;
  const char* by;
  const char* expected;  ///< of the one problem
};

TEST(CatalogLoader, NamesFileAndLineOfEveryProblem) {
  // The PMD begins at line 6.
  const Broken table[] = {
      {"lanes = 2", "lanes = 2.5", "x.toml:14: pmd.signal.lanes: is 2.5, not a whole number"},
      {"lanes = 2", "lanes = 99", "x.toml:14: pmd.signal.lanes: is 99, not a number from 1 to 32"},
      {"lanes = 2", "lanes = \"two\"", "x.toml:14: pmd.signal.lanes: is something else, not a number"},
      {"\"pam4\"", "\"pam8\"", "x.toml:15: pmd.signal.modulation: is none of unknown, nrz, pam4"},
      {"min_nm = 1304.5", "min_nm = 1314.5",
       "x.toml:17: pmd.wavelength.lanes: nominal_nm lies outside of min_nm to max_nm"},
      {"lane = 0, ", "", "x.toml:17: pmd.wavelength.lanes: needs lane and nominal_nm"},
      {"SMF = 500", "SMF = -5", "x.toml:19: pmd.reach.SMF: is -5, not a number from 0.5"},
      {"SMF = 500", "OM9 = 500", "x.toml:19: pmd.reach.OM9: unknown key"},
      {"oma_outer_min_dbm = -0.8", "oma_outer_min_dbm = 99",
       "x.toml:23: pmd.tx.oma_outer_min_dbm: is 99, not a number from -20 to 20 dBm"},
      {"oma_outer_min_dbm = -0.8", "oma_outer_min_dbm = nan", "x.toml:23: pmd.tx.oma_outer_min_dbm: is nan"},
      {"oma_outer_min_dbm = -0.8", "oma_min_dbm = -0.8", "x.toml:23: pmd.tx.oma_min_dbm: unknown key"},
      {"source = [\"S\", \"S\"]\n", "", "x.toml:22: pmd.tx.oma_outer_min_dbm: has no source"},
      {"confidence = \"sure\"\n", "", "x.toml:22: pmd.tx.oma_outer_min_dbm: has no confidence"},
      {"confidence = \"sure\"", "confidence = \"certain\"",
       "x.toml:22: pmd.tx.confidence: is none of unverified, likely, sure"},
      {"[\"S\", \"S\"]", "[\"S\", \"T\"]", "x.toml:21: unknown source 'T'"},
      {"[\"S\", \"S\"]", "[]", "x.toml:21: pmd.tx.source: is not a source's key"},
      {"value = 3.5, ", "", "x.toml:24: pmd.tx.er_min_db: has no value"},
      {"note = \"so", "comment = \"so", "x.toml:24: pmd.tx.er_min_db.comment: unknown key"},
      {"publisher = \"IEEE\"\n", "", "x.toml:6: pmd.publisher: is missing"},
      {"id = \"X\"\n", "", "x.toml:6: pmd.id: is missing"},
      {"rate_gbps = 100\n", "", "x.toml:6: pmd.rate_gbps: is missing"},
      {"source = \"S\"\nconfidence = \"likely\"", "", "x.toml:6: pmd 'X': has no source"},
      {"[\"ex\"]", "[\"x\"]", "x.toml:8: pmd 'x' is taken: x.toml:7"},
      {"[\"ex\"]", "\"ex\"", "x.toml:8: pmd.aliases: is not a list of texts"},
      {"[pmd.signal]", "[pmd.signals]", "pmd.signals: unknown key"},
      {"[pmd.signal]", "[pmd.signal", "x.toml:13: "},  // no TOML any more
      {"[pmd.signal]", "[\npmd.signal]", "x.toml:13: "},
  };
  for (const Broken& broken : table) {
    const std::string found = problems(source + replaced(pmd, broken.what, broken.by));
    EXPECT_NE(found.find(broken.expected), std::string::npos) << broken.expected << " in\n" << found;
  }
  EXPECT_NE(problems("[[pmds]]\nid = \"X\"\n").find("x.toml:1: pmds: unknown; there are [[source]]"),
            std::string::npos);
  EXPECT_NE(problems("pmd = 3\n").find("x.toml:1: pmd: unknown"), std::string::npos);
  EXPECT_NE(problems(source + source).find("x.toml:7: source 'S' is taken: x.toml:2"), std::string::npos);
}

TEST(CatalogLoader, CollectsInsteadOfStopping) {
  std::string text = replaced(pmd, "lanes = 2", "lanes = 0");
  text = replaced(text, "-0.8", "-80");
  text = replaced(text, "[\"S\", \"S\"]", "\"T\"");
  EXPECT_EQ(load_text(source + text).problems.size(), 3u);
}

TEST(CatalogLoader, DevicesAndProfiles) {
  const std::string device = R"([[device]]
id = "laser-x"
kind = "transmitter"
summary = "a laser"
source = "TYP"
confidence = "unverified"
[device.values]
modulator.kind = "eml"
modulator.bandwidth_ghz = { typical = 30, spread = 2, per_kelvin = -0.1 }
rin_db_per_hz = -140
[[profile]]
pmd = "400GBASE-DR4"
transmitter = "laser-x"
receiver = "pin-53g"
dsp = "dsp-7nm"
fibre = "SMF"
connector = "MPO"
source = "TYP"
confidence = "unverified"
values = { tx.oma_outer_dbm = 9.0, tx.extinction_ratio_db = 5.0 }
)";
  const Loaded loaded = load_text(device, builtin());
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  const Device& d = loaded.tables.devices[0];
  EXPECT_EQ(d.text("modulator.kind"), "eml");
  EXPECT_EQ(d.number("modulator.bandwidth_ghz")->spread, 2);
  EXPECT_EQ(d.number("modulator.bandwidth_ghz")->per_kelvin, -0.1);
  EXPECT_EQ(d.number("rin_db_per_hz")->typical, -140);
  const std::vector<Problem> sense = sense_problems(loaded, builtin());
  ASSERT_FALSE(sense.empty());
  EXPECT_EQ(to_string(sense[0]),
            "x.toml:11: profile 400GBASE-DR4: launches an OMA of 9 dBm, above the limit of 4.2 dBm");

  const Broken table[] = {
      {"\"eml\"", "\"led\"", "x.toml:8: device.values.modulator.kind: is none of mzm | eml | dml | vcsel"},
      {"\"eml\"", "\"eml | dml\"", "x.toml:8: device.values.modulator.kind: is none of"},
      {"-140", "-14", "x.toml:10: device.values.rin_db_per_hz: is -14, not a number from -180 to -100 dB/Hz"},
      {"rin_db_per_hz", "rin", "x.toml:10: device.values.rin: unknown key"},
      {"modulator.bandwidth_ghz", "modulator.bandwidth",
       "x.toml:9: device.values.modulator.bandwidth: unknown key"},
      {"spread = 2", "sigma = 2", "x.toml:9: device.values.modulator.bandwidth_ghz.sigma: unknown key"},
      {"\"pin-53g\"", "\"dsp-7nm\"", "x.toml:14: unknown receiver 'dsp-7nm'"},
      {"\"SMF\"", "\"glass\"", "x.toml:16: unknown fibre 'glass'"},
      {"\"MPO\"", "\"glue\"", "x.toml:17: unknown connector 'glue'"},
      {"\"400GBASE-DR4\"", "\"400GBASE-DR5\"",
       "x.toml:12: unknown PMD '400GBASE-DR5'; allowed: 400GBASE-DR4"},
      {"kind = \"transmitter\"\n", "", "device.kind: is missing"},
      {"source = \"TYP\"\nconfidence = \"unverified\"\n[device", "[device",
       "x.toml:6: device.values.modulator.kind: has no source"},
  };
  for (const Broken& broken : table) {
    const std::string found = problems(replaced(device, broken.what, broken.by), builtin());
    EXPECT_NE(found.find(broken.expected), std::string::npos) << broken.expected << " in\n" << found;
  }
}

/// Names: what is wrong with them, each by its line.
TEST(CatalogLoader, Names) {
  const std::string good = source + R"([[name]]
id = "Y"
aliases = ["why"]
kind = "nonexistent"
text = "no Y"
source = "S"
confidence = "sure"
[[name.meaning]]
text = "that one"
pmds = ["400GBASE-DR4"]
source = "S"
confidence = "likely"
)";
  const Loaded loaded = load_text(good, builtin());
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  const NameEntry* entry = find_name("WHY", loaded.tables);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->kind, NameKind::nonexistent);
  EXPECT_EQ(entry->meanings[0].provenance.confidence, Confidence::likely);
  const Broken table[] = {
      {"\"nonexistent\"", "\"wrong\"",
       "x.toml:9: name.kind: is none of ambiguous, nonexistent, unlisted, remark"},
      {"\"nonexistent\"", "\"ambiguous\"", "x.toml:6: name 'Y': is ambiguous with 1 meanings"},
      {"\"nonexistent\"", "\"remark\"", "x.toml:7: unknown PMD 'Y'"},
      {"kind = \"nonexistent\"\n", "", "x.toml:6: name.kind: is missing"},
      {"\"400GBASE-DR4\"", "\"400GBASE-DR5\"", "x.toml:15: unknown PMD '400GBASE-DR5'"},
      {"text = \"no Y\"\n", "", "x.toml:6: name.text: is missing"},
      {"source = \"S\"\nconfidence = \"likely\"\n", "", "x.toml:13: name.meaning: has no source"},
      {"confidence = \"sure\"\n", "", "name 'Y': has no confidence"},
      {"pmds", "pmd", "x.toml:15: name.meaning.pmd: unknown key"},
  };
  for (const Broken& broken : table) {
    const std::string found = problems(replaced(good, broken.what, broken.by), builtin());
    EXPECT_NE(found.find(broken.expected), std::string::npos) << broken.expected << " in\n" << found;
  }
  // A name that a PMD has is no name of several or none.
  EXPECT_NE(problems(replaced(good, "\"Y\"", "\"X\"") + pmd, builtin()).find("pmd 'X' is taken: x.toml:7"),
            std::string::npos);
}

/// Form factors, power classes, cages, modules and cables: what is wrong with them, each by its line.
TEST(CatalogLoader, ModulesAndCables) {
  const std::string good = source + R"([[form_factor]]
id = "F"
summary = "new"
identifier = "0x7F"
management = "cmis"
source = "S"
confidence = "sure"
host_lanes = 4
[[power_class]]
id = "p-1"
management = "cmis"
number = 1
source = "S"
confidence = "sure"
max_w = 1.5
[[cage]]
id = "C"
summary = "its cage"
form_factor = "F"
source = "S"
confidence = "sure"
[[cage.fit]]
form_factor = "F"
fits = true
host_lanes = 4
[[module]]
id = "M"
summary = "a module"
form_factor = "F"
pmd = "400GBASE-DR4"
source = "S"
confidence = "sure"
ports = 2
host_lanes = 4
power_max_w = 9
application = [ { host_id = "0x11", media_id = "0x1C", host_lanes = 8, media_lanes = 4 } ]
[[cable]]
id = "K"
kind = "cord"
summary = "a cord"
fibre = "single_mode"
polarity = "B"
a = { connector = "lc_duplex" }
b = { connector = "lc_duplex" }
source = "S"
confidence = "sure"
legs = [[2, 1]]
)";
  const Loaded loaded = load_text(good, builtin());
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  EXPECT_EQ(find_module("M", loaded.tables)->applications[0].host_lanes, 8);
  EXPECT_EQ(find_cable("K", loaded.tables)->position_at_b(1).position, 2);
  EXPECT_EQ(find_cage("C", loaded.tables)->fit("f")->host_lanes->value, 4);
  const std::vector<Problem> sense = sense_problems(loaded, builtin());
  ASSERT_EQ(sense.size(), 1u);
  EXPECT_EQ(to_string(sense[0]), "x.toml:31: module M: has an application of 8 host lanes on 4");
  const Broken table[] = {
      {"\"0x7F\"", "\"7F\"", "x.toml:9: form_factor.identifier: is '7F', not a code such as 0x1C"},
      {"\"cmis\"", "\"smbus\"", "x.toml:10: form_factor.management: is none of unknown, cmis, sff8636"},
      {"host_lanes = 4\n[[power", "host_lanes = 99\n[[power",
       "x.toml:13: form_factor.host_lanes: is 99, not a number from 1 to 32"},
      {"number = 1\n", "", "x.toml:14: power_class.number: is missing"},
      {"max_w = 1.5\n", "", "x.toml:14: power_class.max_w: is missing"},
      {"form_factor = \"F\"\nsource", "form_factor = \"G\"\nsource", "x.toml:24: unknown form factor 'G'"},
      {"fits = true\n", "", "x.toml:27: cage.fit.fits: is missing"},
      {"fits = true\n", "fits = false\n", "x.toml:27: cage.fit.text: is missing"},
      {"pmd = \"400GBASE-DR4\"", "pmd = \"400GBASE-DR5\"", "x.toml:35: unknown PMD '400GBASE-DR5'"},
      {"power_max_w = 9", "power_max_w = 900",
       "x.toml:40: module.power_max_w: is 900, not a number from 0.1 to 100 W"},
      {"\"0x1C\"", "\"0x1\"", "x.toml:41: module.application.media_id: is '0x1'"},
      {"host_id = \"0x11\", ", "", "x.toml:41: module.application.host_id: is missing"},
      {"application = [ ", "application = [ 1, ", "x.toml:41: module.application: is not a list of tables"},
      {"source = \"S\"\nconfidence = \"sure\"\nports", "confidence = \"sure\"\nports",
       "x.toml:31: module 'M': has no source"},
      {"[[2, 1]]", "[[2, 2]]", "x.toml:52: cable.legs: fibre 2 is there twice"},
      {"[[2, 1]]", "[[2]]", "x.toml:52: cable.legs: is not a list of 2 positions of end a"},
      {"[[2, 1]]", "[[3, 1]]", "x.toml:52: cable.legs: is 3, not a number from 0 to 2"},
      {"[[2, 1]]", "[[1.5, 1]]", "x.toml:52: cable.legs: is not a whole number"},
      {"[[2, 1]]", "[]", "x.toml:52: cable.legs: is not a list of legs"},
      {"polarity = \"B\"", "polarity = \"D\"", "x.toml:47: cable.polarity: is none of A, B, C"},
      {"a = { connector = \"lc_duplex\" }\n", "", "x.toml:42: cable.a: is missing"},
      {"fibre = \"single_mode\"\n", "", "x.toml:42: cable.fibre: is missing"},
  };
  for (const Broken& broken : table) {
    const std::string found = problems(replaced(good, broken.what, broken.by), builtin());
    EXPECT_NE(found.find(broken.expected), std::string::npos) << broken.expected << " in\n" << found;
  }
}

/// Switches: what is wrong with them, each by its line.
TEST(CatalogLoader, Switches) {
  const std::string good = source + R"([[switch]]
id = "W"
summary = "a switch"
source = "S"
confidence = "sure"
[[switch.port]]
first = 1
last = 7
step = 2
cage = "qsfp28-cage"
rate_gbps = 100
[[switch.port]]
first = 2
last = 8
step = 2
cage = "osfp-cage"
rate_gbps = 400
power_max_w = 12
)";
  const Loaded loaded = load_text(good, builtin());
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_string(problem);
  const Switch& w = *find_switch("W", loaded.tables);
  EXPECT_EQ(w.port_count(), 8);
  EXPECT_EQ(w.port(7)->cage, "qsfp28-cage");
  EXPECT_EQ(w.port(8)->cage, "osfp-cage");
  const Broken table[] = {
      {"first = 2", "first = 3", "x.toml:17: switch 'W': port 3 is there twice"},
      {"last = 7", "last = 0", "x.toml:13: switch.port.last: is 0, not a number from 1 to 1024"},
      {"step = 2", "step = 0", "x.toml:14: switch.port.step: is 0"},
      {"first = 1\n", "", "x.toml:11: switch.port.first: is missing"},
      {"rate_gbps = 100\n", "", "x.toml:11: switch.port.rate_gbps: is missing"},
      {"\"osfp-cage\"", "\"hutch\"", "x.toml:21: unknown cage 'hutch'"},
      {"power_max_w = 12", "power_max_w = 1200", "x.toml:23: switch.port.power_max_w: is 1200"},
      {"power_max_w = 12", "power = 12", "x.toml:23: switch.port.power: unknown key"},
      {"confidence = \"sure\"\n[[", "[[", "x.toml:6: switch 'W': has no confidence"},
  };
  for (const Broken& broken : table) {
    const std::string found = problems(replaced(good, broken.what, broken.by), builtin());
    EXPECT_NE(found.find(broken.expected), std::string::npos) << broken.expected << " in\n" << found;
  }
}

TEST(CatalogLoader, FilesThatCannotBeRead) {
  EXPECT_THROW(read_document("/no/such/file.toml"), InputError);
  EXPECT_THROW(read_document("/"), InputError);
}

#ifdef LIGHTLANE_CATALOG_COMPILER
/// What the build does: data that are wrong stop it, with file and line, and leave no tables behind.
TEST(CatalogCompiler, RefusesBrokenData) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("lightlane-catalog-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const fs::path data = folder / "data.toml", tables = folder / "tables.cpp";
  const auto compile = [&](const std::string& text, std::string& output) {
    std::ofstream(data) << text;
    const std::string command =
        std::string(LIGHTLANE_CATALOG_COMPILER) + " " + tables.string() + " " + data.string() + " 2>&1";
    std::FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    output.clear();
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
    return pclose(pipe);
  };
  std::string output;
  EXPECT_NE(compile(source + replaced(pmd, "-0.8", "-80"), output), 0);
  EXPECT_EQ(output,
            data.string() + ":23: pmd.tx.oma_outer_min_dbm: is -80, not a number from -20 to 20 dBm\n");
  EXPECT_FALSE(fs::exists(tables));
  EXPECT_NE(compile("[[pmd", output), 0);
  EXPECT_NE(output.find(data.string() + ":1: "), std::string::npos) << output;
  EXPECT_FALSE(fs::exists(tables));

  EXPECT_EQ(compile(source + pmd, output), 0) << output;
  EXPECT_EQ(output, "");
  EXPECT_TRUE(fs::exists(tables));
  fs::remove_all(folder);
}
#endif

}  // namespace
}  // namespace lightlane::catalog

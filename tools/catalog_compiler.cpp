// Compiles data/catalog/*.toml into constant tables of C++: catalog_compiler OUTPUT.cpp FILE.toml...
// Prints every problem of the data as file:line: text, writes nothing then, and returns 1.
// catalog_compiler --schema writes the JSON Schema of the data (data/catalog/schema.json) to standard output.

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include "catalog_schema.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/schema.hpp"

namespace {

using namespace lightlane::catalog;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

/// The shortest digits that read back as the same number.
std::string literal(double x) { return fmt::format("{}", x); }

/// An enumerator: the words of data are the names of the code.
std::string enumerator(std::string_view type, std::string_view word) {
  return fmt::format("{}::{}", type, word);
}

std::string provenance(const Provenance& p) {
  return fmt::format("{{{}, {}, {}}}", enumerator("Confidence", name(p.confidence)), quoted(p.source),
                     quoted(p.note));
}

std::string value(const Value& v) {
  return fmt::format("Value{{{}, {}, {}, {}}}", literal(v.value),
                     enumerator("Confidence", name(v.confidence)), quoted(v.source), quoted(v.note));
}

std::string optional_number(const std::optional<double>& x) { return x ? literal(*x) : "std::nullopt"; }

/// Writes arrays ahead of the tables that have spans of them.
class Writer {
 public:
  std::string array(std::string_view type, const std::vector<std::string>& items) {
    if (items.empty()) return "{}";
    const std::string name = fmt::format("array_{}", arrays_++);
    text_ += fmt::format("constexpr {} {}[] = {{", type, name);
    for (const std::string& item : items) text_ += item + ", ";
    text_ += "};\n";
    return name;
  }
  std::string texts(std::span<const std::string_view> list) {
    std::vector<std::string> items;
    for (const std::string_view item : list) items.push_back(quoted(item));
    return array("std::string_view", items);
  }
  template <class Entry, class Format>
  void table(std::string_view type, std::span<const Entry> entries, Format format) {
    std::vector<std::string> items;
    for (const Entry& entry : entries) items.push_back(format(entry));
    const std::string name = array(type, items);
    tables_.push_back(fmt::format("std::span<const {}>({})", type, name));
  }
  void write(std::ostream& out) const {
    out << "// Made by tools/catalog_compiler.cpp from data/catalog: do not edit.\n"
           "#include \"lightlane/catalog/catalog.hpp\"\n\n"
           "#pragma GCC diagnostic ignored \"-Wmissing-field-initializers\"\n\n"
           "namespace lightlane::catalog {\nnamespace {\n\n"
        << text_ << "\nconstexpr Tables tables = {";
    for (const std::string& name : tables_) out << name << ", ";
    out << "};\n\n}  // namespace\n\nconst Tables& builtin() noexcept { return tables; }\n\n"
           "}  // namespace lightlane::catalog\n";
  }

 private:
  std::string text_;
  std::vector<std::string> tables_;
  int arrays_ = 0;
};

/// ".oma_outer_min_dbm = Value{...}, ..." of one group; designators stand in the order of the members.
template <class Owner>
std::string limits(const Owner& owner, std::span<const LimitKey<Owner>> keys, std::string_view group) {
  std::string out;
  for (const auto& key : keys) {
    if (key.table != group) continue;
    if (const Limit& limit = key.get(owner)) out += fmt::format(".{} = {}, ", key.key, value(*limit));
  }
  return out;
}

std::string source(const Source& s) {
  return fmt::format("{{{}, {}, {}, {}}}", quoted(s.key), quoted(s.title), quoted(s.reference),
                     quoted(s.reliability));
}

std::string pmd(Writer& writer, const Pmd& p) {
  std::vector<std::string> wavelengths, reach;
  for (const Wavelength& w : p.wavelengths) {
    wavelengths.push_back(fmt::format("{{{}, {}, {}, {}, {}}}", w.lane, enumerator("End", name(w.end)),
                                      literal(w.nominal_nm), optional_number(w.min_nm),
                                      optional_number(w.max_nm)));
  }
  for (const Reach& r : p.reach)
    reach.push_back(fmt::format("{{{}, {}}}", quoted(r.fibre), value(r.length_m)));
  std::string out = "{";
  const auto add = [&](std::string_view member, const std::string& code) {
    out += fmt::format(".{} = {},\n", member, code);
  };
  add("id", quoted(p.id));
  add("aliases", writer.texts(p.aliases));
  add("publisher", quoted(p.publisher));
  add("standard", quoted(p.standard));
  add("edition", quoted(p.edition));
  add("clause", quoted(p.clause));
  add("rate_gbps", fmt::format("{}", p.rate_gbps));
  add("identity", provenance(p.identity));
  add("lanes", fmt::format("{}", p.lanes));
  add("lane_rate_gbd", literal(p.lane_rate_gbd));
  add("modulation", enumerator("LineCode", name(p.modulation)));
  add("signal", provenance(p.signal));
  add("wavelengths", writer.array("Wavelength", wavelengths));
  add("wavelength", provenance(p.wavelength));
  add("fibre", enumerator("FibreKind", name(p.fibre)));
  add("fibre_count", fmt::format("{}", p.fibre_count));
  add("connector", enumerator("PmdConnector", name(p.connector)));
  add("polish", enumerator("Polish", name(p.polish)));
  add("single_fibre_bidirectional", p.single_fibre_bidirectional ? "true" : "false");
  add("medium", provenance(p.medium));
  add("reach", writer.array("Reach", reach));
  add("tx", fmt::format("{{.penalty_metric = {}, {}}}",
                        enumerator("PenaltyMetric", name(p.tx.penalty_metric)), limits(p, pmd_keys(), "tx")));
  for (const char* group : {"rx", "channel", "budget", "measurement", "eye_mask"}) {
    add(group, "{" + limits(p, pmd_keys(), group) + "}");
  }
  add("fec",
      fmt::format("{{.kind = {}, .text = {}, {}.provenance = {}}}", enumerator("FecKind", name(p.fec.kind)),
                  quoted(p.fec.text), limits(p, pmd_keys(), "fec"), provenance(p.fec.provenance)));
  add("host_interfaces", writer.texts(p.host_interfaces));
  add("form_factors", writer.texts(p.form_factors));
  add("host", provenance(p.host));
  add("power", "{" + limits(p, pmd_keys(), "power") + "}");
  add("cmis", fmt::format("{{{}, {}, {}, {}, {}}}", quoted(p.cmis.media_type), writer.texts(p.cmis.media_ids),
                          writer.texts(p.cmis.host_ids), writer.texts(p.cmis.sff8636_codes),
                          provenance(p.cmis.provenance)));
  add("breakout", writer.texts(p.breakout));
  add("breakout_provenance", provenance(p.breakout_provenance));
  std::vector<std::string> modes;
  for (const OtherMode& m : p.modes)
    modes.push_back(
        fmt::format("{{{}, {}, {}, {}}}", quoted(m.pmd), m.count, quoted(m.text), provenance(m.provenance)));
  add("modes", writer.array("OtherMode", modes));
  std::vector<std::string> exceptions;
  for (const ClosureException& e : p.exceptions)
    exceptions.push_back(fmt::format("{{{}, {}}}", quoted(e.rule), quoted(e.reason)));
  add("exceptions", writer.array("ClosureException", exceptions));
  add("notes", writer.texts(p.notes));
  return out + "}";
}

std::string properties(Writer& writer, const Properties& p) {
  std::vector<std::string> numbers, texts, lists;
  for (const NumberEntry& n : p.numbers) {
    numbers.push_back(fmt::format(
        "{{{}, {{{}, {}, {}, {}, {}, {}}}}}", quoted(n.key), literal(n.value.typical),
        literal(n.value.spread), literal(n.value.per_kelvin),
        enumerator("Confidence", name(n.value.confidence)), quoted(n.value.source), quoted(n.value.note)));
  }
  for (const TextEntry& t : p.texts) {
    texts.push_back(fmt::format("{{{}, {}, {}}}", quoted(t.key), quoted(t.text), provenance(t.provenance)));
  }
  for (const ListEntry& l : p.lists) {
    std::vector<std::string> values;
    for (const double x : l.values) values.push_back(literal(x));
    lists.push_back(fmt::format("{{{}, {}, {}}}", quoted(l.key), writer.array("double", values),
                                provenance(l.provenance)));
  }
  return fmt::format("{{{}, {}, {}}}", writer.array("NumberEntry", numbers), writer.array("TextEntry", texts),
                     writer.array("ListEntry", lists));
}

std::string device(Writer& writer, const Device& d) {
  return fmt::format("{{{}, {}, {}, {}, {}}}", properties(writer, d), quoted(d.id),
                     enumerator("DeviceKind", name(d.kind)), quoted(d.summary),
                     literal(d.reference_temperature_c));
}

std::string profile(Writer& writer, const Profile& p) {
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}}}", properties(writer, p), quoted(p.pmd),
                     quoted(p.transmitter), quoted(p.receiver), quoted(p.dsp), quoted(p.fibre),
                     quoted(p.connector), provenance(p.provenance));
}

std::string fibre(Writer& writer, const Fibre& f) {
  std::vector<std::string> attenuation;
  for (const Attenuation& a : f.attenuation) {
    attenuation.push_back(fmt::format("{{.wavelength_nm = {}, {}}}", literal(a.wavelength_nm),
                                      limits(a, attenuation_keys(), "")));
  }
  return fmt::format("{{.id = {}, .aliases = {}, .kind = {}, .summary = {}, .attenuation = {}, {}}}",
                     quoted(f.id), writer.texts(f.aliases), enumerator("FibreKind", name(f.kind)),
                     quoted(f.summary), writer.array("Attenuation", attenuation),
                     limits(f, fibre_keys(), ""));
}

std::string connector(Writer& writer, const Connector& c) {
  return fmt::format("{{.id = {}, .aliases = {}, .kind = {}, .polish = {}, .summary = {}, {}}}", quoted(c.id),
                     writer.texts(c.aliases), enumerator("JointKind", name(c.kind)),
                     enumerator("Polish", name(c.polish)), quoted(c.summary),
                     limits(c, connector_keys(), ""));
}

std::string name_entry(Writer& writer, const NameEntry& n) {
  std::vector<std::string> meanings;
  for (const NameMeaning& m : n.meanings) {
    meanings.push_back(
        fmt::format("{{{}, {}, {}}}", quoted(m.text), writer.texts(m.pmds), provenance(m.provenance)));
  }
  return fmt::format("{{{}, {}, {}, {}, {}, {}}}", quoted(n.id), writer.texts(n.aliases),
                     enumerator("NameKind", name(n.kind)), quoted(n.text),
                     writer.array("NameMeaning", meanings), provenance(n.provenance));
}

std::string form_factor(Writer& writer, const FormFactor& f) {
  return fmt::format(
      "{{.id = {}, .aliases = {}, .summary = {}, .identifier = {}, .management = {}, .provenance = {}, {}}}",
      quoted(f.id), writer.texts(f.aliases), quoted(f.summary), quoted(f.identifier),
      enumerator("Management", name(f.management)), provenance(f.provenance),
      limits(f, form_factor_keys(), ""));
}

std::string power_class(const PowerClass& p) {
  return fmt::format("{{.id = {}, .management = {}, .number = {}, {}}}", quoted(p.id),
                     enumerator("Management", name(p.management)), p.number,
                     limits(p, power_class_keys(), ""));
}

std::string cage(Writer& writer, const Cage& c) {
  std::vector<std::string> fits;
  for (const CageFit& f : c.fits) {
    fits.push_back(fmt::format("{{.form_factor = {}, .fits = {}, .text = {}, .provenance = {}, {}}}",
                               quoted(f.form_factor), f.fits, quoted(f.text), provenance(f.provenance),
                               limits(f, cage_fit_keys(), "")));
  }
  return fmt::format("{{{}, {}, {}, {}, {}}}", quoted(c.id), writer.texts(c.aliases), quoted(c.summary),
                     quoted(c.form_factor), writer.array("CageFit", fits));
}

std::string module(Writer& writer, const Module& m) {
  std::vector<std::string> applications;
  for (const ModuleApplication& a : m.applications) {
    applications.push_back(fmt::format("{{{}, {}, {}, {}, {}, {}}}", quoted(a.host_id), quoted(a.media_id),
                                       a.host_lanes, a.media_lanes, quoted(a.host_assignment),
                                       provenance(a.provenance)));
  }
  return fmt::format(
      "{{.id = {}, .aliases = {}, .summary = {}, .form_factor = {}, .pmd = {}, .host_interface = {}, "
      ".fec_in_module = {}, "
      ".provenance = {}, .applications = {}, {}}}",
      quoted(m.id), writer.texts(m.aliases), quoted(m.summary), quoted(m.form_factor), quoted(m.pmd),
      quoted(m.host_interface), m.fec_in_module, provenance(m.provenance),
      writer.array("ModuleApplication", applications), limits(m, module_keys(), ""));
}

std::string cable(Writer& writer, const Cable& c) {
  const auto end = [](const CableEnd& e) {
    return fmt::format("{{{}, {}, {}}}", enumerator("PmdConnector", name(e.connector)),
                       enumerator("Gender", name(e.gender)), enumerator("Polish", name(e.polish)));
  };
  std::vector<std::string> map;
  for (const int position : c.map) map.push_back(fmt::format("{}", position));
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}}", quoted(c.id), writer.texts(c.aliases),
                     enumerator("CableKind", name(c.kind)), quoted(c.summary),
                     enumerator("FibreKind", name(c.fibre)), quoted(c.polarity), end(c.a), end(c.b),
                     provenance(c.provenance), c.legs, writer.array("int", map));
}

std::string switch_entry(Writer& writer, const Switch& s) {
  std::vector<std::string> ports;
  for (const SwitchPorts& p : s.ports) {
    ports.push_back(fmt::format("{{.first = {}, .last = {}, .step = {}, .cage = {}, .provenance = {}, {}}}",
                                p.first, p.last, p.step, quoted(p.cage), provenance(p.provenance),
                                limits(p, switch_port_keys(), "")));
  }
  return fmt::format("{{.id = {}, .aliases = {}, .summary = {}, .provenance = {}, .ports = {}, {}}}",
                     quoted(s.id), writer.texts(s.aliases), quoted(s.summary), provenance(s.provenance),
                     writer.array("SwitchPorts", ports), limits(s, switch_keys(), ""));
}

std::string copper(Writer& writer, const Copper& c) {
  return fmt::format(
      "{{.id = {}, .aliases = {}, .publisher = {}, .standard = {}, .edition = {}, .clause = {}, .rate_gbps = "
      "{}, "
      ".lanes = {}, .lane_rate_gbd = {}, .modulation = {}, .host_id = {}, .provenance = {}, .notes = {}, "
      "{}}}",
      quoted(c.id), writer.texts(c.aliases), quoted(c.publisher), quoted(c.standard), quoted(c.edition),
      quoted(c.clause), c.rate_gbps, c.lanes, literal(c.lane_rate_gbd),
      enumerator("LineCode", name(c.modulation)), quoted(c.host_id), provenance(c.provenance),
      writer.texts(c.notes), limits(c, copper_keys(), ""));
}

std::string direct_attach(Writer& writer, const DirectAttach& d) {
  const auto end = [](const DirectAttachEnd& e) {
    return fmt::format("{{.form_factor = {}, {}}}", quoted(e.form_factor),
                       limits(e, direct_attach_end_keys(), ""));
  };
  return fmt::format(
      "{{.id = {}, .aliases = {}, .kind = {}, .summary = {}, .copper = {}, .gearbox = {}, .legs = {}, "
      ".provenance = {}, .a = {}, .b = {}, {}}}",
      quoted(d.id), writer.texts(d.aliases), enumerator("DirectAttachKind", name(d.kind)), quoted(d.summary),
      quoted(d.copper), d.gearbox, d.legs, provenance(d.provenance), end(d.a), end(d.b),
      limits(d, direct_attach_keys(), ""));
}

int compile(const std::string& output, const std::vector<std::string>& files) {
  std::vector<Document> documents;
  for (const std::string& file : files) documents.push_back(read_document(file));
  const Loaded loaded = load(documents, Tables());
  for (const Problem& problem : loaded.problems) fmt::print(stderr, "{}\n", to_string(problem));
  if (!loaded.problems.empty()) return 1;

  Writer writer;
  const Tables& t = loaded.tables;
  writer.table("Source", t.sources, source);
  writer.table("Pmd", t.pmds, [&](const Pmd& p) { return pmd(writer, p); });
  writer.table("Device", t.devices, [&](const Device& d) { return device(writer, d); });
  writer.table("Profile", t.profiles, [&](const Profile& p) { return profile(writer, p); });
  writer.table("Fibre", t.fibres, [&](const Fibre& f) { return fibre(writer, f); });
  writer.table("Connector", t.connectors, [&](const Connector& c) { return connector(writer, c); });
  writer.table("NameEntry", t.names, [&](const NameEntry& n) { return name_entry(writer, n); });
  writer.table("FormFactor", t.form_factors, [&](const FormFactor& f) { return form_factor(writer, f); });
  writer.table("PowerClass", t.power_classes, power_class);
  writer.table("Cage", t.cages, [&](const Cage& c) { return cage(writer, c); });
  writer.table("Module", t.modules, [&](const Module& m) { return module(writer, m); });
  writer.table("Cable", t.cables, [&](const Cable& c) { return cable(writer, c); });
  writer.table("Switch", t.switches, [&](const Switch& s) { return switch_entry(writer, s); });
  writer.table("Copper", t.coppers, [&](const Copper& c) { return copper(writer, c); });
  writer.table("DirectAttach", t.direct_attach,
               [&](const DirectAttach& d) { return direct_attach(writer, d); });
  std::ofstream out(output);
  writer.write(out);
  if (out.flush()) return 0;
  fmt::print(stderr, "{}: cannot be written\n", output);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool schema = argc == 2 && std::string_view(argv[1]) == "--schema";
  if (argc < 3 && !schema) {
    std::fprintf(stderr, "usage: catalog_compiler OUTPUT.cpp FILE.toml... | --schema\n");
    return 2;
  }
  try {
    if (schema) return std::fputs(catalog_schema().c_str(), stdout) < 0 ? 1 : 0;
    return compile(argv[1], std::vector<std::string>(argv + 2, argv + argc));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "catalog_compiler: %s\n", error.what());
    return 1;
  }
}

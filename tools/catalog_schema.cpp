#include "catalog_schema.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lightlane/catalog/closure.hpp"
#include "lightlane/catalog/schema.hpp"

namespace {

using namespace lightlane::catalog;
using Json = nlohmann::ordered_json;

Json defined(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }
Json text() { return defined("text"); }
Json texts() { return defined("texts"); }
Json number(double lo, double hi) { return {{"type", "number"}, {"minimum", lo}, {"maximum", hi}}; }
Json whole(int lo, int hi) { return {{"type", "integer"}, {"minimum", lo}, {"maximum", hi}}; }
Json boolean() { return {{"type", "boolean"}}; }
Json words(std::span<const std::string_view> list) { return {{"enum", Json(list)}}; }
Json array_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json either(Json a, Json b) { return {{"oneOf", {std::move(a), std::move(b)}}}; }

Json object(Json properties, std::vector<std::string> required = {}) {
  Json out = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  return out;
}

/// source, confidence and note beside `properties`.
Json sourced(Json properties) {
  for (const char* key : {"source", "confidence", "note"}) properties[key] = defined(key);
  return properties;
}

/// A number, or a table with its own provenance, in the range either way.
Json ranged(const char* definition, const char* member, double lo, double hi, std::string_view unit,
            std::string_view meaning) {
  Json out = defined(definition);
  out["minimum"] = lo;
  out["maximum"] = hi;
  out["properties"][member] = {{"minimum", lo}, {"maximum", hi}};
  out["description"] =
      unit.empty() ? std::string(meaning) : std::string(meaning) + " [" + std::string(unit) + "]";
  return out;
}
Json limit(double lo, double hi, std::string_view unit, std::string_view meaning) {
  return ranged("limit", "value", lo, hi, unit, meaning);
}

Json definitions() {
  const Json any = {{"type", "number"}};
  const Json typical = object(
      sourced({{"typical", any}, {"spread", {{"type", "number"}, {"minimum", 0}}}, {"per_kelvin", any}}),
      {"typical"});
  return {{"text", {{"type", "string"}, {"minLength", 1}}},
          {"texts", {{"type", "array"}, {"items", text()}}},
          {"source", either(text(), texts())},
          {"confidence", words(confidence_words())},
          {"note", text()},
          {"limit", either(any, object(sourced({{"value", any}}), {"value"}))},
          {"typical", either(any, typical)}};
}

template <class Owner>
void add_limits(Json& properties, std::string_view table, std::span<const LimitKey<Owner>> keys) {
  for (const auto& key : keys)
    if (key.table == table)
      properties[std::string(key.key)] = limit(key.minimum, key.maximum, key.unit, key.meaning);
}

Json group(std::string_view table, Json properties = Json::object()) {
  add_limits(properties, table, pmd_keys());
  return object(sourced(std::move(properties)));
}

Json wavelength() {
  return object({{"lane", whole(0, 31)},
                 {"end", words(end_words())},
                 {"nominal_nm", number(700, 1700)},
                 {"min_nm", number(700, 1700)},
                 {"max_nm", number(700, 1700)}},
                {"lane", "nominal_nm"});
}

Json reach() {
  Json properties = Json::object();
  for (const char* fibre :
       {"SMF", "SMF engineered", "SMF unamplified", "SMF amplified DWDM", "SMF DWDM", "OM3", "OM4", "OM5"}) {
    properties[fibre] = limit(0.5, 1e6, "m", "longest link");
  }
  return object(sourced(std::move(properties)));
}

Json exceptions() {
  Json properties = Json::object();
  for (const ClosureRule& rule : closure_rules()) {
    properties[std::string(rule.name)] = text();
    properties[std::string(rule.name)]["description"] =
        "why this does not hold: " + std::string(rule.meaning);
  }
  return object(std::move(properties));
}

Json pmd() {
  Json properties = {
      {"id", text()},      {"aliases", texts()}, {"publisher", text()},          {"standard", text()},
      {"edition", text()}, {"clause", text()},   {"rate_gbps", whole(1, 10000)}, {"notes", texts()}};
  properties["signal"] = object(sourced({{"lanes", whole(1, 32)},
                                         {"lane_rate_gbd", number(1, 300)},
                                         {"modulation", words(line_code_words())}}));
  properties["wavelength"] = object(sourced({{"lanes", array_of(wavelength())}}), {"lanes"});
  properties["medium"] = object(sourced({{"fibre", words(fibre_kind_words())},
                                         {"fibre_count", whole(1, 64)},
                                         {"connector", words(pmd_connector_words())},
                                         {"polish", words(polish_words())},
                                         {"single_fibre_bidirectional", boolean()}}));
  properties["reach"] = reach();
  properties["tx"] = group("tx", {{"penalty_metric", words(penalty_metric_words())}});
  for (const char* name : {"rx", "channel", "budget", "measurement", "eye_mask", "power"})
    properties[name] = group(name);
  properties["fec"] = group("fec", {{"kind", words(fec_kind_words())}, {"text", text()}});
  properties["host"] =
      object(sourced({{"interfaces", texts()}, {"form_factors", texts()}}), {"source", "confidence"});
  properties["cmis"] = object(sourced({{"media_type", text()},
                                       {"media_ids", texts()},
                                       {"host_ids", texts()},
                                       {"sff8636_codes", texts()}}),
                              {"source", "confidence"});
  properties["breakout"] = object(sourced({{"partners", texts()}}), {"source", "confidence"});
  properties["mode"] = array_of(object(sourced({{"pmd", text()}, {"count", whole(1, 8)}, {"text", text()}}),
                                       {"pmd", "text", "source", "confidence"}));
  properties["exceptions"] = exceptions();
  return object(sourced(std::move(properties)), {"id", "publisher", "rate_gbps", "source", "confidence"});
}

Json property(const PropertyKey& key) {
  Json out;
  if (key.type == PropertyKey::Type::number) {
    return ranged("typical", "typical", key.minimum, key.maximum, key.unit, key.meaning);
  }
  if (key.type == PropertyKey::Type::text) {
    Json allowed = Json::array();
    for (std::size_t at = 0; at < key.unit.size();) {
      const std::size_t end = std::min(key.unit.find(" | ", at), key.unit.size());
      allowed.push_back(key.unit.substr(at, end - at));
      at = end + 3;
    }
    const Json value = {{"enum", allowed}};
    out = either(value, object(sourced({{"text", value}}), {"text"}));
  } else {
    const Json values = {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 1}};
    out = either(values, object(sourced({{"values", values}}), {"values"}));
  }
  const bool unit = key.type != PropertyKey::Type::text && !key.unit.empty();
  out["description"] =
      unit ? std::string(key.meaning) + " [" + std::string(key.unit) + "]" : std::string(key.meaning);
  return out;
}

/// Dotted keys are nested tables in TOML.
Json values(PropertyKey::Owner owner) {
  Json properties = Json::object();
  for (const PropertyKey& key : property_keys()) {
    if (key.owner != owner) continue;
    const std::size_t dot = key.key.find('.');
    if (dot == std::string_view::npos) {
      properties[std::string(key.key)] = property(key);
      continue;
    }
    Json& table = properties[std::string(key.key.substr(0, dot))];
    if (table.is_null()) table = object(Json::object());
    table["properties"][std::string(key.key.substr(dot + 1))] = property(key);
  }
  return object(std::move(properties));
}

Json device(DeviceKind kind) {
  Json properties = {{"id", text()},
                     {"kind", {{"const", name(kind)}}},
                     {"summary", text()},
                     {"reference_temperature_c", number(-40, 125)},
                     {"values", values(static_cast<PropertyKey::Owner>(kind))}};
  return object(sourced(std::move(properties)), {"id", "kind", "summary"});
}

Json profile() {
  Json properties = {{"pmd", text()},
                     {"transmitter", text()},
                     {"receiver", text()},
                     {"dsp", text()},
                     {"fibre", text()},
                     {"connector", text()},
                     {"values", values(PropertyKey::Owner::profile)}};
  return object(sourced(std::move(properties)),
                {"pmd", "transmitter", "receiver", "dsp", "fibre", "connector", "source", "confidence"});
}

Json fibre() {
  Json attenuation = {{"wavelength_nm", number(700, 1700)}};
  add_limits(attenuation, "", attenuation_keys());
  Json properties = {{"id", text()},
                     {"aliases", texts()},
                     {"kind", words(fibre_kind_words())},
                     {"summary", text()},
                     {"attenuation", array_of(object(sourced(std::move(attenuation)), {"wavelength_nm"}))}};
  add_limits(properties, "", fibre_keys());
  return object(sourced(std::move(properties)), {"id", "kind", "summary", "attenuation"});
}

Json connector() {
  Json properties = {{"id", text()},
                     {"aliases", texts()},
                     {"kind", words(joint_kind_words())},
                     {"polish", words(polish_words())},
                     {"summary", text()}};
  add_limits(properties, "", connector_keys());
  return object(sourced(std::move(properties)), {"id", "kind", "summary"});
}

Json name_entry() {
  const Json meaning =
      object(sourced({{"text", text()}, {"pmds", texts()}}), {"text", "source", "confidence"});
  return object(sourced({{"id", text()},
                         {"aliases", texts()},
                         {"kind", words(name_kind_words())},
                         {"text", text()},
                         {"meaning", array_of(meaning)}}),
                {"id", "kind", "text", "source", "confidence"});
}

Json code() { return {{"type", "string"}, {"pattern", "^0x[0-9A-F]{2}$"}}; }

Json form_factor() {
  Json properties = {{"id", text()},
                     {"aliases", texts()},
                     {"summary", text()},
                     {"identifier", code()},
                     {"management", words(management_words())}};
  add_limits(properties, "", form_factor_keys());
  return object(sourced(std::move(properties)), {"id", "summary", "source", "confidence"});
}

Json power_class() {
  Json properties = {{"id", text()}, {"management", words(management_words())}, {"number", whole(1, 8)}};
  add_limits(properties, "", power_class_keys());
  return object(sourced(std::move(properties)), {"id", "management", "number", "max_w"});
}

Json cage() {
  Json fit = {{"form_factor", text()}, {"fits", boolean()}, {"text", text()}};
  add_limits(fit, "", cage_fit_keys());
  return object(sourced({{"id", text()},
                         {"aliases", texts()},
                         {"summary", text()},
                         {"form_factor", text()},
                         {"fit", array_of(object(sourced(std::move(fit)), {"form_factor", "fits"}))}}),
                {"id", "summary", "form_factor", "fit"});
}

Json module() {
  Json application = object(sourced({{"host_id", code()},
                                     {"media_id", code()},
                                     {"host_lanes", whole(1, 16)},
                                     {"media_lanes", whole(1, 16)},
                                     {"host_assignment", code()}}),
                            {"host_id", "media_id", "host_lanes", "media_lanes"});
  Json properties = {{"id", text()},
                     {"aliases", texts()},
                     {"summary", text()},
                     {"form_factor", text()},
                     {"pmd", text()},
                     {"host_interface", text()},
                     {"fec_in_module", boolean()},
                     {"application", array_of(std::move(application))}};
  add_limits(properties, "", module_keys());
  return object(sourced(std::move(properties)),
                {"id", "summary", "form_factor", "pmd", "source", "confidence"});
}

Json cable() {
  const Json end = object({{"connector", words(pmd_connector_words())},
                           {"gender", words(gender_words())},
                           {"polish", words(polish_words())}},
                          {"connector"});
  return object(sourced({{"id", text()},
                         {"aliases", texts()},
                         {"kind", words(cable_kind_words())},
                         {"summary", text()},
                         {"fibre", words(fibre_kind_words())},
                         {"polarity", {{"enum", {"A", "B", "C"}}}},
                         {"a", end},
                         {"b", end},
                         {"legs", array_of(array_of(whole(0, 24)))}}),
                {"id", "kind", "summary", "fibre", "a", "b", "legs", "source", "confidence"});
}

Json copper() {
  Json properties = {{"id", text()},
                     {"aliases", texts()},
                     {"publisher", text()},
                     {"standard", text()},
                     {"edition", text()},
                     {"clause", text()},
                     {"rate_gbps", whole(1, 10000)},
                     {"lanes", whole(1, 32)},
                     {"lane_rate_gbd", number(1, 300)},
                     {"modulation", words(line_code_words())},
                     {"host_id", code()},
                     {"notes", texts()}};
  add_limits(properties, "", copper_keys());
  return object(sourced(std::move(properties)), {"id", "publisher", "rate_gbps", "lanes", "lane_rate_gbd",
                                                 "modulation", "source", "confidence"});
}

Json direct_attach_entry() {
  Json end = {{"form_factor", text()}};
  add_limits(end, "", direct_attach_end_keys());
  end = object(sourced(std::move(end)), {"form_factor"});
  Json properties = {
      {"id", text()},         {"aliases", texts()}, {"kind", words(direct_attach_kind_words())},
      {"summary", text()},    {"copper", text()},   {"gearbox", boolean()},
      {"legs", whole(1, 16)}, {"a", end},           {"b", end}};
  add_limits(properties, "", direct_attach_keys());
  return object(sourced(std::move(properties)), {"id", "kind", "summary", "a", "b", "source", "confidence"});
}

Json switch_entry() {
  Json port = {
      {"first", whole(0, 1024)}, {"last", whole(0, 1024)}, {"step", whole(1, 1024)}, {"cage", text()}};
  add_limits(port, "", switch_port_keys());
  Json properties = {
      {"id", text()},
      {"aliases", texts()},
      {"summary", text()},
      {"port", array_of(object(sourced(std::move(port)), {"first", "last", "cage", "rate_gbps"}))}};
  add_limits(properties, "", switch_keys());
  return object(sourced(std::move(properties)), {"id", "summary", "port", "source", "confidence"});
}

/// Short values on one line, others member by member.
void print(const Json& json, std::size_t indent, std::string& out) {
  const std::string line = json.dump();
  if (line.size() + indent <= 110 || !json.is_structured()) {
    out += line;
    return;
  }
  out += json.is_object() ? "{" : "[";
  bool first = true;
  for (const auto& item : json.items()) {
    out += (first ? "\n" : ",\n") + std::string(indent + 1, ' ');
    if (json.is_object()) out += Json(item.key()).dump() + ": ";
    print(item.value(), indent + 1, out);
    first = false;
  }
  out += "\n" + std::string(indent, ' ') + (json.is_object() ? "}" : "]");
}

}  // namespace

std::string catalog_schema() {
  Json source = object({{"key", text()}, {"title", text()}, {"reference", text()}, {"reliability", text()}},
                       {"key", "title", "reference", "reliability"});
  Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Lightlane catalogue data"},
      {"description", "A value needs source and confidence: its own, or those of the tables around it."}};
  schema.update(object({{"source", array_of(std::move(source))},
                        {"pmd", array_of(pmd())},
                        {"device", array_of({{"oneOf",
                                              {device(DeviceKind::transmitter), device(DeviceKind::receiver),
                                               device(DeviceKind::dsp)}}})},
                        {"profile", array_of(profile())},
                        {"fibre", array_of(fibre())},
                        {"connector", array_of(connector())},
                        {"name", array_of(name_entry())},
                        {"form_factor", array_of(form_factor())},
                        {"power_class", array_of(power_class())},
                        {"cage", array_of(cage())},
                        {"module", array_of(module())},
                        {"cable", array_of(cable())},
                        {"switch", array_of(switch_entry())},
                        {"copper", array_of(copper())},
                        {"direct_attach", array_of(direct_attach_entry())}}));
  schema["$defs"] = definitions();
  std::string out;
  print(schema, 0, out);
  return out + "\n";
}

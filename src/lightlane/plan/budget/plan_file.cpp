#include "lightlane/plan/budget/plan_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/catalog/toml_tree.hpp"

namespace lightlane::plan {
namespace {

using catalog::Node;

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Question read(const Node& root) {
    only(root, {"link", "segment", "connector", "splice"}, "");
    const Node* link = root.get("link");
    if (link == nullptr || !link->is_table())
      fail(root.line, "link", "is missing: [link] with near = \"...\"");
    Question q;
    read_link(*link, q);
    each(root, "segment", [&](const Node& node) { q.segments.push_back(segment(node)); });
    if (root.contains("connector")) q.connectors.emplace();
    each(root, "connector",
         [&](const Node& node) { q.connectors->push_back(joint(node, catalog::JointKind::connector)); });
    each(root, "splice",
         [&](const Node& node) { q.splices.push_back(joint(node, catalog::JointKind::splice)); });
    return q;
  }

 private:
  [[noreturn]] void fail(unsigned line, std::string_view key, std::string problem, std::string allowed = "") {
    throw InputError(
        {fmt::format("{}:{}: {}", file_, line, key), std::move(problem), std::move(allowed), ""});
  }

  void only(const Node& table, std::vector<std::string_view> keys, std::string_view prefix) {
    for (const catalog::Member& member : table.members) {
      if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
      const std::string similar = similar_names(member.key, keys);
      fail(member.node.line, fmt::format("{}{}", prefix, member.key), "is no key of a plan",
           similar.empty() ? fmt::format("{}", fmt::join(keys, ", ")) : similar);
    }
  }

  std::string text(const Node& table, std::string_view key) {
    const Node* node = table.get(key);
    if (node == nullptr) return "";
    if (!node->is_text()) fail(node->line, key, "is no text");
    return node->text;
  }

  std::optional<double> number(const Node& table, std::string_view key) {
    const Node* node = table.get(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_number() || !std::isfinite(node->number)) fail(node->line, key, "is no number");
    return node->number;
  }

  /// Runs `find`, and gives its error the place in the file.
  template <class Find>
  auto named(const Node& table, std::string_view key, Find find) {
    const Node* node = table.get(key);
    if (node == nullptr) fail(table.line, key, "is missing");
    const std::string name = text(table, key);
    try {
      return find(name);
    } catch (const ConfigError& error) {
      throw InputError({fmt::format("{}:{}: {}", file_, node->line, key), error.detail().problem,
                        error.detail().allowed, error.detail().hint});
    }
  }

  template <class Take>
  void each(const Node& root, std::string_view key, Take take) {
    const Node* list = root.get(key);
    if (list == nullptr) return;
    if (!list->is_array()) fail(list->line, key, fmt::format("is no list of tables: [[{}]]", key));
    for (const Node& node : list->items) {
      if (!node.is_table()) fail(node.line, key, "is no table");
      take(node);
    }
  }

  void read_link(const Node& link, Question& q) {
    only(link,
         {"near", "far", "attenuation", "attenuator_db", "ageing_db", "engineering_margin_db", "tdecq_db",
          "extinction_ratio_db"},
         "link.");
    const auto pmd = [&](std::string_view key) {
      return named(link, key, [&](const std::string& name) { return &catalog::pmd_named(name, ""); });
    };
    q.near = pmd("near");
    if (link.contains("far")) q.far = pmd("far");
    if (link.contains("attenuation")) {
      const std::string which = text(link, "attenuation");
      bool found = false;
      for (const Attenuation a : {Attenuation::largest, Attenuation::planning, Attenuation::typical}) {
        if (which != name(a)) continue;
        q.attenuation = a;
        found = true;
      }
      if (!found)
        fail(link.get("attenuation")->line, "link.attenuation", fmt::format("is '{}'", which),
             "max, planning, typical");
    }
    q.attenuators_db = number(link, "attenuator_db").value_or(0);
    q.ageing_db = number(link, "ageing_db").value_or(0);
    q.engineering_margin_db = number(link, "engineering_margin_db").value_or(0);
    q.metric_db = number(link, "tdecq_db");
    q.extinction_ratio_db = number(link, "extinction_ratio_db");
  }

  Segment segment(const Node& node) {
    only(node, {"fibre", "length_m", "attenuation_db_per_km"}, "segment.");
    Segment out;
    out.fibre = named(node, "fibre", [&](const std::string& name) { return &fibre_named(name, ""); });
    out.length_m = number(node, "length_m");
    if (!out.length_m) fail(node.line, "segment.length_m", "is missing");
    out.attenuation_db_per_km = number(node, "attenuation_db_per_km");
    return out;
  }

  Joint joint(const Node& node, catalog::JointKind kind) {
    const std::string prefix = fmt::format("{}.", catalog::name(kind));
    only(node, {"type", "count", "loss_db", "reflectance_db"}, prefix);
    Joint out;
    out.type = named(node, "type", [&](const std::string& name) { return &joint_named(name, "", kind); });
    const double count = number(node, "count").value_or(1);
    if (!(count >= 0 && count <= 1000 && count == std::floor(count))) {
      fail(node.get("count")->line, prefix + "count", fmt::format("is {:g}", count), "0 to 1000");
    }
    out.count = static_cast<int>(count);
    out.loss_db = number(node, "loss_db");
    out.reflectance_db = number(node, "reflectance_db");
    return out;
  }

  std::string file_;
};

}  // namespace

Question read_plan(const std::string& text, const std::string& file) {
  try {
    return Reader(file).read(catalog::parse_toml(text));
  } catch (const catalog::TomlError& error) {
    throw InputError({fmt::format("{}:{}", file, error.line), error.text, "", ""});
  }
}

}  // namespace lightlane::plan

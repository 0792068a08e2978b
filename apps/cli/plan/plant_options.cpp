#include "cli/plan/plant_options.hpp"

#include <algorithm>

#include "lightlane/plan/names.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

Attenuation attenuation_of(const std::string& word) {
  for (const Attenuation a : {Attenuation::largest, Attenuation::planning, Attenuation::typical})
    if (word == name(a)) return a;
  throw ConfigError({"--attenuation", "is '" + word + "'", "max, planning, typical", ""});
}

}  // namespace

bool any_given(const PlantOptions& o) {
  return o.length_m || !o.fibre.empty() || o.attenuation != "max" || o.attenuation_db_per_km ||
         o.connectors || o.splices || !o.connector.empty() || !o.splice.empty() || o.connector_loss_db ||
         o.connector_reflectance_db || o.splice_loss_db || o.attenuator_db != 0 || o.tdecq_db ||
         o.extinction_ratio_db || o.ageing_db != 0 || o.engineering_margin_db;
}

Question question_of(const PlantOptions& o) {
  Question q;
  q.attenuation = attenuation_of(o.attenuation);
  if (o.length_m || !o.fibre.empty() || o.attenuation_db_per_km) {
    q.segments.push_back(
        {o.fibre.empty() ? nullptr : &fibre_named(o.fibre, "--fibre"), o.length_m, o.attenuation_db_per_km});
  }
  if (o.connectors || !o.connector.empty() || o.connector_loss_db || o.connector_reflectance_db) {
    Joint joint = {nullptr, o.connectors, o.connector_loss_db, o.connector_reflectance_db};
    if (!o.connector.empty())
      joint.type = &joint_named(o.connector, "--connector", catalog::JointKind::connector);
    q.connectors = {{joint}};
  }
  if (o.splices || !o.splice.empty() || o.splice_loss_db) {
    Joint joint = {nullptr, o.splices, o.splice_loss_db, std::nullopt};
    if (!o.splice.empty()) joint.type = &joint_named(o.splice, "--splice", catalog::JointKind::splice);
    q.splices = {joint};
  }
  q.attenuators_db = o.attenuator_db;
  q.metric_db = o.tdecq_db;
  q.extinction_ratio_db = o.extinction_ratio_db;
  q.ageing_db = o.ageing_db;
  q.engineering_margin_db = o.engineering_margin_db.value_or(0);
  return q;
}

ErrorDetail as_flag(ErrorDetail detail) {
  std::string key = detail.place.substr(0, detail.place.find(' '));
  if (key.find('_') != std::string::npos || key == "draws") {
    const std::size_t size = key.size();
    std::replace(key.begin(), key.end(), '_', '-');
    detail.place = "--" + key + detail.place.substr(std::min(size, detail.place.size()));
  }
  return detail;
}

}  // namespace lightlane::cli

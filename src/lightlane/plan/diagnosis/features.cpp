#include "lightlane/plan/diagnosis/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::plan {
namespace {

using catalog::FecKind;

struct LaneCounts {
  double known = 0, dark = 0, low = 0, very_low = 0, high = 0, ok = 0;
  double worst = NAN, best = NAN, margin = NAN;
};

/// Everything that more than one feature wants.
struct View {
  const FeatureSources& from;
  const Readings& r;
  const ThresholdSet& t;
  LaneCounts rx, tx, bias;
  double worst_ber = NAN, jitter = NAN, rise = NAN;
  double bad_ber = 0, poor_ber = 0, tx_low_with_bias = 0, odd_lane_db = NAN, odd_lanes = NAN;
  double host_ber = NAN, host_snr = NAN, snr = NAN;

  explicit View(const FeatureSources& sources) : from(sources), r(*sources.readings), t(*sources.thresholds) {
    rx = count(Reading::rx_power_dbm, Monitor::rx_power);
    tx = count(Reading::tx_power_dbm, Monitor::tx_power);
    bias = count(Reading::tx_bias_ma, Monitor::tx_bias);
    errors();
    odd_lane();
  }

  bool dark(std::size_t lane) const { return dark_lane(r, t, lane); }

  double sum(Reading reading) const {
    const std::size_t n = info(reading).scope == ReadingScope::lane ? r.lanes() : r.host_lanes();
    double total = NAN;
    for (std::size_t i = 0; i < n; ++i)
      if (r.known(reading, i)) total = (std::isnan(total) ? 0 : total) + r.get(reading, i);
    return total;
  }

 private:
  LaneCounts count(Reading reading, Monitor monitor) const {
    LaneCounts c;
    const MonitorThresholds& limits = t[monitor].values;
    for (std::size_t i = 0; i < r.lanes(); ++i) {
      const double value = r.get(reading, i);
      const bool no_light = reading == Reading::rx_power_dbm   ? dark(i)
                            : reading == Reading::tx_power_dbm ? value <= dark_dbm
                                                               : value == 0;
      if (std::isnan(value) && !no_light) continue;
      ++c.known;
      if (no_light) {
        ++c.dark;
        continue;
      }
      const ReadingMark m = mark(value, limits);
      if (m == ReadingMark::low_warning || m == ReadingMark::low_alarm) ++c.low;
      if (m == ReadingMark::low_alarm) ++c.very_low;
      if (m == ReadingMark::high_warning || m == ReadingMark::high_alarm) ++c.high;
      if (m == ReadingMark::ok) ++c.ok;
      if (!(value >= c.worst)) c.worst = value;
      if (!(value <= c.best)) c.best = value;
      if (!(value - limits.low_warning >= c.margin)) c.margin = value - limits.low_warning;
    }
    if (c.known == 0) c = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (!limits.any()) c.low = c.very_low = c.high = c.ok = NAN;
    return c;
  }

  void errors() {
    const auto take = [](double value, double& worst) {
      if (!std::isnan(value) && !(value <= worst)) worst = value;
    };
    for (std::size_t i = 0; i < r.lanes(); ++i) {
      const double ber = r.get(Reading::ber, i);
      take(ber, worst_ber);
      bad_ber += ber > t.ber_limit ? 1 : 0;
      poor_ber += ber > t.ber_alarm ? 1 : 0;
      const double low = r.get(Reading::ber_min, i), high = r.get(Reading::ber_max, i);
      if (low > 0 && high > 0) take(high / low, jitter);
      const double before = r.get(Reading::ber_before, i);
      if (ber > 0 && before > 0) take(ber / before, rise);
      const double s = r.get(Reading::snr_db, i);
      if (!std::isnan(s) && !(s >= snr)) snr = s;
      const double sent = r.get(Reading::tx_power_dbm, i);
      const ReadingMark power = mark(sent, t[Monitor::tx_power].values);
      const double current = r.get(Reading::tx_bias_ma, i);
      const ReadingMark drive = mark(current, t[Monitor::tx_bias].values);
      if ((power == ReadingMark::low_warning || power == ReadingMark::low_alarm) && sent > dark_dbm &&
          current != 0 && drive != ReadingMark::low_warning && drive != ReadingMark::low_alarm)
        ++tx_low_with_bias;
    }
    if (std::isnan(worst_ber)) {
      worst_ber = r.get(Reading::port_ber);
      bad_ber = worst_ber > t.ber_limit ? 1 : 0;
      poor_ber = worst_ber > t.ber_alarm ? 1 : 0;
    }
    for (std::size_t i = 0; i < r.host_lanes(); ++i) {
      take(r.get(Reading::host_ber, i), host_ber);
      const double s = r.get(Reading::host_snr_db, i);
      if (!std::isnan(s) && !(s >= host_snr)) host_snr = s;
    }
  }

  void odd_lane() {
    std::vector<double> powers;
    for (std::size_t i = 0; i < r.lanes(); ++i) {
      const double p = dark(i) ? no_light_dbm : r.get(Reading::rx_power_dbm, i);
      if (!std::isnan(p)) powers.push_back(p);
    }
    if (powers.size() == 1) odd_lanes = 0;
    if (powers.size() < 2) return;
    std::sort(powers.begin(), powers.end());
    const std::size_t others = powers.size() - 1;
    const double median =
        others % 2 == 1 ? powers[1 + others / 2] : (powers[others / 2] + powers[others / 2 + 1]) / 2;
    odd_lane_db = median - powers[0];
    if (powers.back() <= dark_dbm) {
      odd_lanes = 0;  // all dark
      return;
    }
    odd_lanes = static_cast<double>(
        std::count_if(powers.begin(), powers.end(), [&](double p) { return p <= powers.back() - 3; }));
  }
};

double yes(bool known, bool value) { return known ? (value ? 1 : 0) : NAN; }

/// The largest of the trends of a reading, by `get`; NaN: none.
template <class Get>
double over_trends(const View& v, Reading reading, Get get) {
  double out = NAN;
  for (const LaneTrend& t : v.from.trends) {
    if (t.reading != reading) continue;
    const double value = get(t.trend);
    if (!std::isnan(value) && !(std::abs(value) <= std::abs(out))) out = value;
  }
  return out;
}

double ber_trend(const View& v, double (*get)(const ReadingTrend&)) {
  const double lanes = over_trends(v, Reading::ber, get);
  return std::isnan(lanes) ? over_trends(v, Reading::port_ber, get) : lanes;
}

double change(const ReadingTrend& t) { return t.significant && !t.step ? t.change() : 0; }
double step(const ReadingTrend& t) { return t.step.value_or(0); }
/// As it was read, or a step of the history where the link is known to have flapped.
double ber_rise(const View& v) {
  if (!std::isnan(v.rise)) return v.rise;
  const bool flapped = v.r.get(Reading::flap_count) >= 1 || v.r.get(ReadingFact::last_change) == "flap";
  const double decades = flapped ? ber_trend(v, step) : NAN;
  return std::isnan(decades) ? NAN : std::pow(10, decades);
}

double relative_change(const ReadingTrend& t) {
  return t.first > 0 ? 100 * (t.significant ? t.change() : 0) / t.first : NAN;
}

double fec_mismatch(const View& v) {
  if (v.r.far == nullptr) return NAN;
  const std::string_view here = v.r.get(ReadingFact::fec), there = v.r.far->get(ReadingFact::fec);
  if (here.empty() || there.empty() || here == "auto" || there == "auto") return NAN;
  const bool loose = here == "rs" || there == "rs";
  if (loose && here.substr(0, 2) == "rs" && there.substr(0, 2) == "rs") return 0;
  return yes(true, here != there);
}

double fec_against_type(const View& v, bool off) {
  const std::string_view fec = v.r.get(ReadingFact::fec);
  if (fec.empty() || fec == "auto" || v.r.pmd == nullptr) return NAN;
  const std::string_view needed = host_fec_of(*v.r.pmd, v.r.get(ReadingFact::form_factor));
  if (needed.empty()) return NAN;
  return off ? yes(true, fec == "none" && needed != "none") : yes(true, fec != "none" && needed == "none");
}

double shared_subports(const View& v) {
  if (v.r.sibling_subports.size() < 2) return NAN;
  double shared = 0;
  for (const int a : v.r.sibling_subports)
    shared += std::count(v.r.sibling_subports.begin(), v.r.sibling_subports.end(), a) > 1 ? 1 : 0;
  return shared;
}

double all_zero(const View& v) {
  if (!v.r.known(Reading::temperature_c) && !v.r.known(Reading::voltage_v)) return NAN;
  const auto zero = [&](Reading q) { return !v.r.known(q) || v.r.get(q) == 0; };
  bool light = false;
  for (std::size_t i = 0; i < v.r.lanes(); ++i) {
    light |= v.r.get(Reading::rx_power_dbm, i) > dark_dbm || v.r.get(Reading::tx_power_dbm, i) > dark_dbm ||
             v.r.get(Reading::tx_bias_ma, i) > 0;
  }
  return yes(true, zero(Reading::temperature_c) && zero(Reading::voltage_v) && !light);
}

double fibre_wrong(const View& v) {
  const std::string_view fibre = v.r.get(ReadingFact::fibre);
  if (fibre.empty() || v.r.pmd == nullptr) return NAN;
  const catalog::Fibre* known = catalog::find_fibre(fibre);
  if (known != nullptr) return yes(true, known->kind != v.r.pmd->fibre);
  const bool multimode = fibre == "multimode" || fibre == "MMF",
             single = fibre == "single-mode" || fibre == "SMF";
  if (!multimode && !single) return NAN;
  return yes(true, multimode != (v.r.pmd->fibre == catalog::FibreKind::multimode));
}

double polish_wrong(const View& v) {
  const std::string_view here = v.r.get(ReadingFact::polish), there = v.r.get(ReadingFact::far_polish);
  const bool needs_apc = v.r.pmd != nullptr && v.r.pmd->polish == catalog::Polish::apc;
  const bool no_apc = v.r.pmd != nullptr &&
                      (v.r.pmd->polish == catalog::Polish::upc || v.r.pmd->polish == catalog::Polish::flat);
  if (!here.empty() && !there.empty() && here != there) return 1;
  if (here.empty()) return NAN;
  if (needs_apc) return yes(true, here != "apc");
  if (no_apc) return yes(true, here == "apc");
  return there.empty() ? NAN : 0;
}

double polarity_wrong(const View& v) {
  const std::string_view polarity = v.r.get(ReadingFact::polarity);
  if (polarity.empty()) return NAN;
  if (v.r.pmd == nullptr) return NAN;
  const bool parallel = v.r.pmd->connector == catalog::PmdConnector::mpo12 ||
                        v.r.pmd->connector == catalog::PmdConnector::mpo16;
  return parallel ? yes(true, polarity != "B") : NAN;
}

double length_over_reach(const View& v) {
  if (v.r.pmd == nullptr || !v.r.known(Reading::cable_length_m)) return NAN;
  double reach = NAN;
  for (const catalog::Reach& entry : v.r.pmd->reach)
    if (!(entry.length_m.value <= reach)) reach = entry.length_m.value;
  return v.r.get(Reading::cable_length_m) / reach;
}

double loss_excess(const View& v) {
  if (v.from.prediction != nullptr && !std::isnan(v.from.prediction->worst_excess_db))
    return v.from.prediction->worst_excess_db;
  if (v.r.pmd == nullptr || !v.r.pmd->channel.insertion_loss_max_db) return NAN;
  return v.r.get(Reading::measured_loss_db) - v.r.pmd->channel.insertion_loss_max_db->value;
}

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

double days_left(const View& v) {
  double days = NAN;
  for (const LaneTrend& t : v.from.trends) {
    const auto take = [&](double threshold) {
      if (std::isnan(threshold)) return;
      const auto left = days_to(t.trend, threshold);
      if (left && !(left->days >= days)) days = left->days;
    };
    if (t.reading == Reading::rx_power_dbm) take(v.t[Monitor::rx_power].values.low_alarm);
    if (t.reading == Reading::tx_bias_ma) take(v.t[Monitor::tx_bias].values.high_alarm);
    if (t.reading == Reading::ber && v.t.ber_limit > 0) take(std::log10(v.t.ber_limit));
  }
  return days;
}

struct NumberFeature {
  std::string_view name, meaning;
  double (*get)(const View&);
};

double module_flag(const View& v, Reading q) { return v.r.get(q); }

using F = const View&;
constexpr NumberFeature numbers[] = {
    {"lanes", "lanes that were read", [](F v) { return static_cast<double>(v.r.lanes()); }},
    {"rx.known", "lanes whose received power was read", [](F v) { return v.rx.known; }},
    {"rx.dark", "lanes without light: -30 dBm or less, or loss of signal", [](F v) { return v.rx.dark; }},
    {"rx.low", "lanes with light below the low warning", [](F v) { return v.rx.low; }},
    {"rx.very_low", "lanes with light below the low alarm", [](F v) { return v.rx.very_low; }},
    {"rx.high", "lanes above the high warning", [](F v) { return v.rx.high; }},
    {"rx.ok", "lanes within the warnings", [](F v) { return v.rx.ok; }},
    {"rx.worst_dbm", "least power of a lane with light", [](F v) { return v.rx.worst; }},
    {"rx.best_dbm", "largest power of a lane", [](F v) { return v.rx.best; }},
    {"rx.spread_db", "between these", [](F v) { return v.rx.best - v.rx.worst; }},
    {"rx.margin_db", "least power above the low warning", [](F v) { return v.rx.margin; }},
    {"rx.odd_lanes", "lanes 3 dB or more below the best, dark ones among them",
     [](F v) { return v.odd_lanes; }},
    {"rx.odd_lane_db", "how far the worst lane is below the median of the others",
     [](F v) { return v.odd_lane_db; }},
    {"tx.known", "lanes whose transmitted power was read", [](F v) { return v.tx.known; }},
    {"tx.dark", "lanes that send nothing: -30 dBm or less", [](F v) { return v.tx.dark; }},
    {"tx.low", "lanes that send, below the low warning", [](F v) { return v.tx.low; }},
    {"tx.high", "lanes that send above the high warning", [](F v) { return v.tx.high; }},
    {"tx.ok", "lanes that send within the warnings", [](F v) { return v.tx.ok; }},
    {"tx.low_with_bias", "lanes that send too little although their bias is not known to be low",
     [](F v) { return std::isnan(v.tx.low) ? NAN : v.tx_low_with_bias; }},
    {"bias.low", "lanes whose bias is below the low warning", [](F v) { return v.bias.low; }},
    {"bias.high", "lanes whose bias is above the high warning", [](F v) { return v.bias.high; }},
    {"bias.zero", "lanes without bias", [](F v) { return v.bias.dark; }},
    {"los.rx", "lanes with loss of signal from the fibre", [](F v) { return v.sum(Reading::rx_los); }},
    {"lol.rx", "lanes with loss of lock to the fibre", [](F v) { return v.sum(Reading::rx_lol); }},
    {"los.host", "host lanes with loss of signal", [](F v) { return v.sum(Reading::tx_los); }},
    {"lol.host", "host lanes with loss of lock", [](F v) { return v.sum(Reading::tx_lol); }},
    {"fault.tx", "lanes whose transmitter reports a fault", [](F v) { return v.sum(Reading::tx_fault); }},
    {"ber.worst", "largest bit error ratio before FEC of a lane, or of the port",
     [](F v) { return v.worst_ber; }},
    {"ber.bad", "lanes above what FEC can take",
     [](F v) { return std::isnan(v.worst_ber) || std::isnan(v.t.ber_limit) ? NAN : v.bad_ber; }},
    {"ber.poor", "lanes above 1e-5, or above the limit where that is less",
     [](F v) { return std::isnan(v.worst_ber) ? NAN : v.poor_ber; }},
    {"ber.fine", "1: the worst is below 1e-6 (a tenth of the limit, where that is less)",
     [](F v) { return yes(!std::isnan(v.worst_ber), v.worst_ber <= v.t.ber_warning); }},
    {"ber.jitter", "largest over least of one lane", [](F v) { return v.jitter; }},
    {"ber.rise", "after the last flap over before it", ber_rise},
    {"snr.worst_db", "least signal to noise ratio from the fibre", [](F v) { return v.snr; }},
    {"host.ber", "largest bit error ratio from the host", [](F v) { return v.host_ber; }},
    {"host.snr_db", "least signal to noise ratio from the host", [](F v) { return v.host_snr; }},
    {"temperature_c", "of the module", [](F v) { return module_flag(v, Reading::temperature_c); }},
    {"temperature.off", "1: beyond a warning, 2: beyond an alarm",
     [](F v) {
       const ReadingMark m = mark(v.r.get(Reading::temperature_c), v.t[Monitor::temperature].values);
       return m == ReadingMark::unknown ? NAN : alarm(m) ? 2.0 : warning(m) ? 1.0 : 0.0;
     }},
    {"voltage.off", "1: beyond a warning, 2: beyond an alarm",
     [](F v) {
       const ReadingMark m = mark(v.r.get(Reading::voltage_v), v.t[Monitor::voltage].values);
       return m == ReadingMark::unknown ? NAN : alarm(m) ? 2.0 : warning(m) ? 1.0 : 0.0;
     }},
    {"fec.corrected", "codewords corrected", [](F v) { return v.r.get(Reading::corrected_codewords); }},
    {"fec.uncorrectable", "codewords that could not be corrected",
     [](F v) { return v.r.get(Reading::uncorrectable_codewords); }},
    {"fec.tail", "codewords in the tail of the histogram",
     [](F v) { return v.from.tail == nullptr ? NAN : v.from.tail->tail_codewords; }},
    {"fec.tail_thick", "1: more of them than independent errors would make",
     [](F v) { return v.from.tail == nullptr ? NAN
                      : v.from.tail->thick   ? 1.0
                                             : 0.0; }},
    {"fec.flr", "frame loss ratio, predicted from the tail, or observed where that is larger",
     [](F v) {
       if (v.from.tail == nullptr) return static_cast<double>(NAN);
       return std::max(v.from.tail->predicted_flr.value_or(0), v.from.tail->observed_flr);
     }},
    {"fec.off", "1: off at the port, although the type needs it there",
     [](F v) { return fec_against_type(v, true); }},
    {"fec.extra", "1: on at the port, although the module does it itself or the type has none",
     [](F v) { return fec_against_type(v, false); }},
    {"fec.mismatch", "1: not the same at both ends", fec_mismatch},
    {"flaps", "times that the link went down", [](F v) { return v.r.get(Reading::flap_count); }},
    {"present", "1: there is a module", [](F v) { return v.r.get(Reading::present); }},
    {"admin", "1: the port is enabled", [](F v) { return v.r.get(Reading::admin_up); }},
    {"oper", "1: the link is up", [](F v) { return v.r.get(Reading::oper_up); }},
    {"oper.differs", "1: one end is up, the other is not",
     [](F v) {
       if (v.r.far == nullptr || !v.r.known(Reading::oper_up) || !v.r.far->known(Reading::oper_up))
         return static_cast<double>(NAN);
       return yes(true, v.r.get(Reading::oper_up) != v.r.far->get(Reading::oper_up));
     }},
    {"low_power", "1: the module is held in low power",
     [](F v) {
       const std::string_view state = v.r.get(ReadingFact::module_state);
       if (v.r.get(Reading::low_power_mode) == 1 || state == "ModuleLowPwr") return 1.0;
       return v.r.known(Reading::low_power_mode) || !state.empty() ? 0.0 : NAN;
     }},
    {"flat", "1: flat memory", [](F v) { return v.r.get(Reading::flat_memory); }},
    {"dom.zero", "1: every monitor reads zero", all_zero},
    {"qualified", "0: the switch refuses the module", [](F v) { return v.r.get(Reading::qualified); }},
    {"speed", "rate of the port [Gb/s]", [](F v) { return v.r.get(Reading::speed_gbps); }},
    {"speed.module", "rate of the type [Gb/s]",
     [](F v) { return v.r.pmd == nullptr ? NAN : static_cast<double>(v.r.pmd->rate_gbps); }},
    {"subport.shared", "ports of one module that have the same subport", shared_subports},
    {"power.excess_w", "what the module takes over what the port gives",
     [](F v) { return v.r.get(Reading::module_power_w) - v.r.get(Reading::port_limit_w); }},
    {"config.rejected", "1: the module refused its configuration",
     [](F v) {
       const std::string_view s = v.r.get(ReadingFact::config_status);
       return yes(!s.empty(), starts(s, "ConfigRejected"));
     }},
    {"path.active", "1: the data path is activated",
     [](F v) {
       const std::string_view s = v.r.get(ReadingFact::data_path_state);
       return yes(!s.empty(), s == "DataPathActivated");
     }},
    {"loss.db", "insertion loss that was measured", [](F v) { return v.r.get(Reading::measured_loss_db); }},
    {"loss.excess_db", "loss beyond what the plant (or the type's channel) accounts for", loss_excess},
    {"reflectance_db", "largest reflectance that was measured",
     [](F v) { return v.r.get(Reading::reflectance_db); }},
    {"length.share", "length of the fibre over the longest reach of the type", length_over_reach},
    {"fibre.wrong", "1: not the kind that the type is made for", fibre_wrong},
    {"polish.wrong", "1: not the same at both ends, or not the type's", polish_wrong},
    {"polarity.wrong", "1: the MPO path does not cross over", polarity_wrong},
    {"harness.permuted", "1: legs in another order",
     [](F v) {
       const std::string_view h = v.r.get(ReadingFact::harness);
       return yes(!h.empty(), h == "permuted");
     }},
    {"trend.rx_db", "significant change of received power, without a step",
     [](F v) { return over_trends(v, Reading::rx_power_dbm, change); }},
    {"trend.rx_step_db", "step of received power",
     [](F v) { return over_trends(v, Reading::rx_power_dbm, step); }},
    {"trend.tx_db", "change of transmitted power",
     [](F v) { return over_trends(v, Reading::tx_power_dbm, change); }},
    {"trend.bias_pct", "change of the bias [%]",
     [](F v) { return over_trends(v, Reading::tx_bias_ma, relative_change); }},
    {"trend.ber_decades", "significant change of the bit error ratio, without a step [decades]",
     [](F v) { return ber_trend(v, change); }},
    {"trend.ber_step_decades", "step of the bit error ratio [decades]",
     [](F v) { return ber_trend(v, step); }},
    {"trend.days_left", "days until an alarm or the limit of FEC, if it goes on like that", days_left},
};

struct WordFeature {
  std::string_view name;
  ReadingFact fact;
};
constexpr WordFeature word_features[] = {
    {"fec", ReadingFact::fec},
    {"fibre", ReadingFact::fibre},
    {"polish", ReadingFact::polish},
    {"far_polish", ReadingFact::far_polish},
    {"polarity", ReadingFact::polarity},
    {"harness", ReadingFact::harness},
    {"last_change", ReadingFact::last_change},
    {"port_mode", ReadingFact::port_mode},
    {"form_factor", ReadingFact::form_factor},
    {"module_state", ReadingFact::module_state},
    {"data_path_state", ReadingFact::data_path_state},
    {"config_status", ReadingFact::config_status},
};

constexpr std::size_t number_count = std::size(numbers), count = number_count + std::size(word_features);

constexpr auto all_features = [] {
  std::array<FeatureInfo, count> list;
  for (std::size_t i = 0; i < number_count; ++i) list[i] = {numbers[i].name, numbers[i].meaning, false};
  for (std::size_t i = number_count; i < count; ++i)
    list[i] = {word_features[i - number_count].name, "", true};
  return list;
}();

}  // namespace

std::span<const FeatureInfo> features() noexcept {
  static const auto list = [] {
    auto out = all_features;
    for (std::size_t i = number_count; i < count; ++i)
      out[i].meaning = meaning(word_features[i - number_count].fact);
    return out;
  }();
  return list;
}

int feature_named(std::string_view text) noexcept {
  for (std::size_t i = 0; i < count; ++i)
    if (all_features[i].name == text) return static_cast<int>(i);
  return -1;
}

bool dark_lane(const Readings& r, const ThresholdSet& t, std::size_t lane) noexcept {
  const double power = r.get(Reading::rx_power_dbm, lane);
  if (power <= dark_dbm) return true;
  const double low = t[Monitor::rx_power].values.low_alarm;
  return r.get(Reading::rx_los, lane) == 1 && !(power > (std::isnan(low) ? -15 : low));
}

Features features_of(const FeatureSources& sources) {
  const View view(sources);
  Features out;
  out.numbers.assign(count, NAN);
  out.words.assign(count, {});
  for (std::size_t i = 0; i < number_count; ++i) out.numbers[i] = numbers[i].get(view);
  for (std::size_t i = number_count; i < count; ++i)
    out.words[i] = sources.readings->get(word_features[i - number_count].fact);
  return out;
}

std::string_view host_fec_of(const catalog::Pmd& pmd, std::string_view form_factor) noexcept {
  switch (pmd.fec.kind) {
    case FecKind::none:
      return "none";
    case FecKind::kp4_clause119:
    case FecKind::kp4_clause134:
      return "rs544";
    case FecKind::kp4_clause91:
      // Behind four host lanes of 25 Gb/s the module does it, and the port must not.
      if (form_factor == "QSFP28") return "none";
      return form_factor.empty() ? "" : "rs544";
    case FecKind::kr4:
      return "rs528";
    case FecKind::unknown:
    case FecKind::other:
      break;
  }
  return "";
}

}  // namespace lightlane::plan

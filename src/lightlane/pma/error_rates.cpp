#include "lightlane/pma/error_rates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/pma/error_models.hpp"

namespace lightlane::pma {

using signal::Modulation;

namespace detail {

unsigned level_count(Modulation modulation) noexcept { return modulation == Modulation::pam4 ? 4 : 2; }

Transitions from_crossings(const std::array<double, 3>& crossing, unsigned levels) noexcept {
  Transitions p{};
  for (unsigned l = 0; l + 1 < levels; ++l) p[l][l + 1] = p[l + 1][l] = crossing[l];
  return p;
}

Transitions from_ser(double ser, unsigned levels) noexcept {
  const double crossing = ser * levels / (2.0 * (levels - 1));
  return from_crossings({crossing, crossing, crossing}, levels);
}

Transitions from_snr(double snr_db, unsigned levels) noexcept {
  // 10^(snr/20) by our own exp, so that a seed means the same everywhere.
  const double root_snr = math::exp(snr_db * (2.302585092994045684 / 20));
  const double spacing = 2.0 / (levels - 1);
  const double rms = levels == 4 ? 0.74535599249992989880 : 1;  // sqrt(5/9)
  const double half = spacing / 2 * root_snr / rms;             // half a spacing in units of sigma
  Transitions p{};
  for (unsigned l = 0; l < levels; ++l) {
    for (unsigned n = 0; n < levels; ++n) {
      if (n == l) continue;
      const double steps = n > l ? n - l : l - n;
      const bool edge = n == 0 || n == levels - 1;
      p[l][n] =
          math::normal_tail((2 * steps - 1) * half) - (edge ? 0 : math::normal_tail((2 * steps + 1) * half));
    }
  }
  return p;
}

double per_symbol(double ser, double ber, Modulation modulation) noexcept {
  return ser > 0 ? ser : ber * static_cast<double>(modulation);
}

double burst_start(double ser, double continuation) noexcept { return ser * (1 - continuation) / (1 - ser); }

Continuation continuation_of(double a, unsigned levels) noexcept {
  const double with_room = (levels - 1.0) / levels;
  return {std::min(1.0, a / with_room), std::max(0.0, (a - with_room) / (1 - with_room))};
}

namespace {

ExpectedErrors expected(const Transitions& p, unsigned levels) noexcept {
  ExpectedErrors sum;
  double first = 0, second = 0;
  for (unsigned l = 0; l < levels; ++l) {
    for (unsigned n = 0; n < levels; ++n) {
      const unsigned x = l ^ n;
      sum.ser += p[l][n] / levels;
      first += p[l][n] / levels * (levels == 4 ? x >> 1 : x);
      second += p[l][n] / levels * (levels == 4 ? (x >> 1) ^ (x & 1) : 0);
    }
  }
  sum.ber = levels == 4 ? (first + second) / 2 : first;
  sum.second_bit_share = first + second > 0 ? second / (first + second) : 0;
  return sum;
}

void require_range(double value, double low, double high, const std::string& key, const char* hint = "") {
  if (!(value >= low && value <= high)) {
    throw ConfigError({key, fmt::format("is {}", value), fmt::format("{} to {}", low, high), hint});
  }
}

void require_ratio(double ser, double ber, Modulation modulation, const std::string& place) {
  require_range(ser, 0, 0.75, place + ".ser");
  require_range(ber, 0, 0.375, place + ".ber");
  if (ser > 0 && ber > 0) {
    throw ConfigError({place + ".ser", fmt::format("is {} beside ber = {}", ser, ber), "one of the two", ""});
  }
  if (modulation == Modulation::nrz) require_range(ser, 0, 0.5, place + ".ser");
}

struct Validate {
  Modulation modulation;
  const std::string& place;

  void operator()(const AwgnErrors& m) const { require_range(m.snr_db, -10, 60, place + ".snr_db"); }
  void operator()(const ThresholdErrors& m) const {
    for (std::size_t i = 0; i < 3; ++i)
      require_range(m.crossing[i], 0, 0.5, fmt::format("{}.crossing[{}]", place, i));
  }
  void operator()(const IndependentErrors& m) const { require_ratio(m.ser, m.ber, modulation, place); }
  void operator()(const BurstErrors& m) const {
    require_ratio(m.ser, m.ber, modulation, place);
    require_range(m.continuation, 0, 0.999, place + ".continuation");
    const double start = burst_start(per_symbol(m.ser, m.ber, modulation), m.continuation);
    const double most = (level_count(modulation) - 1.0) / level_count(modulation);
    if (start > most) {
      throw ConfigError({place + ".ser", fmt::format("needs {} new errors per right symbol", start),
                         fmt::format("up to {}", most), "lower ser or raise continuation"});
    }
  }
  void operator()(const GilbertElliottErrors& m) const {
    require_range(m.good_to_bad, 0, 1, place + ".good_to_bad");
    require_range(m.bad_to_good, 0, 1, place + ".bad_to_good");
    if (!(m.good_to_bad + m.bad_to_good > 0 && m.good_to_bad + m.bad_to_good <= 1)) {
      throw ConfigError({place + ".good_to_bad",
                         fmt::format("and bad_to_good add to {}", m.good_to_bad + m.bad_to_good),
                         "more than 0, at most 1", ""});
    }
    require_ratio(m.ser_good, 0, modulation, place + ".good");
    require_ratio(m.ser_bad, 0, modulation, place + ".bad");
  }
  void operator()(const LaneCut& m) const {
    if (m.to < m.from) {
      throw ConfigError(
          {place + ".to", fmt::format("is {}", m.to), fmt::format("{} (from) or more", m.from), ""});
    }
  }
  void operator()(const SymbolSlip&) const {}
  void operator()(const ListedErrors& m) const {
    const int top = static_cast<int>(level_count(modulation)) - 1;
    std::vector<std::uint64_t> symbols;
    for (std::size_t i = 0; i < m.errors.size(); ++i) {
      const ListedError& e = m.errors[i];
      const bool level = e.kind == ListedError::Kind::level;
      if (level ? e.value < 0 || e.value > top : e.value == 0 || e.value < -3 || e.value > 3) {
        throw ConfigError({fmt::format("{}.errors[{}].value", place, i), fmt::format("is {}", e.value),
                           level ? fmt::format("level 0 to {}", top) : "step -3 to 3, not 0", ""});
      }
      symbols.push_back(e.symbol);
    }
    std::sort(symbols.begin(), symbols.end());
    const auto twice = std::adjacent_find(symbols.begin(), symbols.end());
    if (twice != symbols.end()) {
      throw ConfigError(
          {place + ".errors", fmt::format("hold symbol {} twice", *twice), "each symbol once", ""});
    }
  }
};

}  // namespace

void require_valid(const ErrorModel& model, Modulation modulation, const std::string& place) {
  std::visit(Validate{modulation, place}, model);
}

}  // namespace detail

ExpectedErrors expected_errors(const ErrorModel& model, Modulation modulation) {
  using namespace detail;
  const unsigned levels = level_count(modulation);
  if (const auto* m = std::get_if<AwgnErrors>(&model)) return expected(from_snr(m->snr_db, levels), levels);
  if (const auto* m = std::get_if<ThresholdErrors>(&model))
    return expected(from_crossings(m->crossing, levels), levels);
  if (const auto* m = std::get_if<IndependentErrors>(&model)) {
    return expected(from_ser(per_symbol(m->ser, m->ber, modulation), levels), levels);
  }
  if (const auto* m = std::get_if<GilbertElliottErrors>(&model)) {
    const double bad = m->good_to_bad / (m->good_to_bad + m->bad_to_good);
    return expected(from_ser((1 - bad) * m->ser_good + bad * m->ser_bad, levels), levels);
  }
  if (const auto* m = std::get_if<BurstErrors>(&model)) {
    const double a = m->continuation;
    ExpectedErrors result = expected(from_ser(per_symbol(m->ser, m->ber, modulation), levels), levels);
    if (levels == 4 && a > 0) {
      const Continuation go_on = continuation_of(a, levels);
      // A share a of the errors goes on from another one; with room 2 of 3 steps hit the second bit, at the
      // edge all.
      result.second_bit_share = (1 - a) * (2.0 / 3) + 0.75 * go_on.room * (2.0 / 3) + 0.25 * go_on.edge;
    }
    return result;
  }
  return {};
}

}  // namespace lightlane::pma

#include "cli/fec_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/exit_code.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/fec/loss_model.hpp"

namespace lightlane::cli {
namespace {

constexpr std::size_t bins_shown = 16;

struct Prediction {
  fec::LossPoint point;
  double frame_loss_ratio = 0;
  bool meets_standard = false;

  double bin(std::size_t i) const { return i < point.bins.size() ? point.bins[i] : 0.0; }
};

fec::LossModelConfig config_of(const FecOptions& options) {
  fec::LossModelConfig config;
  config.structure = fec::loss_structure(options.structure);
  if (options.code != "kp4" && options.code != "kr4") {
    throw ConfigError({"--code", fmt::format("is '{}'", options.code), "kp4, kr4", ""});
  }
  config.code = options.code == "kr4" ? signal::kr4 : signal::kp4;
  if (options.model != "symbols" && options.model != "bits") {
    throw ConfigError({"--model", fmt::format("is '{}'", options.model), "symbols, bits", ""});
  }
  config.errors = options.model == "bits" ? fec::LossErrors::bits : fec::LossErrors::symbols;
  config.burst_continuation = options.burst_continuation;
  if (options.precoding && config.structure.modulation == signal::Modulation::nrz) {
    throw ConfigError({"--precoding", fmt::format("is given for the NRZ lanes of {}", options.structure), "PAM4 structures",
                       "802.3 135.5.7.2"});
  }
  config.precoding = options.precoding;
  config.first_bit_share = options.first_bit_share;
  config.skew_bits = options.skew_bits;
  return config;
}

std::vector<Prediction> predict(const FecOptions& options, const fec::LossModel& model) {
  if (options.ber.empty()) throw ConfigError({"--ber", "is missing", "above 0, below 0.5", ""});
  std::vector<Prediction> predictions;
  for (const double ber : options.ber) {
    Prediction prediction;
    prediction.point = model.at(ber);
    prediction.point.ber = ber;
    prediction.frame_loss_ratio = model.frame_loss_ratio(prediction.point, options.frame_octets);
    prediction.meets_standard = model.meets_standard(prediction.point);
    predictions.push_back(std::move(prediction));
  }
  return predictions;
}

void print_json(const FecOptions& options, const fec::LossModel& model,
                const std::vector<Prediction>& predictions) {
  nlohmann::ordered_json json = {{"structure", options.structure},
                                 {"code", options.code},
                                 {"model", options.model},
                                 {"burst_continuation", options.burst_continuation},
                                 {"precoding", options.precoding},
                                 {"skew_bits", options.skew_bits},
                                 {"frame_octets", options.frame_octets},
                                 {"standard_frame_loss_ratio", model.standard_frame_loss_ratio()}};
  if (predictions.size() == 1) {
    const Prediction& only = predictions.front();
    json["ber"] = only.point.ber;
    json["codeword_error_ratio"] = only.point.codeword_error_ratio;
    json["frame_loss_ratio"] = only.frame_loss_ratio;
    json["post_fec_ber"] = only.point.post_fec_ber;
  }
  json["points"] = nlohmann::ordered_json::array();
  for (const Prediction& p : predictions) {
    std::vector<double> bins;
    for (std::size_t i = 0; i < bins_shown; ++i) bins.push_back(p.bin(i));
    json["points"].push_back({{"ber", p.point.ber},
                              {"codeword_error_ratio", p.point.codeword_error_ratio},
                              {"frame_loss_ratio", p.frame_loss_ratio},
                              {"post_fec_ber", p.point.post_fec_ber},
                              {"symbol_error_ratio", p.point.symbol_error_ratio},
                              {"group_loss_ratio", p.point.group_loss_ratio},
                              {"meets_standard", p.meets_standard},
                              {"bins", bins}});
  }
  json["thresholds"] = nlohmann::ordered_json::array();
  for (const fec::LossThreshold& threshold : model.thresholds()) {
    json["thresholds"].push_back({{"quantity", name(threshold.target.quantity)},
                                  {"value", threshold.target.value},
                                  {"meaning", threshold.meaning},
                                  {"ber", threshold.ber}});
  }
  fmt::print("{}\n", json.dump(2));
}

void print_csv(const std::vector<Prediction>& predictions) {
  fmt::print(
      "ber,codeword_error_ratio,frame_loss_ratio,post_fec_ber,symbol_error_ratio,group_loss_ratio,meets_"
      "standard");
  for (std::size_t i = 0; i < bins_shown; ++i) fmt::print(",bin_{}", i);
  fmt::print("\n");
  for (const Prediction& p : predictions) {
    fmt::print("{},{},{},{},{},{},{}", p.point.ber, p.point.codeword_error_ratio, p.frame_loss_ratio,
               p.point.post_fec_ber, p.point.symbol_error_ratio, p.point.group_loss_ratio, p.meets_standard);
    for (std::size_t i = 0; i < bins_shown; ++i) fmt::print(",{}", p.bin(i));
    fmt::print("\n");
  }
}

std::string describe_errors(const fec::LossModelConfig& config) {
  const bool pam4 = config.structure.modulation == signal::Modulation::pam4;
  if (config.errors == fec::LossErrors::bits)
    return "wrong bits are independent, the textbook case; lanes do not matter";
  std::string text = pam4 ? "PAM4 symbols go wrong to an adjacent level" : "NRZ bits go wrong";
  text += config.burst_continuation > 0
              ? fmt::format(", in bursts that go on with probability {}", config.burst_continuation)
              : std::string(", independently");
  if (config.precoding) text += ", 1/(1+D) precoding";
  return text;
}

std::string describe_structure(const fec::LossModelConfig& config) {
  const fec::LossStructure& s = config.structure;
  const char* kind = s.codewords == 2 ? "PCS" : "FEC";
  std::string text =
      fmt::format("{} {} lanes of {} {} lane{}, {}", s.mux.size(),
                  s.modulation == signal::Modulation::pam4 ? "PAM4" : "NRZ", s.mux.front().size(), kind,
                  s.mux.front().size() == 1 ? "" : "s",
                  s.codewords == 2 ? "two codewords share the lanes" : "one codeword at a time");
  if (s.mux.front().size() > 1) text += fmt::format("; first lane: {}", fmt::join(s.mux.front(), " "));
  if (std::any_of(config.skew_bits.begin(), config.skew_bits.end(), [](auto b) { return b != 0; })) {
    text += fmt::format("; skew {} bits", fmt::join(config.skew_bits, " "));
  }
  return text;
}

void print_histogram(const std::vector<Prediction>& predictions, int t) {
  fmt::print("\nCodewords with i wrong symbols\n  {:>4}", "i");
  for (const Prediction& p : predictions) fmt::print("  {:>11}", fmt::format("at {:.1e}", p.point.ber));
  fmt::print("\n");
  for (std::size_t i = 0; i <= static_cast<std::size_t>(t); ++i) {
    fmt::print("  {:>4}", i);
    for (const Prediction& p : predictions) fmt::print("  {:>11.3e}", p.bin(i));
    fmt::print("\n");
  }
  fmt::print("  {:>4}", fmt::format(">{}", t));
  for (const Prediction& p : predictions) fmt::print("  {:>11.3e}", p.point.codeword_error_ratio);
  fmt::print("   uncorrectable\n");
}

void print_text(const FecOptions& options, const fec::LossModel& model,
                const std::vector<Prediction>& predictions) {
  const fec::LossModelConfig& config = model.config();
  for (const Prediction& p : predictions) {
    fmt::print("{} at a pre-FEC BER of {:.2e}: {:.2e} of 64-octet frames are lost; its figure is {:.1e}, to two digits\n",
               p.meets_standard ? "Meets the standard" : "DOES NOT MEET the standard", p.point.ber,
               model.frame_loss_ratio(p.point, 64), model.standard_frame_loss_ratio());
  }
  fmt::print("\nstructure  {}: {}\ncode       {}: {}\nerrors     {}: {}\n", options.structure,
             describe_structure(config), options.code,
             config.code == signal::kr4 ? "RS(528,514), t = 7" : "RS(544,514), t = 15", options.model,
             describe_errors(config));
  fmt::print("\n  {:>11}  {:>12}  {:>14}  {:>14}  {:>12}\n", "pre-FEC", "slicer", "codeword", "frame loss",
             "post-FEC");
  fmt::print("  {:>11}  {:>12}  {:>14}  {:>14}  {:>12}\n", "BER", "symbol error", "error ratio",
             fmt::format("{:g} octets", options.frame_octets), "BER");
  for (const Prediction& p : predictions) {
    fmt::print("  {:>11.2e}  {:>12.2e}  {:>14.3e}  {:>14.3e}  {:>12.3e}\n", p.point.ber,
               p.point.symbol_error_ratio, p.point.codeword_error_ratio, p.frame_loss_ratio,
               p.point.post_fec_ber);
  }
  fmt::print("\nPre-FEC BER that meets\n");
  for (const fec::LossThreshold& threshold : model.thresholds()) {
    const bool frames = threshold.target.quantity == fec::LossQuantity::frame_loss_ratio;
    const std::string what =
        frames ? fmt::format("frame loss ratio {:.1e}, {}", threshold.target.value, threshold.meaning)
               : std::string(threshold.meaning);
    fmt::print("  {:<38} {:.4e}\n", what, threshold.ber);
  }
  print_histogram(predictions, config.code.t);
}

}  // namespace

int run_fec(const FecOptions& options) {
  const fec::LossModel model(config_of(options));
  const std::vector<Prediction> predictions = predict(options, model);
  if (options.format == "json") {
    print_json(options, model, predictions);
  } else if (options.format == "csv") {
    print_csv(predictions);
  } else {
    print_text(options, model, predictions);
  }
  return ok;
}

}  // namespace lightlane::cli

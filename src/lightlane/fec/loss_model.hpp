#pragma once
/// Exact prediction of what RS-FEC leaves over: codeword error ratio, codeword histogram, post-FEC BER and
/// frame loss ratio, through the real symbol interleave and bit multiplexing, with independent or bursty
/// symbol errors.
///
/// Method: per PMD lane a Markov chain over (state of the error process, which FEC symbols under way are
/// already hit), carrying the distribution of the number of wrong symbols per codeword (and of wrong bits, as
/// dual numbers) from the first bit of the codeword to its last; PMD lanes are independent and multiply.
/// Every result is a sum of positive terms, so that a ratio of 1e-34 is as exact as one of 0.1 (relative
/// error about 1e-12; probabilities below 1e-290 read as 0). No Monte Carlo. Not modelled: miscorrection
/// (4.7e-17 of hopeless words for KP4, 1.8e-6 for KR4); a failed word is left as received. Adjacent codeword
/// pairs count as independent when a frame touches several. Cost of one point: about 2 ms with bursts,
/// 20 ms with skew, 3 us for `bits`.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lightlane/fec/error_process.hpp"
#include "lightlane/fec/loss_structure.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::fec {

enum class LossErrors {
  symbols,  ///< line symbols go wrong: a PAM4 symbol to an adjacent level, one of its two bits wrong
  bits,     ///< bits go wrong independently: the textbook case, where multiplexing and skew do not matter
};

struct LossModelConfig {
  LossStructure structure = loss_structure("400g-4lane");
  signal::FecCode code = signal::kp4;  ///< clause 119 structures carry KP4 only
  LossErrors errors = LossErrors::symbols;
  double burst_continuation =
      0;  ///< P(symbol wrong | the one before wrong), [0, 1); see burst_errors(). `symbols` only
  bool precoding = false;  ///< 1/(1+D); `symbols` only
  /// P(the first bit is the wrong one | PAM4 symbol wrong at the FEC). Default 1/3 (Gray code, adjacent
  /// levels at equal use, 802.3 120.5.7.1); with precoding 1/2, because the decoder's sum wraps modulo 4 and
  /// the fourth transition, 3 to 0, hits the first bit.
  std::optional<double> first_bit_share;
  std::vector<std::int64_t> skew_bits;  ///< per FEC lane, 0..100000: how many bits it lags. Empty: none
};

/// One operating point.
struct LossPoint {
  double ber = 0;                   ///< at the FEC input, mean of the lanes
  double symbol_error_ratio = 0;    ///< of the slicers, before precoding is undone, mean of the PMD lanes
  double codeword_error_ratio = 0;  ///< P(more than t symbols wrong), mean of A and B
  double group_loss_ratio = 0;      ///< P(A or B fails); clause 91: the same as codeword_error_ratio
  double post_fec_ber = 0;          ///< wrong bits of failed words per coded bit
  std::vector<double> bins;         ///< P(exactly i symbols wrong), i = 0..n, mean of A and B
};

/// Frames of one length in a traffic mix.
struct LengthCount {
  double octets = 64;  ///< from destination address to FCS
  double count = 1;
};

enum class LossQuantity { codeword_error_ratio, frame_loss_ratio, post_fec_ber };
std::string_view name(LossQuantity quantity) noexcept;

struct LossTarget {
  LossQuantity quantity = LossQuantity::frame_loss_ratio;
  double value = 1.7e-12;
  double frame_octets = 64;  ///< where the quantity is a frame loss ratio
};

/// A figure of the standard, and the pre-FEC BER at which this model meets it.
struct LossThreshold {
  LossTarget target;
  std::string_view meaning;
  double ber = 0;
};

class LossModel {
 public:
  /// @throws ConfigError naming the key, value and range
  explicit LossModel(const LossModelConfig& config);

  const LossModelConfig& config() const noexcept { return config_; }

  /// At a pre-FEC BER in (0, max_ber()], equal on all lanes.
  LossPoint at(double ber) const;
  /// With one pre-FEC BER per PMD lane, in [0, max_ber()].
  LossPoint at(std::span<const double> lane_ber) const;
  /// With one error process per PMD lane, e.g. Gilbert-Elliott (`symbols` only; burst_continuation is not
  /// used).
  LossPoint at(std::span<const ErrorProcess> lane_processes) const;
  /// With a mixture per PMD lane, drawn anew for every codeword (pair), independently from lane to lane.
  /// Cost: that of a point for each process.
  /// @throws ConfigError naming "lane_mixtures" where weights are not positive with the sum 1
  LossPoint at(std::span<const ProcessMixture> lane_mixtures) const;

  /// The process that gives `ber` at the FEC input with this burst continuation and precoding.
  ErrorProcess process_for(double ber) const;
  /// The largest pre-FEC BER that the model can have: below 0.5, with precoding at most 0.25 for PAM4.
  double max_ber() const noexcept;

  /// P(a frame is lost): it is lost when a codeword (pair) that it touches fails. A frame of L octets fills a
  /// slot of (L + 20) octets, 257/256 coded bits each, and touches 1 + slot / 5140 codewords (10280: pairs)
  /// on average; the expectation runs over its alignment. octets: 1 to 1e9.
  double frame_loss_ratio(const LossPoint& point, double octets) const;
  /// The mean over a mix of lengths, by count.
  double frame_loss_ratio(const LossPoint& point, std::span<const LengthCount> lengths) const;

  /// The pre-FEC BER at which the quantity equals the target, to 1e-9 of its value. Target in (0, 0.1].
  /// @throws ConfigError if no pre-FEC BER of the model gives it
  double solve_pre_fec_ber(const LossTarget& target) const;
  /// The standard's figures for this rate and code: post-FEC BER 1e-12, 1e-13, 1e-15; frame loss ratio of the
  /// PMD and of the whole link (119, 124, 140: 1.7e-12 and 6.2e-11; clause 91: 9.2e-13 and 6.2e-10).
  std::vector<LossThreshold> thresholds(double frame_octets = 64) const;
  /// The frame loss ratio that the standard allows a PMD, 64-octet frames: 1.7e-12 (clause 119), 9.2e-13
  /// (clause 91, KP4), 6.2e-10 (KR4).
  double standard_frame_loss_ratio() const noexcept;
  /// Whether 64-octet frames are lost no more often than that. The standard prints two digits, so the
  /// prediction is rounded to two: independent errors at 2.4e-4 give 1.737e-12, which is the 1.7e-12 of the
  /// standard.
  bool meets_standard(const LossPoint& point) const;

 private:
  // without the pair: group_loss_ratio holds codeword A only
  LossPoint at_equal(double ber, bool with_group) const;
  LossPoint at_lanes(std::span<const double> lane_ber, bool with_group) const;
  LossPoint at_processes(std::span<const ErrorProcess> lane_processes, bool with_group) const;
  LossPoint at_mixtures(std::span<const ProcessMixture> lane_mixtures, bool with_group) const;
  double quantity(const LossTarget& target, double ber) const;

  LossModelConfig config_;
};

}  // namespace lightlane::fec

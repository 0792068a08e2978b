#pragma once
/// How line symbols go wrong in time, as a Markov chain: what the exact loss model predicts from, and what a
/// simulation of lane errors draws from.

#include <cstddef>
#include <vector>

namespace lightlane::fec {

/// A hidden Markov chain of line symbols (PAM4 symbols, or NRZ bits). For every symbol the chain moves from
/// state r to state s with probability transition[r * states + s], then the slicer errs with probability
/// error[s].
struct ErrorProcess {
  std::vector<double> transition;  ///< states x states, rows sum to 1
  std::vector<double> error;       ///< per state, 0..1

  std::size_t states() const noexcept { return error.size(); }
  friend bool operator==(const ErrorProcess&, const ErrorProcess&) = default;
};

/// A lane that errs by one process throughout a codeword (pair) and by another throughout the next, because
/// what decides between them is slow: processes with their probabilities.
struct ProcessMixture {
  std::vector<ErrorProcess> processes;
  std::vector<double> weights;  ///< above 0, sum 1

  friend bool operator==(const ProcessMixture&, const ProcessMixture&) = default;
};

/// Independent errors.
ErrorProcess independent_errors(double symbol_error_ratio);

/// Decision-feedback bursts of stationary error ratio `symbol_error_ratio`: P(wrong | the symbol before
/// wrong) = continuation. State 1 = this symbol is wrong. A continuation below the error ratio itself would
/// mean that errors avoid each other; it is raised to that ratio, so that 0 means independent errors.
ErrorProcess burst_errors(double symbol_error_ratio, double continuation);

/// Gilbert-Elliott: a good and a bad state (0, 1), each with its own error ratio.
ErrorProcess gilbert_elliott(double good_to_bad, double bad_to_good, double error_good, double error_bad);

/// Throws ConfigError naming the field if sizes disagree, a probability leaves 0..1, a row does not sum to 1
/// within 1e-12, or the chain has more than 16 states.
void validate(const ErrorProcess& process);

/// Stationary distribution of the states (of the recurrent class that is reached from state 0).
std::vector<double> stationary(const ErrorProcess& process);

/// P(slicer wrong), stationary.
double slicer_error_ratio(const ErrorProcess& process);

/// P(symbol wrong at the FEC), stationary. Without precoding the slicer's; with 1/(1+D) precoding (802.3
/// 135.5.7.2) symbol j is wrong where exactly one of the decisions j and j - 1 is wrong, because errors that
/// follow each other alternate in sign and cancel in the decoder.
double fec_input_symbol_error_ratio(const ErrorProcess& process, bool precoding);

}  // namespace lightlane::fec

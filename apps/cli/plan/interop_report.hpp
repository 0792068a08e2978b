#pragma once
/// Interoperability of a pair, or of every pair of a set, as text, JSON and CSV.

#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "cli/terminal.hpp"
#include "lightlane/plan/interop/matrix.hpp"

namespace lightlane::cli {

/// The colour of a verdict, and what an end is called: its module, else its PMD.
Tone tone_of(plan::InteropVerdict verdict);
std::string_view label(const plan::LinkEnd& end);

void print_text(const plan::Interop& answer);
nlohmann::ordered_json to_json(const plan::Interop& answer);

void print_matrix_text(std::span<const plan::LinkEnd> ends, const std::vector<plan::MatrixCell>& cells);
nlohmann::ordered_json matrix_json(std::span<const plan::LinkEnd> ends,
                                   const std::vector<plan::MatrixCell>& cells);
void print_matrix_csv(std::span<const plan::LinkEnd> ends, const std::vector<plan::MatrixCell>& cells);

}  // namespace lightlane::cli

#pragma once
/// A commissioning recipe as text, JSON, table and work order.

#include <nlohmann/json.hpp>

#include "lightlane/plan/acceptance/acceptance.hpp"

namespace lightlane::cli {

nlohmann::ordered_json to_json(const plan::Acceptance& answer);
/// `label`: of the link in its inventory; may be empty.
void print_text(const plan::Acceptance& answer, const std::string& label = "");
/// One row a check, with an empty column for what was measured; `label` is a column where it is not empty.
void print_csv_header(bool labelled);
void print_csv_rows(const plan::Acceptance& answer, const std::string& label = "");
/// Markdown with boxes to tick.
void print_work_order(const plan::Acceptance& answer, const std::string& label = "");

/// "A and 4 x B": both ends by name.
std::string link_title(const plan::Interop& answer);
/// "3.00", "2.4e-04", "-5.9": with the digits that its unit deserves.
std::string shown_value(double value, std::string_view unit);
/// "at most 3.00 dB", "-5.9 to 4.0 dBm"; empty: neither end is known.
std::string shown_range(const plan::AcceptanceRange& range, std::string_view unit);
/// What is to be seen: text, expected value, expected range; empty: nothing is.
std::string shown_expectation(const plan::AcceptanceCheck& check);
/// The limit, or "unknown: ...", or "" where only the text counts.
std::string shown_pass(const plan::AcceptanceCheck& check);

}  // namespace lightlane::cli

#pragma once
/// What the readers of text share.

#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/plan/diagnosis/reader.hpp"

namespace lightlane::plan::reading {

std::string_view trim(std::string_view text) noexcept;
bool starts_with(std::string_view text, std::string_view with) noexcept;
bool contains(std::string_view text, std::string_view what) noexcept;
std::string lower(std::string_view text);
/// Between runs of white space.
std::vector<std::string_view> words_of(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char at);

/// Takes the next line off `text`, without its end; false at the end.
bool next_line(std::string_view& text, std::string_view& line) noexcept;

/// The number that a text begins with, whatever follows: "-1.66dBm", "-inf dBm" (-infinity); none: "N/A".
std::optional<double> leading_number(std::string_view text) noexcept;
/// True where a text says that there is no value: "N/A", "NA", "--", "Unknown", "".
bool no_value(std::string_view text) noexcept;
/// "True", "Yes", "On", "up", "1" ...; none: neither that nor its opposite.
std::optional<bool> truth_of(std::string_view text);
double dbm_of_mw(double milliwatts) noexcept;

/// A key in small letters, without spaces, with its number (the first) replaced by '#'. lane: the number.
struct NumberedKey {
  std::string key;
  std::size_t lane = 0;  ///< as written, 0: none
};
NumberedKey numbered(std::string_view key);

/// "QSFP-DD" out of "QSFP-DD Double Density 8X Pluggable Transceiver"; empty: none.
std::string_view form_factor_of(std::string_view identifier) noexcept;
/// W out of "Power Class 6 (12.0W Max)", "6 (12.0 W maximum)", "5.0W max. Power consumption".
std::optional<double> watts_of(std::string_view text) noexcept;
/// Sets pmd and fact where the text means a type; never unsets. Of several types in one text ("100GBASE-LR4
/// or 25GBASE-LR") the first that is known.
void offer_type(Readings& readings, std::string_view text);

/// Sets a threshold by its name: monitor and "highalarm", "highwarning", "lowwarning", "lowalarm".
bool set_threshold(Readings& readings, Monitor monitor, std::string_view which, double value) noexcept;
/// Fields of SONiC's databases and, without spaces, of its command line; false: not known or no value fits.
bool sonic_field(Readings& readings, std::string_view key, std::string_view value);
/// Whether sonic_field() would know the key, or it is known to say nothing here.
bool sonic_knows(std::string_view key);

void read_toml_readings(std::string_view, const std::string& file, DiagnosisInput&);
void read_csv_readings(std::string_view, const std::string& file, const std::string& interface,
                       DiagnosisInput&);
void read_sonic(std::string_view, const std::string& file, const std::string& interface, DiagnosisInput&);
void read_sonic_json(std::string_view, const std::string& file, DiagnosisInput&);
void read_nxos(std::string_view, const std::string& file, const std::string& interface, DiagnosisInput&);
void read_eos(std::string_view, const std::string& file, const std::string& interface, DiagnosisInput&);
void read_eos_json(std::string_view, const std::string& file, DiagnosisInput&);
void read_ethtool(std::string_view, const std::string& file, const std::string& interface, DiagnosisInput&);
void read_ethtool_json(std::string_view, const std::string& file, const std::string& interface,
                       DiagnosisInput&);
void read_prometheus(std::string_view, const std::string& file, DiagnosisInput&);

}  // namespace lightlane::plan::reading

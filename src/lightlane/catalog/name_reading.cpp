#include "lightlane/catalog/name_reading.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace lightlane::catalog {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return c >= 'A' && c <= 'Z'; }

/// Upper case words of letters, digits, '.' and '+'.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> out;
  bool inside = false;
  for (char c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const bool part = is_digit(c) || is_letter(c) || c == '.' || c == '+';
    if (part && !inside) out.emplace_back();
    if (part) out.back() += c;
    inside = part;
  }
  return out;
}

/// Words of form factors, longest first: one or two words of a name, and what they are written as here.
struct Form {
  std::string_view first, second, written;
};
constexpr Form forms[] = {{"QSFP", "DD800", "QSFP-DD800"},
                          {"QSFP56", "DD", "QSFP-DD"},
                          {"QSFP", "DD", "QSFP-DD"},
                          {"OSFP", "XD", "OSFP-XD"},
                          {"OSFP", "RHS", "OSFP"},
                          {"OSFP", "IHS", "OSFP"},
                          {"SFP", "DD", "SFP-DD"},
                          {"SFP56", "DD", "SFP-DD"},
                          {"QDD", "", "QSFP-DD"},
                          {"QSFPDD", "", "QSFP-DD"},
                          {"QSFP56DD", "", "QSFP-DD"},
                          {"Q28", "", "QSFP28"},
                          {"Q56", "", "QSFP56"},
                          {"Q112", "", "QSFP112"},
                          {"QSFP28", "", "QSFP28"},
                          {"QSFP56", "", "QSFP56"},
                          {"QSFP112", "", "QSFP112"},
                          {"QSFP+", "", "QSFP+"},
                          {"OSFP", "", "OSFP"},
                          {"OSFP112", "", "OSFP"},
                          {"OSFP1600", "", "OSFP1600"},
                          {"CFP", "", "CFP"},
                          {"CFP2", "", "CFP2"},
                          {"CFP4", "", "CFP4"},
                          {"CFP8", "", "CFP8"},
                          {"CXP", "", "CXP"},
                          {"SFP112", "", "SFP112"},
                          {"SFP56", "", "SFP56"},
                          {"SFP28", "", "SFP28"},
                          {"SFP+", "", "SFP+"}};

constexpr std::string_view idle[] = {
    "MODULE", "TRANSCEIVER", "OPTIC", "OPTICS", "OPTICAL", "ETHERNET", "MSA", "SMF",  "MMF", "SM",
    "MM",     "LC",          "MPO",   "MPO12",  "DUPLEX",  "QSFP",     "SFP", "PAM4", "NRZ"};

struct Number {
  double value = 0;
  std::size_t length = 0;  ///< characters; 0 = the word does not begin with one
};

Number leading_number(std::string_view word) {
  Number out;
  double scale = 0;
  for (const char c : word) {
    if (c == '.' && scale == 0 && out.length > 0) {
      scale = 1;
    } else if (is_digit(c) && out.length < 9) {
      out.value = out.value * 10 + (c - '0');
      scale *= 10;
    } else {
      break;
    }
    ++out.length;
  }
  if (scale > 1) out.value /= scale;
  return out;
}

class Assembly {
 public:
  bool rate(double gbps) {
    const bool first = reading_.rate_gbps == 0;
    reading_.rate_gbps = static_cast<int>(gbps + 0.5);
    return first;
  }

  /// "400G", "400GBASE", "1.6T", "400GE", with or without the family behind it; "400ZR" too.
  std::optional<bool> rate_word(std::string_view word) {
    const Number number = leading_number(word);
    if (number.length == 0) return std::nullopt;
    std::string_view rest = word.substr(number.length);
    constexpr double bare[] = {10, 25, 40, 50, 100, 200, 400, 800};
    const bool known = std::find(std::begin(bare), std::end(bare), number.value) != std::end(bare);
    if (rest.starts_with("T") && (rest.size() == 1 || rest.starts_with("TBASE"))) {
      reading_.ieee = reading_.ieee || rest.size() > 1;
      return rate(number.value * 1000);
    }
    if (!known) return std::nullopt;
    if (rest.starts_with("GBASE")) {
      reading_.ieee = true;
      rest.remove_prefix(5);
    } else if (rest == "GE" || rest == "GBE") {
      rest = {};
    } else if (rest.starts_with("G")) {
      rest.remove_prefix(1);
    } else if (rest.size() < 2 || !is_letter(rest[0]) || rest == "KM") {
      return std::nullopt;  // "4WDM", "10", "10KM"
    }
    if (!rest.empty()) family(rest);
    return rate(number.value);
  }

  bool reach_word(std::string_view word, std::string_view next) {
    const Number number = leading_number(word);
    const std::string_view unit = word.substr(number.length);
    if (number.length == 0 || (unit != "KM" && unit != "M" && !(unit.empty() && next == "KM"))) return false;
    reading_.reach_m = number.value * (unit == "M" ? 1 : 1000);
    return true;
  }

  void family(std::string_view word) {
    if (!reading_.family.empty()) reading_.family += '-';
    reading_.family += word;
  }

  bool form(std::string_view written) {
    const bool first = reading_.form_factor.empty();
    reading_.form_factor = written;
    return first;
  }

  void ports(int count) { reading_.ports = count; }
  NameReading take() { return std::move(reading_); }

 private:
  NameReading reading_;
};

const Form* form_of(std::string_view word, std::string_view next) {
  for (const Form& form : forms)
    if (form.first == word && (form.second.empty() || form.second == next)) return &form;
  return nullptr;
}

}  // namespace

std::optional<NameReading> read_name(std::string_view name) {
  if (name.size() > 100) return std::nullopt;
  const std::vector<std::string> words = words_of(name);
  Assembly out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    const std::string_view next = i + 1 < words.size() ? std::string_view(words[i + 1]) : std::string_view();
    if (const Form* form = form_of(word, next)) {
      if (!out.form(form->written)) return std::nullopt;
      i += form->second.empty() ? 0 : 1;
      continue;
    }
    if (word.size() > 1 && word[0] > '0' && word[0] <= '9' &&
        word[1] == 'X') {  // "2X400G", "2XDR4", "2X 400G"
      out.ports(word[0] - '0');
      word.remove_prefix(2);
      if (word.empty()) continue;
    }
    if (std::find(std::begin(idle), std::end(idle), word) != std::end(idle)) continue;
    if (word == "S" && next.empty() && i > 0) continue;  // "QDD-400G-DR4-S"
    if (out.reach_word(word, next)) {
      i += next == "KM" ? 1 : 0;
      continue;
    }
    const std::optional<bool> rate = out.rate_word(word);
    if (rate && !*rate) return std::nullopt;
    if (!rate) out.family(word);
  }
  return out.take();
}

}  // namespace lightlane::catalog

#include "cli/vector_command.hpp"

#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/exit_code.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/link/vector.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace link;

/// The fields of one request; names the request, the key and what is allowed in every error.
class Request {
 public:
  Request(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
    if (!json_.is_object()) throw InputError({place_, "is no JSON object", "{\"rate\":400, ...}", ""});
  }

  const Json* find(const std::string& key) {
    known_.insert(key);
    const auto it = json_.find(key);
    return it == json_.end() ? nullptr : &*it;
  }
  const Json& need(const std::string& key, const char* allowed) {
    const Json* value = find(key);
    if (value == nullptr) fail(key, "is missing", allowed);
    return *value;
  }
  std::string text(const std::string& key, const char* allowed) {
    const Json& value = need(key, allowed);
    if (!value.is_string()) fail(key, "is " + value.dump().substr(0, 60), allowed);
    return value.get<std::string>();
  }
  bool boolean(const std::string& key, bool otherwise) {
    const Json* value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean()) fail(key, "is " + value->dump().substr(0, 60), "true, false");
    return value->get<bool>();
  }
  /// `count` binary digits, the first in time into bit 0.
  unsigned bits(const std::string& key, std::size_t count, std::string_view text) const {
    unsigned value = 0;
    if (text.size() != count) fail(key, fmt::format("has {} digits", text.size()), fmt::format("{} of 0 and 1", count));
    for (std::size_t i = 0; i < count; ++i) {
      if (text[i] != '0' && text[i] != '1') fail(key, fmt::format("is \"{}\"", text), fmt::format("{} of 0 and 1", count));
      value |= static_cast<unsigned>(text[i] - '0') << i;
    }
    return value;
  }
  [[noreturn]] void fail(const std::string& key, std::string problem, std::string allowed) const {
    throw InputError({place_ + ": " + key, std::move(problem), std::move(allowed), ""});
  }
  void refuse_unknown() const {
    for (const auto& [key, value] : json_.items()) {
      if (!known_.contains(key)) {
        std::string names;
        for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
        fail(key, "is no key of a request", names);
      }
    }
  }
  const std::string& place() const { return place_; }

 private:
  const Json& json_;
  std::string place_;
  std::set<std::string> known_;
};

VectorShape read_shape(Request& request) {
  if (const Json* version = request.find("version"); version != nullptr && *version != 1) {
    request.fail("version", "is " + version->dump().substr(0, 60), "1");
  }
  VectorShape shape;
  const Json& rate = request.need("rate", "400, 200, 100");
  if (rate != 400 && rate != 200 && rate != 100) request.fail("rate", "is " + rate.dump().substr(0, 60), "400, 200, 100");
  shape.rate = rate.get<int>();
  const Json* code = request.find("code");
  if (shape.rate == 100) {
    shape.code = request.text("code", "\"kp4\", \"kr4\", \"none\"");
    if (shape.code != "kp4" && shape.code != "kr4" && shape.code != "none") {
      request.fail("code", "is \"" + shape.code + "\"", "\"kp4\", \"kr4\", \"none\"");
    }
  } else if (code != nullptr && *code != "kp4") {
    request.fail("code", "is " + code->dump().substr(0, 60), "\"kp4\", or nothing, at 200 and 400");
  }
  return shape;
}

void read_words(Request& request, signal::MiiWords& words) {
  static constexpr const char* allowed = "[[\"16 hex digits\",\"8 bits\"], ...]";
  const Json& list = request.need("words", allowed);
  if (!list.is_array()) request.fail("words", "is no list", allowed);
  words.data.reserve(list.size());
  words.control.reserve(list.size());
  std::size_t number = 0;
  for (const Json& item : list) {
    const std::string key = fmt::format("words[{}]", number++);
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string()) {
      request.fail(key, "is " + item.dump().substr(0, 60), "[\"16 hex digits\",\"8 bits\"]");
    }
    const BitVector octets = BitVector::from_hex(item[0].get_ref<const std::string&>(), request.place() + ": " + key, 64);
    words.push(octets.read(0, 64),
               static_cast<std::uint8_t>(request.bits(key, 8, item[1].get_ref<const std::string&>())));
  }
}

std::uint64_t read_scrambler_state(Request& request) {
  const std::string text = request.text("S", "15 hex digits");
  std::size_t used = 0;
  std::uint64_t state = 0;
  const bool digits = text.size() == 15 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (digits) state = std::stoull(text, &used, 16);
  if (!digits || state >> 58 != 0) request.fail("S", "is \"" + text + "\"", "15 hex digits, a number below 2^58");
  return state;
}

std::vector<std::string> hex_of(const signal::BitLanes& lanes) {
  std::vector<std::string> list;
  for (const auto& lane : lanes.lanes) list.push_back(lane.bits.to_hex());
  return list;
}

std::vector<std::string> hex_of(const signal::Blocks66& blocks) {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    BitVector bits;
    bits.append(blocks.header[i], 2);
    bits.append(blocks.payload[i], 64);
    list.push_back(bits.to_hex());
  }
  return list;
}

/// `size` bits each.
std::vector<std::string> hex_of_parts(const BitVector& bits, std::size_t size) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at + size <= bits.size(); at += size) {
    BitVector part;
    part.append(bits, at, size);
    list.push_back(part.to_hex());
  }
  return list;
}

std::vector<std::string> hex_of(const signal::Codewords& codewords) {
  std::vector<std::string> list;
  for (std::size_t c = 0; c < codewords.count; ++c) {
    BitVector bits;
    for (int s = 0; s < codewords.code.n; ++s) bits.append(signal::get_symbol(codewords.at(c), static_cast<std::size_t>(s)), 10);
    list.push_back(bits.to_hex());
  }
  return list;
}

std::vector<std::string> digits_of(const signal::SymbolLanes& lanes) {
  const auto width = static_cast<unsigned>(lanes.modulation);
  std::vector<std::string> list;
  for (const auto& lane : lanes.lanes) {
    std::string digits;
    for (std::size_t at = 0; at + width <= lane.levels.size(); at += width) {
      digits += static_cast<char>('0' + lane.levels.read(at, width));
    }
    list.push_back(std::move(digits));
  }
  return list;
}

Json head(const VectorShape& shape) {
  Json json = {{"version", 1}, {"rate", shape.rate}};
  if (shape.rate == 100) json["code"] = shape.code;
  return json;
}

Json transmit(const Json& json, const std::string& place) {
  Request request(json, place);
  VectorTxRequest tx;
  tx.shape = read_shape(request);
  tx.scrambler_state = read_scrambler_state(request);
  if (tx.shape.rate == 100) {
    if (const Json* wide = request.find("four_lane_pmd")) {
      (void)wide;
      tx.four_lane_pmd = request.boolean("four_lane_pmd", false);
    }
    request.find("P");
    request.find("status");
  } else {
    tx.pad_state = request.bits("P", 9, request.text("P", "9 bits"));
    tx.status = request.bits("status", 3, request.text("status", "3 bits"));
  }
  const bool stages = request.boolean("stages", false);
  read_words(request, tx.words);
  request.refuse_unknown();

  const VectorTxAnswer answer = vector_tx(tx);
  Json out = head(tx.shape);
  out["stream"] = answer.stream.to_hex();
  out["lanes"] = hex_of(answer.lanes);
  if (stages) {
    out["blocks66"] = hex_of(answer.blocks66);
    if (tx.shape.code != "none") {
      out["blocks257"] = hex_of_parts(answer.blocks257, 257);
      out["codewords"] = hex_of(answer.codewords);
    }
    out["host_lanes"] = hex_of(answer.host_lanes);
    out["pmd_symbols"] = digits_of(answer.pmd_symbols);
  }
  return out;
}

Json receive(const Json& json, const std::string& place) {
  Request request(json, place);
  VectorRxRequest rx;
  rx.shape = read_shape(request);
  const Json& lanes = request.need("lanes", "a list of hex strings");
  if (!lanes.is_array()) request.fail("lanes", "is no list", "a list of hex strings");
  for (const Json& lane : lanes) {
    const std::string key = fmt::format("lanes[{}]", rx.lanes.size());
    if (!lane.is_string()) request.fail(key, "is " + lane.dump().substr(0, 60), "a hex string");
    signal::BitLanes::Lane bits;
    bits.bits = BitVector::from_hex(lane.get_ref<const std::string&>(), request.place() + ": " + key);
    rx.lanes.lanes.push_back(std::move(bits));
  }
  request.refuse_unknown();

  const std::optional<VectorRxAnswer> answer = vector_rx(rx);
  if (!answer) return nullptr;
  Json out = {{"rate", rx.shape.rate}};
  if (rx.shape.rate == 100) out["code"] = rx.shape.code;
  out["order"] = answer->order;
  out["skew"] = answer->skew;
  out["stats"] = answer->stats;
  out["status"] = answer->status;
  out["blocks66"] = hex_of(answer->blocks66);
  return out;
}

void answer_all(std::istream& in, const std::string& name, bool transmitting, const std::function<void(const std::string&)>& put) {
  for (std::size_t number = 1; (in >> std::ws) && !in.eof(); ++number) {
    const std::string place = fmt::format("{}: object {}", name, number);
    Json json;
    try {
      in >> json;
    } catch (const nlohmann::json::exception& error) {
      throw InputError({place, fmt::format("is no JSON: {}", error.what()), "one JSON object after the other", ""});
    }
    Json answer;
    try {
      answer = transmitting ? transmit(json, place) : receive(json, place);
    } catch (const InputError& error) {
      ErrorDetail detail = error.detail();
      if (!detail.place.starts_with(place)) detail.place = place + ": " + detail.place;
      throw InputError(std::move(detail));
    }
    put(answer.dump() + "\n");
  }
  if (in.bad()) throw InputError({name, "cannot be read", "", ""});
}

}  // namespace

int run_vector(const VectorOptions& options) {
  std::ifstream file;
  if (options.in != "-") {
    file.open(options.in, std::ios::binary);
    if (!file) throw InputError({options.in, "cannot be opened", "a readable file, or - for standard input", ""});
  }
  std::istream& in = options.in == "-" ? std::cin : file;
  const std::string name = options.in == "-" ? "standard input" : options.in;
  if (options.out == "-") {
    answer_all(in, name, options.transmit, [](const std::string& line) {
      std::fwrite(line.data(), 1, line.size(), stdout);
      std::fflush(stdout);
    });
  } else {
    io::AtomicFile out(options.out);
    answer_all(in, name, options.transmit, [&](const std::string& line) { out.write(line); });
    out.commit();
  }
  return ok;
}

}  // namespace lightlane::cli

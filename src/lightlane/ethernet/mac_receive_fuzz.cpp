// Any words: the receiver delivers what the serial one delivers, however the words are cut.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "lightlane/ethernet/mac_receive.hpp"
#include "lightlane/ethernet/mac_test_tools.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0] % 16;
  // With an odd second octet frames get a correct FCS where 64 octets of data stand before a /T/.
  const bool mend = (data[1] & 1) != 0;
  signal::MiiWords words;
  for (std::size_t at = 2; at + 9 <= size; at += 9) {
    std::uint64_t word;
    std::memcpy(&word, data + at, 8);
    words.push(word, data[at + 8]);
  }
  if (mend) {
    for (std::size_t w = 8; w < words.size(); ++w) {
      if (words.control[w] != 0xff || (words.data[w] & 255) != signal::mii::terminate) continue;
      auto* const octets = reinterpret_cast<std::uint8_t*>(words.data.data() + w - 8);
      const std::uint32_t check = ethernet::fcs({octets, 60});
      std::memcpy(octets + 60, &check, 4);
    }
  }
  ethernet::MacReceive mac({.max_frame_octets = 100});
  signal::Frames frames;
  for (std::size_t at = 0; at < words.size(); at += step) {
    mac.process(ethernet::test::slice(words, at, std::min(words.size(), at + step)), frames);
  }
  mac.finish(frames);
  const auto expected = ethernet::test::receive_serially(words, 100);
  if (frames.size() != expected.size()) std::abort();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (ethernet::test::octets_of(frames, i) != expected[i]) std::abort();
  }
  return 0;
}

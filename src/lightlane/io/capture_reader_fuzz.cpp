// Any bytes are a capture or a clean InputError; what is given out lies within the bounds that were promised.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "lightlane/base/error.hpp"
#include "lightlane/io/capture_parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightlane;
  if (size == 0) return 0;
  // The first byte chooses how the source cuts its answers and what the reader may skip.
  const unsigned choice = *data++;
  --size;
  std::size_t at = 0;
  const std::size_t step = (choice & 1) != 0 ? 1 + (choice >> 4) : size;
  io::CaptureReaderOptions options;
  if ((choice & 2) != 0) options.max_frame_octets = 1514;
  options.skip_long = (choice & 4) != 0;
  options.refuse_cut = (choice & 8) != 0;
  std::uint64_t sum = 0, frames = 0;
  try {
    io::CaptureParser parser(
        "fuzz",
        [&](std::uint8_t* to, std::size_t count) {
          const std::size_t got = std::min({count, step, size - at});
          if (got != 0) std::memcpy(to, data + at, got);
          at += got;
          return got;
        },
        options);
    io::CapturedFrame frame;
    while (parser.next(frame)) {
      if (frame.octets.empty() || frame.octets.size() > options.max_frame_octets) std::abort();
      if (frame.file_offset >= size) std::abort();
      for (const std::uint8_t octet : frame.octets) sum += octet;
      ++frames;
    }
    if (frames != parser.report().frames) std::abort();
  } catch (const InputError& error) {
    if (error.detail().place.empty() || error.detail().problem.empty()) std::abort();
  }
  volatile std::uint64_t sink = sum;
  static_cast<void>(sink);
  return 0;
}

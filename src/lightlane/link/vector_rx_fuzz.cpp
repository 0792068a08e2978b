// The offline receivers take any bits on any number of lanes. The first octet chooses the shape and whether the lanes
// begin with good markers, so that what lies behind the search is reached too.

#include <cstddef>
#include <cstdint>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/link/vector.hpp"

namespace {

using namespace lightlane;

link::VectorShape shape_of(unsigned choice) {
  static const link::VectorShape shapes[] = {{400, ""}, {200, ""}, {100, "kp4"}, {100, "kr4"}, {100, "none"}};
  return shapes[choice % 5];
}

/// Good lanes of idle, then the input XORed over them from an offset that it names.
signal::BitLanes lanes_of(const link::VectorShape& shape, const std::uint8_t* data, std::size_t size, bool good) {
  signal::BitLanes lanes;
  if (good) {
    link::VectorTxRequest request;
    request.shape = shape;
    request.words.push_idle(shape.rate == 400 ? 288 : shape.rate == 200 ? 304 : shape.code == "none" ? 60 : 140);
    lanes = link::vector_tx(request).lanes;
  } else {
    lanes = signal::BitLanes(shape.rate == 400 ? 16 : shape.rate == 200 ? 8 : shape.code == "none" ? 20 : 4);
    for (auto& lane : lanes.lanes) lane.bits.resize(size * 8 / lanes.size());
  }
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    auto& lane = lanes[data[i] % lanes.size()].bits;
    if (lane.empty()) continue;
    const std::size_t at = (i * 40503u + data[i]) % lane.size();
    for (unsigned b = 0; b < 8 && at + b < lane.size(); ++b) {
      if ((data[i + 1] >> b & 1) != 0) lane.flip(at + b);
    }
  }
  return lanes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  link::VectorRxRequest request;
  request.shape = shape_of(data[0]);
  request.lanes = lanes_of(request.shape, data + 1, size - 1, (data[0] & 0x80) == 0);
  try {
    const auto answer = link::vector_rx(request);
    if (answer) LIGHTLANE_ASSERT(answer->order.size() == request.lanes.size());
  } catch (const lightlane::InputError&) {
  }
  return 0;
}

// The vocabulary of this floor is plain data in headers; this unit makes each of them compile on its own.
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/frames.hpp"
#include "lightlane/signal/lanes.hpp"
#include "lightlane/signal/mii.hpp"

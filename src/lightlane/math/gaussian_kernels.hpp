#pragma once
/// What the variants of GaussianStream share: the counter and the inverse normal distribution. Includes next
/// to nothing on purpose, since the vector files are compiled for other instruction sets.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::math::detail {

/// Everything that a block of draws depends on.
struct GaussianKey {
  std::uint32_t key[2], stream[2];
};

/// The draws of blocks [first_block, first_block + blocks), four each: Philox4x32-10 of (block, stream) under
/// the key, its words in order, each through the inverse normal distribution. out has room for 4 blocks
/// rounded up to whole 16 blocks; what lies beyond the blocks asked for may be written over.
using GaussianBlocks = void (*)(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                                float* out) noexcept;
void gaussian_blocks_ref(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                         float* out) noexcept;
void gaussian_blocks_avx2(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                          float* out) noexcept;
void gaussian_blocks_avx512(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                            float* out) noexcept;

/// Worst first; see base/variant.hpp.
std::span<const Kernel<GaussianBlocks>> gaussian_kernels() noexcept;

/// Inverse normal distribution. A word u stands for the probability (u + 1/2) / 2^32. With m = u below one
/// half, or its complement, f = float(m) + 1/2 and x = Q^-1(f / 2^32) is negative or positive. In segment e
/// of f = 2^(e-1) (1.5 + s), x = sum over d of inverse_normal[d][e] s^d: least squares at 200 Chebyshev nodes
/// against an inverse that is exact to 1e-15. Largest error in x 4.0e-6, of the tail 1.2e-5 of itself.
/// Multiplied and added one after the other, without FMA: the same bits on every machine.
inline constexpr int inverse_normal_degree = 5;
inline constexpr float inverse_normal[inverse_normal_degree + 1][32] = {
    {6.27517414f, 6.16643095f, 6.05582809f,  5.9432683f,  5.82864571f, 5.71184492f, 5.59273863f,
     5.47118711f, 5.34703588f, 5.22011471f,  5.09023237f, 4.95717621f, 4.82070732f, 4.68055439f,
     4.53640938f, 4.38791943f, 4.23467731f,  4.07620811f, 3.91195488f, 3.74125433f, 3.56330967f,
     3.37714791f, 3.18156171f, 2.97502279f,  2.7555511f,  2.52050447f, 2.26622915f, 1.98743045f,
     1.67594254f, 1.31801391f, 0.887149751f, 0.318642706f},
    {-0.103726581f, -0.105470844f, -0.107304804f, -0.10923633f,  -0.111274332f, -0.113428861f, -0.115711346f,
     -0.118134849f, -0.120714352f, -0.123467162f, -0.12641336f,  -0.12957643f,  -0.132983997f, -0.136668876f,
     -0.1406703f,   -0.145035654f, -0.149822816f, -0.155103296f, -0.16096656f,  -0.167526335f, -0.174929574f,
     -0.183370113f, -0.193109423f, -0.204510078f, -0.218091473f, -0.234628201f, -0.255334616f, -0.282241791f,
     -0.319054633f, -0.373417616f, -0.464415938f, -0.659298122f},
    {0.0336694196f, 0.0342081413f, 0.0347731225f, 0.0353665426f, 0.0359908417f, 0.036648754f,  0.0373433717f,
     0.0380781889f, 0.0388571806f, 0.0396848843f, 0.0405665115f, 0.0415080748f, 0.0425165556f, 0.0436001085f,
     0.0447683185f, 0.0460325442f, 0.0474063382f, 0.0489060171f, 0.0505513959f, 0.0523667969f, 0.0543823466f,
     0.0566358007f, 0.0591749512f, 0.0620609075f, 0.0653722286f, 0.0692095011f, 0.0736975372f, 0.0789727867f,
     0.0851030424f, 0.0916793346f, 0.0954414532f, 0.0690148547f},
    {-0.0147551997f, -0.0149859264f, -0.0152276345f, -0.015481214f,  -0.0157476552f, -0.0160280708f,
     -0.0163237099f, -0.0166359786f, -0.0169664752f, -0.0173170157f, -0.0176896732f, -0.0180868357f,
     -0.0185112581f, -0.0189661421f, -0.0194552299f, -0.0199829303f, -0.0205544662f, -0.021176083f,
     -0.021855304f,  -0.0226012841f, -0.0234252661f, -0.0243412033f, -0.0253666062f, -0.0265237f,
     -0.0278409962f, -0.0293554291f, -0.0311151743f, -0.0331833512f, -0.0356447026f, -0.038640447f,
     -0.0427689627f, -0.0572352521f},
    {0.0082588708f,  0.00838579051f, 0.00851864368f, 0.00865790341f, 0.00880409498f, 0.00895780511f,
     0.00911969226f, 0.00929049682f, 0.00947105791f, 0.00966232549f, 0.00986538175f, 0.0100814691f,
     0.0103120152f,  0.010558675f,   0.0108233765f,  0.0111083761f,  0.0114163412f,  0.0117504429f,
     0.0121144811f,  0.0125130527f,  0.0129517699f,  0.0134375514f,  0.0139790215f,  0.0145870484f,
     0.0152754867f,  0.0160621814f,  0.0169703346f,  0.0180302318f,  0.0192811415f,  0.020770805f,
     0.0224976391f,  0.021519836f},
    {-0.00450971723f, -0.0045782635f,  -0.00464997906f, -0.00472511305f, -0.00480394205f, -0.00488677574f,
     -0.00497396011f, -0.00506588444f, -0.00516298739f, -0.00526576722f, -0.00537478924f, -0.00549070118f,
     -0.00561424671f, -0.0057462845f,  -0.00588781293f, -0.00603999943f, -0.00620421767f, -0.00638209656f,
     -0.00657558255f, -0.00678702164f, -0.00701926649f, -0.00727582024f, -0.00756102987f, -0.00788035057f,
     -0.00824070349f, -0.00865097065f, -0.00912266318f, -0.00967080519f, -0.0103150206f,  -0.0110807801f,
     -0.012007609f,   -0.0141076231f},
};
/// f below one half of 2^32: what rounds up to it is kept in the last segment.
inline constexpr float largest_f = 2147483520.0f;

inline constexpr std::uint32_t philox_multiplier[2] = {0xD2511F53, 0xCD9E8D57};
inline constexpr std::uint32_t philox_weyl[2] = {0x9E3779B9, 0xBB67AE85};
inline constexpr int philox_rounds = 10;

}  // namespace lightlane::math::detail

#pragma once
/// Where a slicer decides between two neighbouring levels.

#include <span>

namespace lightlane::rxdsp {

/// Equalised samples of one level as a Gaussian.
struct Cluster {
  double mean = 0;
  double sigma = 0;
};

/// Where both levels are wrong equally often: (m1 s2 + m2 s1) / (s1 + s2), lower.mean < upper.mean; midway
/// where neither has any width.
double equal_error_threshold(Cluster lower, Cluster upper) noexcept;

/// Where the sum of both errors is least: the densities cross. Between the means; equal_error_threshold()
/// where they do not cross there (nearly all of one lies inside the other), or where one has no width.
double least_error_threshold(Cluster lower, Cluster upper) noexcept;

/// A sample of a level: where it lies, the rms of the noise about it, and how often it comes (any common
/// scale).
struct NoisySample {
  double value = 0;
  double sigma = 0;
  double weight = 1;
};

/// The same for levels that are mixtures (residual interference plus noise, each sample with its own sigma > 0): a
/// crossing of the densities between the means, to 1e-7 of their distance; midway where they do not cross. The caller
/// merges samples that are close: some ten evaluations of every point, 50 us for 256 of each.
double least_error_threshold(std::span<const NoisySample> lower, std::span<const NoisySample> upper);

}  // namespace lightlane::rxdsp

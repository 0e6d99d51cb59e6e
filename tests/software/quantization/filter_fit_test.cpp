#include "software/quantization/fit/filter_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "software/quantization/fit/least_squares.h"

// The fit of one filter's integers and scale to the outputs it should yield.

namespace lutra::quantization {
namespace {

// Inputs that depend on one another, and targets that a filter of real weights would yield, plus noise.
struct Drawn {
  LayerSamples samples;
  std::vector<double> weights;  // [output][input]
};

Drawn draw(unsigned seed, int inputs, int outputs, double noise, std::vector<double> weights = {}) {
  std::mt19937 engine(seed);
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1));
  };
  Drawn drawn;
  drawn.samples.inputs = inputs;
  drawn.samples.outputs = outputs;
  drawn.weights = std::move(weights);
  while (drawn.weights.size() < static_cast<std::size_t>(inputs * outputs))
    drawn.weights.push_back(between(-1000, 1000) / 4096.0);
  for (int sample = 0; sample < 40 * inputs; ++sample) {
    const int common = between(0, 100);
    std::vector<int> patch;
    for (int i = 0; i < inputs; ++i) patch.push_back(std::clamp(common + between(-60, 60), 0, 255));
    drawn.samples.patches.insert(drawn.samples.patches.end(), patch.begin(), patch.end());
    for (int output = 0; output < outputs; ++output) {
      double target = 3.0 * output + noise * between(-100, 100);
      for (int i = 0; i < inputs; ++i)
        target += drawn.weights[static_cast<std::size_t>(output * inputs + i)] * patch[i];
      drawn.samples.targets.push_back(target);
    }
  }
  return drawn;
}

FilterProblem problem_of(const Drawn& drawn) {
  return FilterProblem(compute_moments(drawn.samples).front(), drawn.weights);
}

const std::vector<std::vector<int>> value_sets = {{-1, 1},
                                                  {-1, 0, 1},
                                                  {-2, -1, 0, 1},
                                                  {-3, -1, 1, 3},
                                                  {-10, -4, -1, 0, 1, 4, 10},
                                                  {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7}};

TEST(Moments, AreThoseOfTheSamplesInWhateverOrder) {
  for (unsigned seed = 0; seed < 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Drawn drawn = draw(seed, 5, 2, 0.1);
    const GroupMoments found = compute_moments(drawn.samples).front();
    const std::size_t count = drawn.samples.count();
    for (std::size_t i = 0; i < 5; ++i) {
      double mean = 0;
      double target_mean = 0;
      double product = 0;
      for (std::size_t s = 0; s < count; ++s) {
        mean += drawn.samples.patches[s * 5 + i];
        target_mean += drawn.samples.targets[s * 2 + 1];
        product += drawn.samples.patches[s * 5 + i] * drawn.samples.targets[s * 2 + 1];
      }
      const auto samples = static_cast<double>(count);
      mean /= samples;
      target_mean /= samples;
      EXPECT_NEAR(found.input_means[i], mean, 1e-9);
      EXPECT_NEAR(found.target_means[1], target_mean, 1e-4);
      EXPECT_NEAR(found.cross[5 + i], product / samples - mean * target_mean, 1e-2);
    }
    LayerSamples reversed = drawn.samples;
    for (std::size_t s = 0; s < count; ++s) {
      std::copy_n(drawn.samples.patches.begin() + static_cast<std::ptrdiff_t>(s * 5), 5,
                  reversed.patches.begin() + static_cast<std::ptrdiff_t>((count - 1 - s) * 5));
      std::copy_n(drawn.samples.targets.begin() + static_cast<std::ptrdiff_t>(s * 2), 2,
                  reversed.targets.begin() + static_cast<std::ptrdiff_t>((count - 1 - s) * 2));
    }
    const GroupMoments other = compute_moments(reversed).front();
    EXPECT_EQ(other.covariance, found.covariance);
    EXPECT_EQ(other.cross, found.cross);
    EXPECT_EQ(other.input_means, found.input_means);
    EXPECT_EQ(other.target_means, found.target_means);
  }
}

TEST(FilterProblem, ErrorIsTheMeanSquaredErrorWithTheBestBiasAndTheRidge) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Drawn drawn = draw(seed, 6, 1, 0.2);
    const GroupMoments moments = compute_moments(drawn.samples).front();
    const FilterProblem problem(moments, drawn.weights);
    Eigen::VectorXd q(6);
    const double scale = 0.13;
    for (std::size_t i = 0; i < 6; ++i) q(static_cast<Eigen::Index>(i)) = std::floor(drawn.weights[i] / 0.1 + 0.5);
    double sum = 0;
    double squares = 0;
    for (std::size_t s = 0; s < drawn.samples.count(); ++s) {
      double difference = drawn.samples.targets[s];
      for (std::size_t i = 0; i < 6; ++i)
        difference -= scale * q(static_cast<Eigen::Index>(i)) * drawn.samples.patches[s * 6 + i];
      sum += difference;
      squares += difference * difference;
    }
    const auto count = static_cast<double>(drawn.samples.count());
    double expected = squares / count - sum / count * sum / count;
    double ridge = 0;
    for (std::size_t i = 0; i < 6; ++i) ridge += moments.covariance[i * 7] / 6 / 1024;
    for (std::size_t i = 0; i < 6; ++i)
      expected += ridge * std::pow(drawn.weights[i] - scale * q(static_cast<Eigen::Index>(i)), 2);
    EXPECT_NEAR(problem.error(0, scale, q), expected, 1e-4 * expected);
    const double best = problem.best_scale(0, q, 1.0);
    for (const double other : {0.9 * best, 1.1 * best})
      EXPECT_LT(problem.error(0, best, q), problem.error(0, other, q));
  }
}

TEST(FilterFit, FindsTheIntegersThatTheTargetsWereMadeOf) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 engine(seed);
    for (const std::vector<int>& values : value_sets) {
      std::vector<double> weights;
      for (int i = 0; i < 12; ++i) weights.push_back(0.037 * values[engine() % values.size()]);
      weights[0] = 0.037 * values.back();
      weights[1] = 0.037 * values.front();
      const FilterProblem problem = problem_of(draw(seed, 12, 1, 0.0, weights));
      const FilterFit fit = fit_filter({problem, 0}, values);
      for (std::size_t i = 0; i < weights.size(); ++i)
        EXPECT_NEAR(fit.q(static_cast<Eigen::Index>(i)) * fit.scale, weights[i], 1e-4);
    }
  }
}

// Every choice of integers with the best scale for each.
double least_error(const FilterProblem& problem, const std::vector<int>& values) {
  const auto inputs = static_cast<std::size_t>(problem.inputs());
  std::vector<std::size_t> digits(inputs);
  double least = std::numeric_limits<double>::infinity();
  for (;;) {
    Eigen::VectorXd q(problem.inputs());
    for (std::size_t i = 0; i < inputs; ++i) q(static_cast<Eigen::Index>(i)) = values[digits[i]];
    least = std::min(least, problem.error(0, problem.best_scale(0, q, 1.0), q));
    std::size_t digit = 0;
    while (digit < inputs && ++digits[digit] == values.size()) digits[digit++] = 0;
    if (digit == inputs) return least;
  }
}

TEST(FilterFit, ComesCloseToTheBestOfAllChoicesOfAFewWeights) {
  double found = 0;
  double least = 0;
  for (unsigned seed = 0; seed < 30; ++seed) {
    const FilterProblem problem = problem_of(draw(seed, 6, 1, 0.05));
    const double best = least_error(problem, {-1, 0, 1});
    const double error = fit_filter({problem, 0}, std::vector{-1, 0, 1}).error;
    EXPECT_GE(error, best * (1 - 1e-9)) << "seed " << seed;
    found += error;
    least += best;
  }
  EXPECT_LE(found, 1.15 * least);
}

TEST(FilterFit, IsNeverWorseThanAnyOfItsStarts) {
  for (unsigned seed = 0; seed < 15; ++seed)
    for (const std::vector<int>& values : value_sets) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const FilterProblem problem = problem_of(draw(seed, 18, 2, 0.3));
      for (const Eigen::Index output : {0, 1}) {
        const Filter filter{problem, output};
        const FilterFit fit = fit_filter(filter, values);
        EXPECT_NEAR(fit.error, problem.error(output, fit.scale, fit.q), 1e-9 * fit.error);
        for (Eigen::Index i = 0; i < fit.q.size(); ++i)
          EXPECT_TRUE(std::binary_search(values.begin(), values.end(), static_cast<int>(fit.q(i))));
        for (const double scale : start_scales(filter, values)) {
          const Eigen::VectorXd nearest_plane = problem.round(output, scale, values);
          EXPECT_LE(fit.error, problem.error(output, scale, nearest_plane));
          Eigen::VectorXd nearest(problem.inputs());
          for (Eigen::Index i = 0; i < nearest.size(); ++i)
            nearest(i) = nearest_value(values, problem.weights(output)(i) / scale);
          FilterFit start{nearest, scale, problem.error(output, scale, nearest)};
          const double before = start.error;
          EXPECT_LE(improve(filter, values, start).error, before);
        }
      }
    }
}

TEST(FilterFit, AFilterWithoutWeightsOrInputsIsHarmless) {
  Drawn drawn = draw(3, 4, 1, 0.0, {0, 0, 0, 0});
  for (const std::vector<int>& values : value_sets) {
    const FilterProblem problem = problem_of(drawn);
    const FilterFit fit = fit_filter({problem, 0}, values);
    EXPECT_GT(fit.scale, 0);
    EXPECT_NEAR(problem.error(0, fit.scale, fit.q), 0, 1e-9);
  }
  std::fill(drawn.samples.patches.begin(), drawn.samples.patches.end(), std::int16_t{7});
  drawn.weights = {0.5, -0.25, 0.25, 0};
  const FilterProblem problem = problem_of(drawn);
  const FilterFit fit = fit_filter({problem, 0}, std::vector{-2, -1, 0, 1, 2});
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(fit.q(static_cast<Eigen::Index>(i)) * fit.scale, drawn.weights[i], 1e-9);
}

TEST(NearestValue, TakesTheSmallerOfTwoEquallyNearOnes) {
  const std::vector<int> values{-3, 0, 1, 4};
  EXPECT_EQ(nearest_value(values, -100), -3);
  EXPECT_EQ(nearest_value(values, -1.5), -3);
  EXPECT_EQ(nearest_value(values, 0.6), 1);
  EXPECT_EQ(nearest_value(values, 2.5), 1);
  EXPECT_EQ(nearest_value(values, 99), 4);
}

TEST(LeastSquares, SolvesAndLeavesOutWhatIsNotDetermined) {
  Eigen::MatrixXd a(3, 3);
  a << 4, 2, 0, 2, 3, 0, 0, 0, 0;
  Eigen::VectorXd b(3);
  b << 8, 8, 0;
  const Eigen::VectorXd x = least_squares(a, b);
  EXPECT_NEAR(x(0), 1, 1e-12);
  EXPECT_NEAR(x(1), 2, 1e-12);
  EXPECT_EQ(x(2), 0);
}

}  // namespace
}  // namespace lutra::quantization

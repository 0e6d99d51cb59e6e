#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/data/embedded_dataset_random.h"
#include "software/network/data/embedded_dataset_shapes.h"

namespace lutra::network {

namespace {

constexpr int side = 16;
constexpr int channels = 3;
constexpr int train_images = 8000;
constexpr int test_images = 2000;
constexpr std::uint64_t train_seed = 0x4C75747261000001U;
constexpr std::uint64_t test_seed = 0x4C75747261000002U;

// Lengths are in eighths of a pixel, colours in 1/255.
struct Interval {
  int low;
  int high;
};

constexpr int pixel = 8;
constexpr int samples = 4;  // per pixel and axis
constexpr Interval centre{54, 74};
constexpr Interval shape_radius{44, 58};
constexpr Interval aspect_percent{82, 118};
constexpr Interval base_colour{56, 200};
constexpr Interval contrast_strength{56, 116};
constexpr Interval gradient_strength{-3, 3};  // colour per pixel
constexpr Interval texture_strength{0, 14};
constexpr Interval texture_step{3, 14};  // of 64 per turn, per pixel
constexpr Interval noise_strength{2, 13};
constexpr Interval occluder_half_width{3, 5};
constexpr Interval occluder_offset{-24, 24};
constexpr int occluder_percent = 25;
constexpr int largest_speck_count = 2;
constexpr Interval speck_radius{5, 9};

using Colour = std::array<int, channels>;

struct Placement {
  int x;
  int y;
  int radius_x;
  int radius_y;
  int cosine;
  int sine;
};

struct Occluder {
  bool present;
  int cosine;
  int sine;
  int offset;
  int half_width;
  Colour colour;
};

struct Speck {
  int x;
  int y;
  int radius;
};

struct Background {
  Colour base;
  Colour gradient_x;
  Colour gradient_y;
  Colour texture;
  int step_x;
  int step_y;
  int phase;
};

struct Scene {
  int label;
  Placement placement;
  Background background;
  Colour contrast;
  std::vector<Speck> specks;
  Occluder occluder;
  int noise;
};

int draw(Random& random, Interval interval) { return random.between(interval.low, interval.high); }

Colour draw_colour(Random& random, Interval interval) {
  Colour colour{};
  for (int& value : colour) value = draw(random, interval);
  return colour;
}

Placement draw_placement(Random& random) {
  const int x = draw(random, centre);
  const int y = draw(random, centre);
  const int size = draw(random, shape_radius);
  const int radius_x = size * draw(random, aspect_percent) / 100;
  const int radius_y = size * draw(random, aspect_percent) / 100;
  const int turn = random.between(0, 63);
  return {x, y, radius_x, radius_y, cosine(turn), sine(turn)};
}

Background draw_background(Random& random) {
  Background background{};
  background.base = draw_colour(random, base_colour);
  background.gradient_x = draw_colour(random, gradient_strength);
  background.gradient_y = draw_colour(random, gradient_strength);
  background.texture = draw_colour(random, texture_strength);
  background.step_x = draw(random, texture_step) * (random.between(0, 1) == 0 ? 1 : -1);
  background.step_y = draw(random, texture_step);
  background.phase = random.between(0, 63);
  return background;
}

// One channel has the full contrast, the others any up to it.
Colour draw_contrast(Random& random) {
  const int strength = draw(random, contrast_strength);
  Colour contrast = draw_colour(random, {-strength, strength});
  const int strongest = random.between(0, channels - 1);
  contrast[static_cast<std::size_t>(strongest)] = random.between(0, 1) == 0 ? strength : -strength;
  return contrast;
}

std::vector<Speck> draw_specks(Random& random) {
  std::vector<Speck> specks(static_cast<std::size_t>(random.between(0, largest_speck_count)));
  for (Speck& speck : specks) {
    speck.x = random.between(0, side * pixel);
    speck.y = random.between(0, side * pixel);
    speck.radius = draw(random, speck_radius);
  }
  return specks;
}

Occluder draw_occluder(Random& random) {
  Occluder occluder{};
  occluder.present = random.between(1, 100) <= occluder_percent;
  const int turn = random.between(0, 63);
  occluder.cosine = cosine(turn);
  occluder.sine = sine(turn);
  occluder.offset = draw(random, occluder_offset);
  occluder.half_width = draw(random, occluder_half_width);
  occluder.colour = draw_colour(random, base_colour);
  return occluder;
}

Scene draw_scene(Random& random, int label) {
  Scene scene{};
  scene.label = label;
  scene.placement = draw_placement(random);
  scene.background = draw_background(random);
  scene.contrast = draw_contrast(random);
  scene.specks = draw_specks(random);
  scene.occluder = draw_occluder(random);
  scene.noise = draw(random, noise_strength);
  return scene;
}

bool shape_at(const Scene& scene, int x, int y) {
  const Placement& placement = scene.placement;
  const int dx = x - placement.x;
  const int dy = y - placement.y;
  // 16384 (of cosine and sine) / 256 (units per radius) = 64
  const ShapePoint point{(placement.cosine * dx + placement.sine * dy) / (placement.radius_x * 64),
                         (placement.cosine * dy - placement.sine * dx) / (placement.radius_y * 64)};
  return shape_covers(scene.label, point);
}

bool speck_at(const Scene& scene, int x, int y) {
  return std::any_of(scene.specks.begin(), scene.specks.end(), [&](const Speck& speck) {
    const int dx = x - speck.x;
    const int dy = y - speck.y;
    return dx * dx + dy * dy <= speck.radius * speck.radius;
  });
}

bool occluder_at(const Occluder& occluder, int x, int y) {
  if (!occluder.present) return false;
  const int middle = side * pixel / 2;
  const int distance = (occluder.cosine * (x - middle) + occluder.sine * (y - middle)) / 16384 - occluder.offset;
  return std::abs(distance) <= occluder.half_width;
}

int background_at(const Background& background, std::size_t channel, int x, int y) {
  const int wave = sine(background.phase + background.step_x * x + background.step_y * y);
  return background.base[channel] + background.gradient_x[channel] * (x - side / 2) +
         background.gradient_y[channel] * (y - side / 2) + background.texture[channel] * wave / 16384;
}

// How many of a pixel's samples show the figure, and how many the occluder.
struct Coverage {
  int figure = 0;
  int occluder = 0;
};

Coverage coverage(const Scene& scene, int column, int row) {
  Coverage result;
  for (int sample = 0; sample < samples * samples; ++sample) {
    const int x = column * pixel + sample % samples * (pixel / samples) + pixel / samples / 2;
    const int y = row * pixel + sample / samples * (pixel / samples) + pixel / samples / 2;
    if (occluder_at(scene.occluder, x, y))
      ++result.occluder;
    else if (shape_at(scene, x, y) || speck_at(scene, x, y))
      ++result.figure;
  }
  return result;
}

void render(const Scene& scene, Random& random, std::uint8_t* pixels) {
  constexpr int all = samples * samples;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const Coverage covered = coverage(scene, column, row);
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const int ground = background_at(scene.background, channel, column, row);
        const int light = (ground * (all - covered.occluder) + scene.contrast[channel] * covered.figure +
                           scene.occluder.colour[channel] * covered.occluder) /
                          all;
        const int noise = random.between(-scene.noise, scene.noise) + random.between(-scene.noise, scene.noise);
        pixels[(channel * side + static_cast<std::size_t>(row)) * side + static_cast<std::size_t>(column)] =
            static_cast<std::uint8_t>(std::clamp(light + noise, 0, 255));
      }
    }
}

}  // namespace

Dataset make_embedded(Split split) {
  const bool train = split == Split::train;
  const std::size_t images = train ? train_images : test_images;
  Dataset data;
  data.name = "embedded";
  data.shape = {channels, side, side};
  data.classes = embedded_classes;
  data.labels.resize(images);
  data.pixels.resize(images * channels * side * side);
  for (std::size_t image = 0; image < images; ++image) {
    Random random(Random((train ? train_seed : test_seed) ^ (image << 32)).next());
    const int label = static_cast<int>(image % embedded_classes);
    data.labels[image] = static_cast<Label>(label);
    render(draw_scene(random, label), random, data.pixels.data() + image * channels * side * side);
  }
  return data;
}

}  // namespace lutra::network

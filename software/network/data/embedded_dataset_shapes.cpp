#include "software/network/data/embedded_dataset_shapes.h"

#include <array>
#include <cstddef>
#include <cstdlib>

namespace lutra::network {

namespace {

constexpr std::array<int, 17> quarter_sine{0,     1606,  3196,  4756,  6270,  7723,  9102,  10394, 11585,
                                           12665, 13623, 14449, 15137, 15679, 16069, 16305, 16384};

bool in_disc(ShapePoint point, int centre_x, int centre_y, int radius) {
  const int x = point.x - centre_x;
  const int y = point.y - centre_y;
  return x * x + y * y <= radius * radius;
}

bool in_box(ShapePoint point, int left, int right, int top, int bottom) {
  return point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
}

bool disc(ShapePoint point) { return in_disc(point, 0, 0, 235); }

bool square(ShapePoint point) { return in_box(point, -208, 208, -208, 208); }

bool triangle(ShapePoint point) { return point.y <= 150 && 7 * std::abs(point.x) <= 4 * (point.y + 290); }

bool half_disc(ShapePoint point) { return point.y >= -110 && in_disc(point, 0, -110, 260); }

bool ring(ShapePoint point) { return disc(point) && !in_disc(point, 0, 0, 125); }

bool crescent(ShapePoint point) { return in_disc(point, 0, 30, 245) && !in_disc(point, 0, -85, 190); }

bool plus(ShapePoint point) { return in_box(point, -72, 72, -245, 245) || in_box(point, -245, 245, -72, 72); }

bool letter_t(ShapePoint point) { return in_box(point, -225, 225, -225, -85) || in_box(point, -72, 72, -225, 245); }

bool letter_l(ShapePoint point) { return in_box(point, -215, -75, -215, 215) || in_box(point, -215, 215, 75, 215); }

bool letter_u(ShapePoint point) { return in_box(point, -225, 225, -215, 215) && !in_box(point, -90, 90, -300, 80); }

using Covers = bool (*)(ShapePoint);
constexpr std::array<Covers, embedded_classes> shapes{disc,     square, triangle, half_disc, ring,
                                                      crescent, plus,   letter_t, letter_l,  letter_u};

}  // namespace

bool shape_covers(int label, ShapePoint point) { return shapes[static_cast<std::size_t>(label)](point); }

int sine(int step) {
  const int quadrant = (step >> 4) & 3;
  const int rest = step & 15;
  const int magnitude = quarter_sine[static_cast<std::size_t>(quadrant % 2 == 0 ? rest : 16 - rest)];
  return quadrant < 2 ? magnitude : -magnitude;
}

}  // namespace lutra::network

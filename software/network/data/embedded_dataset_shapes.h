#pragma once

namespace lutra::network {

// A point in a shape's own coordinates: 256 units are the shape's nominal radius.
struct ShapePoint {
  int x = 0;
  int y = 0;
};

inline constexpr int embedded_classes = 10;

// Whether a class's shape covers the point; coordinates within +-16384. Every shape is its own mirror image, so that
// turning or flipping an image keeps its class.
bool shape_covers(int label, ShapePoint point);

// round(16384 * sin(2 pi step / 64)) for any step.
int sine(int step);
inline int cosine(int step) { return sine(step + 16); }

}  // namespace lutra::network

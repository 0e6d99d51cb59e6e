#include "software/compiler/lowering/stripes.h"

#include <algorithm>

namespace lutra::compiler {

std::vector<RowsAt> places_of(const Rows& rows, const RowRing& ring) {
  if (ring.rows == 0) return {{rows, rows.first}};
  std::vector<RowsAt> places;
  for (int row = rows.first; row < rows.end();) {
    const int place = ring.place(row);
    const int count = std::min(rows.end() - row, ring.rows - place);
    places.push_back({{row, count}, place});
    if (place < ring.again) places.push_back({{row, std::min(count, ring.again - place)}, place + ring.rows});
    row += count;
  }
  return places;
}

}  // namespace lutra::compiler

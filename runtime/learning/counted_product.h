#pragma once

namespace motet {

// A product C [rows, columns] = A [rows, depth] B [depth, columns], `transposed` where A is read by its
// columns, and how often an update needs it.
struct CountedProduct {
  long rows, columns, depth;
  bool transposed;
  int count;
  double operations() const {  // multiplications and additions
    return 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(depth) *
           count;
  }
};

}  // namespace motet

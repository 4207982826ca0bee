#pragma once

// Rotations as unit quaternions w x y z, as every room means them.

#include <algorithm>
#include <array>
#include <cmath>

namespace motet {

using Quaternion = std::array<double, 4>;
using Vector3 = std::array<double, 3>;

// Angles, rad, of a body that is turned about the world's x axis, then y, then z.
inline double roll_of(const double q[4]) {
  return std::atan2(2 * (q[0] * q[1] + q[2] * q[3]), 1 - 2 * (q[1] * q[1] + q[2] * q[2]));
}
inline double pitch_of(const double q[4]) {
  return std::asin(std::clamp(2 * (q[0] * q[2] - q[3] * q[1]), -1.0, 1.0));
}
inline double yaw_of(const double q[4]) {
  return std::atan2(2 * (q[0] * q[3] + q[1] * q[2]), 1 - 2 * (q[2] * q[2] + q[3] * q[3]));
}

// The rotation b, then a.
inline Quaternion times(const Quaternion& a, const Quaternion& b) {
  return {a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
          a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
          a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
          a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]};
}

inline Quaternion inverse_of(const Quaternion& q) {
  return {q[0], -q[1], -q[2], -q[3]};
}

// v, turned by q.
inline Vector3 turned(const Quaternion& q, const Vector3& v) {
  const Quaternion product = times(times(q, {0, v[0], v[1], v[2]}), inverse_of(q));
  return {product[1], product[2], product[3]};
}

}  // namespace motet

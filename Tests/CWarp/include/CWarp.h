/// A clock that runs faster, and can be set, for programs started with this library in LD_PRELOAD. Linux only.
///
/// WARP names a file that holds one `struct warp`, which the tests may change while programs run.
#pragma once
#include <stdint.h>

struct warp {
  /// How many seconds pass in one, at least 1.
  double speed;
  /// Nanoseconds by which somebody has set the wall clock forward, or back.
  int64_t set;
  /// Since when time runs faster, by CLOCK_REALTIME and CLOCK_MONOTONIC in nanoseconds.
  int64_t real;
  int64_t monotonic;
};

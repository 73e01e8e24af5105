import TryoutStatistics

/// When the requests of an open load are due: moments that depend on the load and the seed alone.
///
/// A process of one arrival a unit, regular or Poisson, is stretched by the inverse of the cumulated rate, so that one
/// rule serves constant rates and steps. Source: Çinlar, "Introduction to Stochastic Processes", 1975, 4.7.
package struct ArrivalSchedule: Sendable, Equatable {
  /// Nanoseconds since the schedule's zero, ascending.
  package let times: [Int64]
  /// Nanoseconds during which arrivals were offered: until the time is up, or until one more would have been due.
  package let span: Int64

  /// Draws the arrivals within the load's time, at most so many.
  package init(_ load: OpenLoad, atMost count: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed ^ 0xA881_7A15)
    var times: [Int64] = []
    var stretch = Stretch(load.steps)
    var position = load.arrivals == .poisson ? random.exponential() : 0
    while true {
      guard let time = stretch.time(of: position) else {
        span = stretch.start
        break
      }
      guard times.count < count else {
        span = time
        break
      }
      times.append(time)
      switch load.arrivals {
      case .poisson: position += random.exponential()
      // Counted and not added up, so that no error grows.
      case .constant: position = Double(times.count)
      }
    }
    self.times = times
  }

  /// Arrivals a second over the whole schedule; nil where nothing arrives.
  package var rate: Double? {
    times.isEmpty || span <= 0 ? nil : Double(times.count) / (Double(span) / 1e9)
  }

  /// Turns units, which must not go back, into moments.
  private struct Stretch {
    private var steps: ArraySlice<OpenLoad.Step>
    /// Where the first of the steps begins.
    private(set) var start: Int64 = 0
    private var units = 0.0

    init(_ steps: [OpenLoad.Step]) { self.steps = steps[...] }

    /// Nanoseconds since the zero; nil where the time is up before.
    mutating func time(of position: Double) -> Int64? {
      while let step = steps.first {
        guard let duration = step.duration, position >= end(of: step, duration) else {
          return start + Int64((max(0, position - units) / step.rate * 1e9).rounded())
        }
        units += step.rate * duration.inSeconds
        start += duration.nanoseconds
        steps.removeFirst()
      }
      return nil
    }

    /// A hair before the step's last unit: 0.7 a second for 10 s are 7 arrivals, not 8.
    private func end(of step: OpenLoad.Step, _ duration: Duration) -> Double {
      let end = units + step.rate * duration.inSeconds
      return end - max(1, end) * 1e-9
    }
  }
}

extension OpenLoad {
  /// How long it lasts; nil until the plan is through.
  package var duration: Duration? {
    steps.last?.duration == nil ? nil : steps.reduce(.zero) { $0 + ($1.duration ?? .zero) }
  }

  /// The most arrivals that a window of this length can be expected to see.
  package func mostArrivals(in length: Duration) -> Double {
    // The sum over a sliding window is greatest where one of its ends touches the border of a step.
    var borders = [0.0]
    for step in steps {
      borders.append(borders[borders.count - 1] + (step.duration?.inSeconds ?? .infinity))
    }
    let length = length.inSeconds
    let starts = borders.flatMap { [$0, $0 - length] }.filter { $0.isFinite && $0 >= 0 }
    return starts.map { start in
      zip(steps, zip(borders, borders.dropFirst())).reduce(0) { sum, part in
        let overlap = min(part.1.1, start + length) - max(part.1.0, start)
        return sum + part.0.rate * max(0, overlap)
      }
    }.max() ?? 0
  }
}

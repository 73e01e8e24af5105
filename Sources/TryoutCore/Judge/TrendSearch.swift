import TryoutStatistics

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Finds where nights changed, all targets' series as one family.
///
/// What never varies cannot change and is no test. Of the rest only those count that are long enough to show a change as
/// one of so many: a test that cannot fail raises no false alarm, either. Source: Tarone, "A Modified Bonferroni Method
/// for Discrete Data", Biometrics 46, 1990.
enum TrendSearch {
  /// One metric of one target, over nights on which it was sent the same.
  struct Series {
    let metric: Metric
    /// The position of its first night.
    let start: Int
    /// Night by night, logarithms of latencies and shares as they are; nil where a night's is not known.
    let values: [Double]?

    fileprivate var varying: [Double]? { values.flatMap { Set($0).count > 1 ? $0 : nil } }
  }

  /// What was found of one target.
  struct Result: Sendable, Equatable {
    let changes: [Trend.Change]
    let needs: Int?
    let unsearched: [Metric]
  }

  /// The series of a target: where something else is sent from a night on, nights before and after are none.
  static func series(of answers: [Answers], _ nights: [Trend.Night]) -> [Series] {
    let starts = nights.indices.filter { $0 == 0 || !nights[$0].edits.isEmpty }
    return zip(starts, starts.dropFirst() + [nights.count]).flatMap { start, end in
      func shares(_ path: KeyPath<Trend.Night, MetricEstimate?>) -> [Double]? {
        let known = nights[start..<end].compactMap { $0[keyPath: path].flatMap(\.share) }
        // What no night has is no gap: nothing asks for it, or nothing was asked.
        return known.isEmpty || known.count == end - start ? known : nil
      }
      return [
        Series(
          metric: .paired(.latency), start: start,
          values: RollingChoice.levels(of: Array(answers[start..<end]))),
        Series(metric: .answered, start: start, values: shares(\.answered)),
        Series(metric: .passRate, start: start, values: shares(\.passRate)),
      ]
    }
  }

  /// Searches the series of several targets.
  static func family(_ targets: [[Series]]) -> [Result] {
    let lengths = targets.joined().compactMap { $0.varying?.count }
    // As many tests as can show anything where each has its part of the significance.
    let tests =
      (1..<max(lengths.count, 1)).first { tests in
        lengths.count { ChangePoint.leastP(of: $0) <= level(of: tests) } <= tests
      } ?? max(lengths.count, 1)
    let fewest = (1...).first { ChangePoint.leastP(of: $0) <= level(of: tests) } ?? 1
    return targets.map { series in
      let found = series.flatMap { changes(in: $0, as: tests) }
      let longest = series.map { $0.values?.count ?? 0 }.max() ?? 0
      return Result(
        changes: found.sorted { ($0.night, $0.metric.name) < ($1.night, $1.metric.name) },
        needs: longest < fewest ? fewest : nil,
        unsearched: longest < fewest ? [] : unsearched(series))
    }
  }

  private static func level(of tests: Int) -> Double {
    // Quotients that differ by rounding alone are equal.
    Comparison.level / Double(tests) * (1 + 1e-9)
  }

  /// What has too long a past not to be missed, and no figure for some night of it.
  private static func unsearched(_ series: [Series]) -> [Metric] {
    let latest = series.map(\.start).max()
    return series.filter { $0.start == latest && $0.values == nil }.map(\.metric)
  }

  private static func changes(in series: Series, as tests: Int) -> [Trend.Change] {
    guard let values = series.varying else { return [] }
    let found = ChangePoint.all(
      in: values, significance: Comparison.level / Double(tests), shortest: Trend.shortest, seed: 1)
    let borders = [0] + found.map(\.index) + [values.count]
    return found.enumerated().map { place, change in
      // Medians, since a night of failures among them is no measure of the others.
      let before = middle(of: values[borders[place]..<borders[place + 1]])
      let after = middle(of: values[borders[place + 1]..<borders[place + 2]])
      let difference = after - before
      return Trend.Change(
        metric: series.metric, night: series.start + change.index,
        size: series.metric.isPaired ? exp(difference) : difference,
        p: min(1, change.p * Double(tests)))
    }
  }
}

/// The median of at least one value.
private func middle(of values: ArraySlice<Double>) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

private extension MetricEstimate {
  var share: Double? { if case .value(let value) = value { value } else { nil } }
}

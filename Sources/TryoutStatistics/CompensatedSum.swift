/// A running sum that keeps the digits which plain addition drops.
///
/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
/// ZAMM 54, 1974.
package struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var dropped = 0.0

  /// Starts at zero.
  package init() {}

  /// The sum of everything added so far.
  package var value: Double { sum + dropped }

  /// Adds one finite number.
  package mutating func add(_ number: Double) {
    let next = sum + number
    dropped += abs(sum) >= abs(number) ? (sum - next) + number : (number - next) + sum
    sum = next
  }
}

extension Collection<Double> {
  /// The sum by compensated summation.
  package var sum: Double {
    var sum = CompensatedSum()
    for value in self { sum.add(value) }
    return sum.value
  }

  /// The arithmetic mean by compensated summation; nil when there is nothing to average.
  package var mean: Double? { isEmpty ? nil : sum / Double(count) }
}

/// All orders that a series' values can stand in, each once: values that are equal may change places unseen.
struct Arrangements {
  private let ascending: [Double]
  private let count: Int

  /// Nil where there are more than so many.
  init?(of values: [Double], atMost most: Int) {
    ascending = values.sorted()
    // n! by the factorials of how often each value occurs; whole at every step.
    var (count, run) = (1, 0)
    for (position, value) in ascending.enumerated() {
      run = position > 0 && ascending[position - 1] == value ? run + 1 : 1
      let (product, overflow) = count.multipliedReportingOverflow(by: position + 1)
      guard !overflow else { return nil }
      count = product / run
      guard count <= most else { return nil }
    }
    self.count = count
  }

  /// The share of the arrangements in which something holds that does not depend on the order of the first few.
  func share(sortedFirst first: Int, where holds: ([Double]) -> Bool) -> Double {
    var arrangement = ascending
    var found = 0
    repeat {
      let head = arrangement.prefix(first)
      guard zip(head, head.dropFirst()).allSatisfy({ $0 <= $1 }) else { continue }
      if holds(arrangement) { found += Arrangements.orders(of: head) }
    } while arrangement.advance()
    return Double(found) / Double(count)
  }

  /// In how many orders sorted values can stand.
  private static func orders(of sorted: ArraySlice<Double>) -> Int {
    Arrangements(of: Array(sorted), atMost: .max)?.count ?? 1
  }
}

private extension [Double] {
  /// Becomes the next order in the dictionary's sense; false after the last.
  mutating func advance() -> Bool {
    guard count > 1, let pivot = indices.dropLast().last(where: { self[$0] < self[$0 + 1] }),
      let larger = indices.last(where: { self[$0] > self[pivot] })
    else { return false }
    swapAt(pivot, larger)
    self[(pivot + 1)...].reverse()
    return true
  }
}

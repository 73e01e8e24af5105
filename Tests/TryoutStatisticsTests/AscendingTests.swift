import Testing
import TryoutStatistics

struct AscendingTests {
  /// Above and below the count from which on bits are sorted and not values.
  @Test(arguments: [0, 1, 2, 1000, 5000, 20_000])
  func isWhatSortGives(_ count: Int) {
    var random = SplitMix64(seed: UInt64(count))
    let scales = [1e-300, 1, 1e9, -1, -1e300]
    let values = (0..<count).map { _ in
      Double(random.next() >> 12) * scales[Int(random.next() % UInt64(scales.count))]
    }
    var sorted = values
    sorted.sortAscending()
    #expect(sorted == values.sorted())
  }

  @Test func equalAndSortedValuesStayAsTheyAre() {
    for values in [Array(repeating: 0.25, count: 9000), (0..<9000).map(Double.init)] {
      var sorted = values
      sorted.sortAscending()
      #expect(sorted == values)
    }
  }

  @Test func subnormalsAndZerosHaveTheirPlace() {
    let few = [
      0.0, -Double.leastNonzeroMagnitude, 1, .leastNonzeroMagnitude, -1, .leastNormalMagnitude,
    ]
    let values = Array(repeating: few, count: 1000).flatMap(\.self)
    var sorted = values
    sorted.sortAscending()
    #expect(sorted == values.sorted())
  }
}

import Testing
import TryoutStatistics

struct CompensatedSumTests {
  @Test func keepsWhatPlainAdditionDrops() {
    let values = [1, 1e100, 1, -1e100]
    var sum = CompensatedSum()
    for value in values { sum.add(value) }
    #expect(sum.value == 2)
    #expect(values.reduce(0, +) == 0)
  }

  @Test func tenTenthsAreOne() {
    #expect([Double](repeating: 0.1, count: 10).mean == 0.1)
  }

  @Test func nothingHasNoMean() {
    #expect([Double]().mean == nil)
  }
}

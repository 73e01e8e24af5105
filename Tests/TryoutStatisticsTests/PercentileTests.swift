import Foundation
import Testing
import TryoutStatistics

struct PercentileTests {
  @Test(arguments: [
    (Percentile.p50, "p50", 1, 2), (.p90, "p90", 9, 10), (.p95, "p95", 19, 20),
    (.p99, "p99", 99, 100),
  ])
  func usualOnesAreReduced(percentile: Percentile, label: String, above: Int, below: Int) {
    #expect(percentile.label == label)
    #expect(percentile.numerator == above)
    #expect(percentile.denominator == below)
    #expect(Percentile(label: label) == percentile)
  }

  @Test(arguments: ["p1", "p0.5", "p99.9", "p99.999999", "p33.25", "p10"])
  func labelsAreReadBack(label: String) {
    #expect(Percentile(label: label)?.label == label)
  }

  @Test(arguments: [
    "", "p", "95", "q95", "p0", "p100", "p101", "p-5", "p+5", "p095", "p95.0", "p95.", "p.5",
    "p9.9.9", "p99.9999999", "p 95", "p95 ",
  ])
  func otherLabelsAreRefused(label: String) {
    #expect(Percentile(label: label) == nil)
  }

  /// Where `ceil(percent / 100.0 * n)` in doubles is one rank too high.
  @Test(arguments: [
    (7, 100, 7), (7, 200, 14), (14, 50, 7), (14, 100, 14), (14, 200, 28), (28, 50, 14),
    (28, 100, 28), (28, 200, 56), (55, 100, 55), (55, 200, 110), (56, 50, 28), (56, 100, 56),
    (56, 200, 112),
  ])
  func rankIsExact(percent: Int, count: Int, rank: Int) {
    #expect(Percentile(label: "p\(percent)")?.rank(of: count) == rank)
    #expect(Int((Double(percent) / 100 * Double(count)).rounded(.up)) == rank + 1)
  }

  @Test(arguments: [(0, 0), (1, 1), (19, 19), (20, 19), (21, 20), (1_000_000, 950_000)])
  func rankAtTheEdges(count: Int, rank: Int) {
    #expect(Percentile.p95.rank(of: count) == rank)
  }

  @Test func isItsLabelInJSON() throws {
    let encoded = try JSONEncoder().encode([Percentile.p95])
    #expect(String(decoding: encoded, as: UTF8.self) == #"["p95"]"#)
    #expect(try JSONDecoder().decode([Percentile].self, from: encoded) == [.p95])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Percentile].self, from: Data(#"["p100"]"#.utf8))
    }
  }
}

/// A table of n × m numbers that is never built: rows and columns both ascend.
///
/// What the averages or the differences of all pairs of a sorted sample form. The k-th smallest of
/// them is found without looking at most: some log(nm) passes, each of n + m steps.
struct PairwiseTable {
  let rows: Int
  let columns: Int
  /// Row i starts at column i, so that each unordered pair is a member once.
  let isTriangular: Bool
  /// Must not descend along a row or a column.
  let value: (_ row: Int, _ column: Int) -> Double

  /// How many numbers the table has.
  var count: Int { isTriangular ? rows * (rows + 1) / 2 : rows * columns }

  /// The number of a rank, 1-based.
  ///
  /// Random pivots narrow each row to the columns that may still hold it. Source: the row bounds
  /// of Monahan, "Algorithm 616: Fast Computation of the Hodges–Lehmann Location Estimator",
  /// ACM TOMS 10, 1984. The pivots' seed changes the time it takes, never the answer.
  subscript(rank rank: Int) -> Double {
    precondition(rank >= 1 && rank <= count, "a rank lies within the table")
    var generator = SplitMix64(seed: UInt64(rank))
    var starts = (0..<rows).map(firstColumn)
    var ends = [Int](repeating: columns, count: rows)
    while true {
      let pivot = randomMember(starts, ends, &generator)
      let below = rowEnds { $0 < pivot }
      if rank <= size(below) {
        for row in 0..<rows { ends[row] = min(ends[row], below[row]) }
        continue
      }
      let notAbove = rowEnds { $0 <= pivot }
      if rank <= size(notAbove) { return pivot }
      for row in 0..<rows { starts[row] = max(starts[row], notAbove[row]) }
    }
  }

  /// The middle number, or half way between the two in the middle.
  var median: Double {
    let low = self[rank: (count + 1) / 2]
    guard count.isMultiple(of: 2) else { return low }
    return midpoint(low, self[rank: count / 2 + 1])
  }

  private func firstColumn(_ row: Int) -> Int { isTriangular ? row : 0 }

  /// For each row the column behind the last number that belongs, by walking down the staircase.
  private func rowEnds(belongs: (Double) -> Bool) -> [Int] {
    var end = columns
    return (0..<rows).map { row in
      while end > firstColumn(row), !belongs(value(row, end - 1)) { end -= 1 }
      return max(end, firstColumn(row))
    }
  }

  private func size(_ ends: [Int]) -> Int {
    var size = 0
    for row in 0..<rows { size += ends[row] - firstColumn(row) }
    return size
  }

  private func randomMember(
    _ starts: [Int],
    _ ends: [Int],
    _ generator: inout SplitMix64
  ) -> Double {
    var candidates = 0
    for row in 0..<rows { candidates += max(0, ends[row] - starts[row]) }
    var left = Int(generator.next() % UInt64(candidates))
    var row = 0
    while left >= max(0, ends[row] - starts[row]) {
      left -= max(0, ends[row] - starts[row])
      row += 1
    }
    return value(row, starts[row] + left)
  }
}

/// Half way between two numbers; zero between the two infinities, which stand for failures that
/// took equally long.
func midpoint(_ first: Double, _ second: Double) -> Double {
  let sum = first + second
  return sum.isNaN ? 0 : sum / 2
}

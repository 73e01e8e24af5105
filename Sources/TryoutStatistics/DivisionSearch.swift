/// Finds the division of a series into X, Y and a rest that sets X and Y furthest apart.
///
/// The rest lets a change be seen that is undone later. With m and n values in X and Y:
/// Q = 2/(m+n) Σ|x−y| − 2n/((m+n)(m−1)) Σ|xᵢ−xₖ| − 2m/((m+n)(n−1)) Σ|yⱼ−yₖ|.
///
/// Keeps room for its sums, since a test searches thousands of series of one length.
struct DivisionSearch {
  private let count: Int
  private let shortest: Int
  /// Four rows by a number of values.
  ///
  /// Of the first m: the sum of distances among them, and that by m − 1; the sum from
  /// them to those up to the end that is looked at; and 1 / (m − 1), which never changes.
  private var rows: [Double]

  init(of count: Int, shortest: Int) {
    self.count = count
    self.shortest = shortest
    rows = [Double](repeating: 0, count: 4 * (count + 1))
    for size in 2..<max(count, 2) + 1 where size <= count {
      rows[3 * (count + 1) + size] = 1 / Double(size - 1)
    }
  }

  /// Nil where the series is too short; takes time in n².
  ///
  /// Ends where a division is as far apart as `enough`.
  mutating func strongest(
    in series: [Double], enough: Double = .infinity
  ) -> (index: Int, distance: Double)? {
    precondition(series.count == count, "all series have one length")
    guard count >= 2 * shortest else { return nil }
    return rows.withUnsafeMutableBufferPointer { rows in
      // Checked accesses take most of the time.
      series.withUnsafeBufferPointer { series in
        let within = rows.extracting(0..<count + 1)
        let scaled = rows.extracting(count + 1..<2 * (count + 1))
        let between = rows.extracting(2 * (count + 1)..<3 * (count + 1))
        let reciprocals = rows.extracting(3 * (count + 1)..<4 * (count + 1))
        between.update(repeating: 0)
        var best = (index: 0, distance: -Double.infinity)
        for end in 1..<count + 1 {
          let value = series[end - 1]
          var toFirst = 0.0
          for first in 0..<end - 1 {
            toFirst += abs(value - series[first])
            between[first + 1] += toFirst
          }
          let all = within[end - 1] + toFirst
          within[end] = all
          scaled[end] = all * reciprocals[end]
          guard end >= 2 * shortest else { continue }
          let scale = 2 / Double(end)
          var furthest = best.distance / scale
          for split in shortest..<end - shortest + 1 {
            let (m, n) = (Double(split), Double(end - split))
            // All pairs are within X, within Y or between them.
            let inY = all - within[split] - between[split]
            let distance =
              between[split] - n * scaled[split] - m * reciprocals[end - split] * inY
            if distance > furthest {
              furthest = distance
              best = (split, scale * distance)
            }
          }
          if best.distance >= enough { break }
        }
        return best
      }
    }
  }
}

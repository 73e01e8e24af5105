/// What is due when: a binary heap.
struct StampSchedule {
  struct Due {
    /// On the monotonic clock, in nanoseconds.
    var moment: Int64
    var connection: Int32
    /// Of the connection, whose descriptor may have been given to another since.
    var generation: Int
  }

  private var heap: [Due] = []

  /// The earliest moment.
  var next: Int64? { heap.first?.moment }

  mutating func push(_ due: Due) {
    heap.append(due)
    var child = heap.count - 1
    while child > 0, heap[child].moment < heap[(child - 1) / 2].moment {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes out the earliest if its moment has come.
  mutating func pop(until now: Int64) -> Due? {
    guard let first = heap.first, first.moment <= now, let last = heap.popLast() else {
      return nil
    }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return first }
      if child + 1 < heap.count, heap[child + 1].moment < heap[child].moment { child += 1 }
      guard heap[child].moment < heap[parent].moment else { return first }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}

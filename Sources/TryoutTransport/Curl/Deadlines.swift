/// Moments at which exchanges are to be looked at, the earliest first: a binary heap.
///
/// Each exchange has one entry, which is put in again after each look. A chunk therefore never
/// touches the heap; entries of exchanges that have ended go when their moment comes.
struct Deadlines {
  private struct Entry {
    var due: Int64
    var ticket: UInt64
  }

  private var heap: [Entry] = []

  /// The earliest moment.
  var first: Int64? { heap.first?.due }

  mutating func insert(_ ticket: UInt64, due: Int64) {
    var index = heap.count
    heap.append(Entry(due: due, ticket: ticket))
    while index > 0, heap[index].due < heap[(index - 1) / 2].due {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes out the earliest entry if its moment has come.
  mutating func next(at now: Int64) -> UInt64? {
    guard let top = heap.first, top.due <= now else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top.ticket }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].due < heap[least].due {
        least = child
      }
      guard least != index else { return top.ticket }
      heap.swapAt(index, least)
      index = least
    }
  }
}

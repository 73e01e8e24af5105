/// What is to be sent when: a heap with the earliest on top.
struct Agenda {
  struct Entry {
    /// Nanoseconds of the monotonic clock.
    var due: Int64
    var socket: Int32
    /// Which of the connections that had this socket is meant.
    var generation: UInt32
  }

  private var entries: [Entry] = []

  var first: Entry? { entries.first }

  mutating func add(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[(child - 1) / 2].due > entries[child].due {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the earliest away, where there is one that is due.
  mutating func next(at now: Int64) -> Entry? {
    guard let top = entries.first, top.due <= now else { return nil }
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1...2 * parent + 2 where child < entries.count {
        if entries[child].due < entries[least].due { least = child }
      }
      if least == parent { return top }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}

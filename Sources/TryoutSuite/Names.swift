/// The ids that one section of a suite declares, and to which others refer.
struct Names {
  /// What messages call a thing with such an id, for example `target`.
  let kind: String
  private(set) var places: [String: Place] = [:]
  private(set) var inOrder: [String] = []
  private(set) var used: Set<String> = []
  /// False once something could not be read: unknown ids are then no reason for a further error.
  var isComplete = true

  init(_ kind: String) { self.kind = kind }

  /// Declares an id; false, with a diagnostic, where it is taken.
  @discardableResult
  mutating func declare(_ id: String, at place: Place, collector: Collector) -> Bool {
    if let first = places[id] {
      let other = first.file == place.file ? "line \(first.line)" : "\(first.file):\(first.line)"
      collector.error(
        "the \(kind) id \(quoted(id)) is taken by \(other)",
        at: place,
        expected: "an id of its own",
        advice: "write id: NAME"
      )
      return false
    }
    places[id] = place
    inOrder.append(id)
    return true
  }

  /// Marks an id as referred to.
  mutating func use(_ id: String) { used.insert(id) }

  /// The id that the cursor refers to; nil, with a diagnostic, where nothing is declared as that.
  mutating func reference(_ cursor: Cursor) -> String? {
    guard let id = cursor.text("the id of a \(kind)") else { return nil }
    guard places[id] != nil else {
      guard isComplete else { return nil }
      cursor.error(
        "unknown \(kind) \(quoted(id)) in \(cursor.path)",
        expected: inOrder.isEmpty ? nil : "one of \(listed(inOrder))",
        advice: inOrder.isEmpty
          ? "no \(kind) is defined" : Suggestion.advice(for: id, among: inOrder)
      )
      return nil
    }
    used.insert(id)
    return id
  }

  /// Warns of ids to which nothing refers.
  func warnOfUnused(collector: Collector) {
    for id in inOrder where !used.contains(id) {
      guard let place = places[id] else { continue }
      collector.warning("the \(kind) \(quoted(id)) is not used", at: place)
    }
  }
}

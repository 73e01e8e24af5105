import TryoutCore

/// Patterns that tests write down.
extension Pattern: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    do {
      try self.init(text)
    } catch {
      preconditionFailure("\(text): \(error)")
    }
  }
}

/// Schemas that tests write down.
extension JSONSchema: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    do {
      try self.init(text)
    } catch {
      preconditionFailure("\(text): \(error)")
    }
  }
}

/// Programs that tests write down.
extension Check.Program: ExpressibleByArrayLiteral {
  package init(arrayLiteral words: String...) { self.init(words) }
}

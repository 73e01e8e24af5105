/// Where in which file something is written.
struct Place: Hashable {
  var file: String
  var line = 1
  var column = 1
}

/// Gathers the diagnostics of one reading, so that users see all of them at once.
final class Collector {
  private var seen: Set<Diagnostic> = []
  private(set) var hasErrors = false

  /// More than this many remarks about one file are counted and no longer listed.
  private static let mostPerFile = 200

  func error(
    _ message: String,
    at place: Place,
    expected: String? = nil,
    advice: String? = nil
  ) {
    hasErrors = true
    add(.error, message, at: place, expected: expected, advice: advice)
  }

  func warning(
    _ message: String,
    at place: Place,
    expected: String? = nil,
    advice: String? = nil
  ) {
    add(.warning, message, at: place, expected: expected, advice: advice)
  }

  private func add(
    _ severity: Diagnostic.Severity,
    _ message: String,
    at place: Place,
    expected: String?,
    advice: String?
  ) {
    seen.insert(
      Diagnostic(
        severity: severity,
        file: place.file,
        line: place.line,
        column: place.column,
        message: SecretLiteral.redacted(message),
        expected: expected.map(SecretLiteral.redacted),
        advice: advice.map(SecretLiteral.redacted)
      )
    )
  }

  /// The diagnostics in the order of the files: the suite's own first, then those that it names.
  func sorted(suiteFile: String) -> [Diagnostic] {
    var files = Set(seen.map(\.file)).sorted()
    files.removeAll { $0 == suiteFile }
    return ([suiteFile] + files).flatMap { file in
      var list = seen.filter { $0.file == file }.sorted {
        ($0.line, $0.column, $0.message) < ($1.line, $1.column, $1.message)
      }
      let rest = list.dropFirst(Collector.mostPerFile)
      guard let next = rest.first else { return list }
      let severity: Diagnostic.Severity =
        rest.contains { $0.severity == .error } ? .error : .warning
      list.removeLast(rest.count)
      list.append(
        Diagnostic(
          severity: severity,
          file: file,
          line: next.line,
          column: next.column,
          message: "\(rest.count) more remarks about this file are not listed",
          advice: "mend those above first"
        )
      )
      return list
    }
  }
}

/// One remark about a suite file: where, what was found, what was expected, what to do.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  /// The path as the user wrote it, also of the files that a suite names.
  package var file: String
  /// Line and column begin at 1; columns count Unicode scalars.
  package var line: Int
  package var column: Int
  /// What was found; never repeats anything that looks like a key.
  package var message: String
  package var expected: String?
  package var advice: String?
}

extension Diagnostic: CustomStringConvertible {
  /// One line in the form that editors and compilers share: `file:line:column: error: …`.
  package var description: String {
    var text = "\(file):\(line):\(column): \(severity.rawValue): \(message)"
    if let expected { text += "; expected \(expected)" }
    if let advice { text += "; \(advice)" }
    return text
  }
}

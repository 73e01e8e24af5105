@testable import TryoutSuite

/// Any text becomes a suite or diagnostics, soon.
enum SuiteTarget: FuzzTarget {
  static func check(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let result = SuiteReader.read(text: text, file: "suite.yaml", folder: "/dev/null/none")
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    Fuzz.require((result.suite == nil) == hasErrors, "a suite with errors, or none without")
    Fuzz.require(
      result.diagnostics.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.message.isEmpty },
      "a diagnostic without a place or a message"
    )
    for format in [CaseFile.Format.csv, .jsonl, .json] {
      let (file, problems) = CaseFile.parse(text, as: format)
      Fuzz.require(problems.allSatisfy { $0.line >= 1 }, "a problem without a place")
      Fuzz.require(file.rows.allSatisfy { $0.line >= 1 }, "a row without a place")
    }
  }
}

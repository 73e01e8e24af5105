import TryoutCore

/// A report's verdict and gates as GitHub's workflow commands, which become annotations of the job.
///
/// Source: "Workflow commands for GitHub Actions" for the form, `ActionCommand` of actions/runner for the escapes.
package struct AnnotationRendering: Sendable {
  /// GitHub shows so many of each kind for a step, and drops the others in silence.
  package static let most = 10

  package init() {}

  /// Writes a line for each annotation; gates that decide nothing, because somebody said so, only warn.
  package func render(_ report: Report, isDeciding: Bool = true) -> String {
    let verdict = report.verdict
    let isAboutGates = verdict.code == .gateFailed || verdict.code == .noVerdict
    let isRed = verdict.code != .passed && (isDeciding || !isAboutGates)
    var errors: [Annotation] = []
    if isRed {
      let title = "\(report.run.suite.name): \(verdict.code.headline)"
      errors.append(Annotation(title: title, text: verdict.sentence))
    }
    var warnings: [Annotation] = []
    for result in report.gates {
      let isBlocking = isDeciding && result.severity == .fail
      let annotation = Annotation(
        title: "\(result.gate) (\(result.target)): \(result.verdict.word)",
        text: GateLine(result, of: report).sentence)
      switch result.verdict {
      case .pass: break
      case .fail: if isBlocking { errors.append(annotation) } else { warnings.append(annotation) }
      case .notEvaluable: if isBlocking { errors.append(annotation) }
      case .inconclusive: if isBlocking, report.isStrict { errors.append(annotation) }
      }
    }
    warnings += Sheet(report).warnings.map { Annotation(title: report.run.suite.name, text: $0) }
    return draw(errors, "error") + draw(warnings, "warning")
  }

  private struct Annotation {
    let title: String
    let text: String
  }

  private func draw(_ all: [Annotation], _ command: String) -> String {
    var shown = all
    if all.count > Self.most {
      shown = Array(all.prefix(Self.most - 1))
      shown.append(
        Annotation(
          title: "and more", text: "\(all.count - shown.count) more are in the report"))
    }
    return shown.map {
      "::\(command) title=\(property($0.title))::\(data($0.text))\n"
    }.joined()
  }

  private func data(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  private func property(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  /// By scalars: to Swift a `%` with an accent is another character, to the runner it is a `%`.
  private func escaped(_ text: String, _ escapes: [Unicode.Scalar: String]) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in VisibleText.brief(text).unicodeScalars {
      if let escape = escapes[scalar] {
        escaped += escape.unicodeScalars
      } else {
        escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// A line in which GitHub's runner finds no command, whoever wrote it; it looks the same.
  ///
  /// The runner obeys a line that begins with `::`, and `##[` anywhere in a line.
  package static func disarmed(_ line: String) -> String {
    var harmless = String.UnicodeScalarView()
    var before: [Unicode.Scalar] = []
    for scalar in line.unicodeScalars {
      let isCommand =
        scalar == ":" && before == [":"] || scalar == "[" && before.suffix(2) == ["#", "#"]
      if isCommand { harmless.append("\u{200B}") }
      harmless.append(scalar)
      if !before.isEmpty || !scalar.properties.isWhitespace { before.append(scalar) }
    }
    return String(harmless)
  }
}

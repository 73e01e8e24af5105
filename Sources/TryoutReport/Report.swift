package import TryoutCore

/// What one run came to, computed once, so that no two renderings can disagree.
///
/// Equal runs and samples give equal reports, and equal reports give equal bytes: nothing in here
/// knows the present time, the locale or the order of a hash table.
package struct Report: Sendable, Equatable {
  /// Which run, of which suite, in which state.
  package let run: RunRecord
  /// The exit code that the run deserves, and why.
  package let verdict: Verdict
  /// Whether inconclusive gates count as no verdict.
  package let isStrict: Bool
  /// Each gate for each target that it applies to, in the suite's order.
  package let gates: [GateResult]
  /// In the suite's order.
  package let targets: [TargetSummary]
  /// Nil for a closed load.
  package let load: LoadSummary?
  /// How it differs from what it is compared with; nil where it is compared with nothing.
  package let baseline: RunComparison?
  /// Which target should be the default; nil where the suite does not ask.
  package let recommendation: Recommendation?
  /// What would fail a gate against the baseline on the run's own samples alone: what `--confirm` measures again.
  package let suspects: [BaselineJudge.Suspect]
  /// What a reader must know before trusting the figures.
  package let notes: [Note]
  /// How it was measured.
  package let method: [Fact]

  /// One line of the method: what, and how.
  package struct Fact: Sendable, Equatable {
    /// What it is about, such as `retries` or `limit shared`.
    package let name: String
    /// Half a sentence; names in it come from suites, unescaped.
    package let text: String

    init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// The gate that a result belongs to, with its metric and limit.
  func gate(of result: GateResult) -> Gate? {
    run.suite.gates.first { $0.id == result.gate }
  }
}

extension Verdict.Code {
  /// The exit code in a word for machines, such as `gate_failed`.
  package var name: String {
    switch self {
    case .passed: "passed"
    case .gateFailed: "gate_failed"
    case .noVerdict: "no_verdict"
    case .incomplete: "incomplete"
    case .nothingMeasured: "nothing_measured"
    case .interrupted: "interrupted"
    }
  }

  /// The exit code as a headline, so that colour is never the only sign.
  var headline: String {
    switch self {
    case .passed: "PASS"
    case .gateFailed: "FAIL"
    case .noVerdict: "NO VERDICT"
    case .incomplete: "INCOMPLETE"
    case .nothingMeasured: "NO DATA"
    case .interrupted: "STOPPED"
    }
  }

  var tone: Tone {
    switch self {
    case .passed: .good
    case .gateFailed, .nothingMeasured: .bad
    case .noVerdict, .incomplete, .interrupted: .doubtful
    }
  }
}

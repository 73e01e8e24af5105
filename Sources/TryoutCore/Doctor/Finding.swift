/// One thing that a doctor looked at: what was found, and what to do about it.
package struct Finding: Sendable, Equatable {
  package enum Topic: String, Sendable, CaseIterable {
    case program, certificates, proxy, database, network, clock, key, quota, target, ask
  }

  package enum State: String, Sendable, CaseIterable {
    case ok
    /// Works, and may not for long or not as meant.
    case warning
    case problem
    /// Nobody told.
    case unknown
  }

  package var topic: Topic
  /// Which of its topic, such as an account or a target.
  package var subject: String
  package var state: State
  /// What was found, in words; from servers, unescaped.
  package var found: String
  /// What to do; nil where there is nothing to do.
  package var advice: String?

  package init(
    _ topic: Topic, _ subject: String, _ state: State, _ found: String, advice: String? = nil
  ) {
    self.topic = topic
    self.subject = subject
    self.state = state
    self.found = found
    self.advice = advice
  }

  package var json: JSON {
    [
      "topic": .string(topic.rawValue), "subject": .string(subject),
      "state": .string(state.rawValue), "found": .string(found),
      "advice": advice.map { .string($0) } ?? .null,
    ]
  }
}

/// What a doctor's findings come to.
package struct Diagnosis: Sendable, Equatable {
  package var findings: [Finding]
  /// Subjects of keys that are wanted and not set.
  package var missingKeys: Set<String>

  package init(_ findings: [Finding], missingKeys: Set<String> = []) {
    self.findings = findings
    self.missingKeys = missingKeys
  }

  /// The exit code by the same rules as a run's; the worst that applies wins.
  ///
  /// 74: the database cannot be used. 64: a key that a suite wants is not set. 69: no provider can be asked. 1:
  /// something else is wrong.
  package var exitCode: Int32 {
    if has(.database) { return 74 }
    if !missingKeys.isEmpty { return 64 }
    let ways = Set(findings.filter { $0.topic == .network }.map(\.subject))
    let closed = findings.filter { [.network, .key].contains($0.topic) && $0.state == .problem }
    if !ways.isEmpty, ways.isSubset(of: closed.map(\.subject)) { return 69 }
    return findings.contains { $0.state == .problem } ? 1 : 0
  }

  private func has(_ topic: Finding.Topic) -> Bool {
    findings.contains { $0.topic == topic && $0.state == .problem }
  }

  /// What is in a state, where a target that is listed as dead and did not answer is one thing.
  private func subjects(_ state: Finding.State) -> Set<[String]> {
    Set(
      findings.filter { $0.state == state }.map {
        [($0.topic == .ask ? .target : $0.topic).rawValue, $0.subject]
      })
  }

  /// The exit code in words.
  package var sentence: String {
    let all = subjects(.problem)
    let problems = all.count
    let warnings = subjects(.warning).subtracting(all).count
    func text(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    guard problems + warnings > 0 else { return "everything is in order" }
    return [
      problems > 0 ? text(problems, "problem") : nil,
      warnings > 0 ? text(warnings, "warning") : nil,
    ]
    .compactMap(\.self).joined(separator: ", ")
  }
}

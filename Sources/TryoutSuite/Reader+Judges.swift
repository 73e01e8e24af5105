import TryoutCore

extension Reader {
  mutating func readJudges(_ cursor: Cursor?) {
    guard let cursor else { return }
    guard let entries = cursor.entries("a map from ids to judges") else {
      judgeNames.isComplete = false
      return
    }
    for entry in entries where checkIdentifier(entry, "judge") {
      judgeNames.declare(entry.key, at: entry.keyPlace, collector: collector)
      if let judge = readJudge(entry) { judges.append(judge) }
    }
  }

  private mutating func readJudge(_ entry: Entry) -> Judge? {
    let keys = ["target", "rubric", "votes", "by", "never_judge", "own_family"]
    guard let fields = entry.value.fields(keys) else { return nil }
    let target = fields.require("target", "the target that judges")
      .flatMap { targetNames.reference($0) }
    let rubric = fields.require("rubric", "what a good answer is")?
      .text("a text", mayBeEmpty: false)
    let votes = fields["votes"]?.integer(1...99)
    if let votes, votes.isMultiple(of: 2) {
      fields["votes"]?.error("\(votes) votes may be split evenly", expected: "an odd number")
    }
    let by = fields["by"]?.choice(Judge.Tally.self)
    let never = fields["never_judge"]?.distinct("a list of targets") { targetNames.reference($0) }
    let ownFamily = fields["own_family"]?.bool()
    guard let target, let rubric else { return nil }
    return Judge(
      id: entry.key,
      target: target,
      rubric: rubric,
      votes: votes ?? 1,
      by: by ?? .majority,
      neverJudge: never ?? [],
      ownFamily: ownFamily ?? false
    )
  }

  /// Says which answers a judge will leave ungraded, since it may not grade them.
  func warnOfJudges(of suite: Suite, at cursor: Cursor?) {
    let asked = Set(suite.cases.flatMap(\.testsOfOthers).compactMap(\.judge))
    for judge in suite.judges where asked.contains(judge.id) {
      guard let place = cursor?.entries("")?.first(where: { $0.key == judge.id })?.keyPlace else {
        continue
      }
      for target in suite.targets {
        guard suite.asks(target.id, within: Gate.Filter()),
          let why = suite.refusal(of: judge, toGrade: target)
        else { continue }
        collector.warning(
          "\(why), so that the answers of \(quoted(target.id)) stay ungraded by it",
          at: place,
          advice: target.id == judge.target
            ? "leave it out with matrix.exclude: [{ target: \(target.id) }] if it is only to judge"
            : "name a judge of another family, or write own_family: true"
        )
      }
    }
  }

  /// Judges and programs grade when the run's samples are through, from what is stored.
  func refuseForgetting(_ suite: Suite, at cursor: Cursor?) {
    guard suite.asksOthers, suite.run.keep != .answers else { return }
    cursor?.error(
      "judges and programs grade stored answers, and run.keep stores \(suite.run.keep.rawValue)",
      expected: "keep: answers"
    )
  }
}

private extension Check.Test {
  var judge: String? { if case .judge(let id, _) = self { id } else { nil } }
}

extension Suite {
  /// The most votes that judges are asked for on each limit, should every planned sample be answered, and answered
  /// differently.
  package func mostVotes(in plan: Plan) -> [String: Int] {
    guard !judges.isEmpty else { return [:] }
    var samples: [Int32: Int] = [:]
    for sample in plan.samples where !sample.warmup { samples[sample.cell, default: 0] += 1 }
    let limits = Dictionary(
      targets.map { ($0.id, $0.limit) }, uniquingKeysWith: { first, _ in first })
    var votes: [String: Int] = [:]
    for (cell, count) in samples {
      for judge in self.judges(of: plan.cells[Int(cell)]) {
        if let limit = limits[judge.target] { votes[limit, default: 0] += count * judge.votes }
      }
    }
    return votes
  }

  private func judges(of cell: Plan.Cell) -> [Judge] {
    let target = targets[Int(cell.target)]
    let asked = Set(
      cases[Int(cell.caseIndex)].testsOfOthers.compactMap { test in
        if case .judge(let id, _) = test { id } else { nil }
      })
    return judges.filter { asked.contains($0.id) && refusal(of: $0, toGrade: target) == nil }
  }

  /// Takes the other targets out of the suite, or out of its matrix where a judge still needs them.
  package mutating func keepOnly(_ ids: Set<String>) {
    let judging = Set(judges.map(\.target))
    targets.removeAll { !ids.contains($0.id) && !judging.contains($0.id) }
    exclusions += targets.filter { !ids.contains($0.id) }.map { Exclusion(target: $0.id) }
  }

  /// Why a judge may not grade a target's answers; nil where it may.
  package func refusal(of judge: Judge, toGrade target: Target) -> String? {
    if target.id == judge.target { return "\(judge.id) may not grade its own answers" }
    if judge.neverJudge.contains(target.id) { return "\(judge.id) never judges \(target.id)" }
    guard !judge.ownFamily, let own = targets.first(where: { $0.id == judge.target }) else {
      return nil
    }
    if own.model == target.model { return "\(judge.id) may not grade its own model" }
    return own.isKin(of: target) ? "\(judge.id) may not grade its own family" : nil
  }
}

extension Target {
  /// Whether two models come from one house or bear one family name: `openai/gpt-4o` and `gpt-4.1`.
  func isKin(of other: Target) -> Bool {
    let (left, right) = (ModelName(model), ModelName(other.model))
    if let house = left.house, house == right.house { return true }
    return left.family == right.family
  }
}

/// What a model's id tells of its origin: `openai/gpt-4o-mini:free` is of the house `openai` and the family `gpt`.
private struct ModelName {
  let house: Substring?
  let family: Substring

  init(_ id: String) {
    let parts = id.lowercased().split(separator: "/")
    house = parts.count > 1 ? parts.first : nil
    let name = parts.last ?? ""
    let letters = name.prefix(while: \.isLetter)
    family = letters.isEmpty ? name : letters
  }
}

/// Writes the states of a pattern one after another; counted repetition is written out.
struct PatternBuilder {
  private var instructions: [PatternProgram.Instruction] = []
  private var sets: [ScalarSet] = []

  /// More states than anybody writes by hand; they bound the work for each scalar.
  static let mostStates = 10_000

  func program() -> PatternProgram {
    PatternProgram(instructions: instructions + [.match], sets: sets)
  }

  mutating func add(_ node: PatternNode) throws(Pattern.Refusal) {
    switch node {
    case .empty: break
    case .scalar(let scalar): try append(.scalar(scalar))
    case .set(let set):
      sets.append(set)
      try append(.set(sets.count - 1))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let nodes):
      for node in nodes { try add(node) }
    case .choice(let nodes): try add(choice: nodes)
    case .repeated(let node, let least, let most): try add(node, least: least, most: most)
    }
  }

  private mutating func append(_ instruction: PatternProgram.Instruction) throws(Pattern.Refusal) {
    guard instructions.count < PatternBuilder.mostStates else {
      throw Pattern.Refusal(
        message:
          "the pattern has more than \(PatternBuilder.mostStates) states when its repetitions are written out",
        offset: 0, advice: "use smaller counts, or * and +")
    }
    instructions.append(instruction)
  }

  private mutating func add(choice nodes: [PatternNode]) throws(Pattern.Refusal) {
    var exits: [Int] = []
    for node in nodes.dropLast() {
      let split = instructions.count
      try append(.split(split + 1, 0))
      try add(node)
      exits.append(instructions.count)
      try append(.jump(0))
      instructions[split] = .split(split + 1, instructions.count)
    }
    if let last = nodes.last { try add(last) }
    for exit in exits { instructions[exit] = .jump(instructions.count) }
  }

  private mutating func add(
    _ node: PatternNode, least: Int, most: Int?
  ) throws(Pattern.Refusal) {
    for _ in 0..<least { try add(node) }
    guard let most else {
      let split = instructions.count
      try append(.split(split + 1, 0))
      try add(node)
      try append(.jump(split))
      instructions[split] = .split(split + 1, instructions.count)
      return
    }
    var splits: [Int] = []
    for _ in least..<max(most, least) {
      splits.append(instructions.count)
      try append(.split(instructions.count + 1, 0))
      try add(node)
    }
    for split in splits { instructions[split] = .split(split + 1, instructions.count) }
  }
}

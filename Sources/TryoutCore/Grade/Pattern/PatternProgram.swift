/// The states of a regular expression and the one way to run them: all at once, a scalar at a time.
///
/// Pike's form of Thompson's construction (Regular expression search algorithm, CACM 11, 1968): the work is at most
/// states × scalars, and no stack grows with the text.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    case scalar(Unicode.Scalar)
    case set(Int)
    case assertion(PatternAssertion)
    case split(Int, Int)
    case jump(Int)
    case match
  }

  let instructions: [Instruction]
  let sets: [ScalarSet]

  /// Whether the pattern occurs; nil where that takes more than `steps`, of which what was done is taken off.
  func search(_ text: PatternText, steps: inout Int) -> Bool? {
    var front = Front(count: instructions.count)
    defer { steps -= front.work }
    var current: [Int] = []
    for (place, scalar) in text.scalars.enumerated() {
      // A match may begin anywhere.
      if reach(0, at: place, in: text, &front) { return true }
      swap(&current, &front.states)
      front.states.removeAll(keepingCapacity: true)
      front.work += current.count + 1
      if front.work > steps { return nil }
      front.generation += 1
      for state in current where consumes(scalar, at: state) {
        if reach(state + 1, at: place + 1, in: text, &front) { return true }
      }
    }
    return reach(0, at: text.scalars.count, in: text, &front)
  }

  /// The states that wait for the next scalar, each of them once.
  private struct Front {
    var states: [Int] = []
    var pending: [Int] = []
    /// When each state was last reached.
    var reached: [Int]
    var generation = 1
    var work = 0

    init(count: Int) { reached = Array(repeating: 0, count: count) }
  }

  /// Follows everything that needs no scalar; true where that is a match.
  private func reach(_ state: Int, at place: Int, in text: PatternText, _ front: inout Front)
    -> Bool
  {
    front.pending.append(state)
    while let state = front.pending.popLast() {
      guard front.reached[state] != front.generation else { continue }
      front.reached[state] = front.generation
      front.work += 1
      switch instructions[state] {
      case .match: return true
      case .jump(let target): front.pending.append(target)
      case .split(let first, let second):
        front.pending.append(second)
        front.pending.append(first)
      case .assertion(let assertion):
        if assertion.holds(at: place, in: text) { front.pending.append(state + 1) }
      case .scalar, .set: front.states.append(state)
      }
    }
    return false
  }

  private func consumes(_ scalar: Unicode.Scalar, at state: Int) -> Bool {
    switch instructions[state] {
    case .scalar(let wanted): scalar == wanted
    case .set(let index): sets[index].contains(scalar)
    default: false
    }
  }
}

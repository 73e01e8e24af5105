import Synchronization
import TryoutCore
import TryoutReport
import TryoutTransport

/// Prints answers one below the other in the order of the targets, each under its name.
///
/// On a terminal the first that is not yet over is printed while it comes, and those behind it catch up when it ends:
/// answers that come at the same time stay readable. Elsewhere each is printed when it is over.
final class AnswerDisplay: Sendable {
  private struct State {
    /// Position of the target whose answer is printed.
    var current = 0
    var hasHeading = false
    /// The last character that was printed of the answer; nil before any.
    var last: Character?
  }

  private let targets: [Target]
  private let audience: Audience
  /// Whether targets are asked one after another, so that one which was passed over is not asked any more.
  private let inTurn: Bool
  private let isLive: Bool
  private let isColoured: Bool
  /// What catalogues say of the targets' models, as far as it is known when an answer ends.
  private let listings: @Sendable () throws -> [String: ModelListing]
  private let state = Mutex(State())

  init(
    _ targets: [Target], _ audience: Audience, inTurn: Bool, isLive: Bool, isColoured: Bool,
    listings: @escaping @Sendable () throws -> [String: ModelListing]
  ) {
    self.targets = targets
    self.audience = audience
    self.inTurn = inTurn
    self.isLive = isLive
    self.isColoured = isColoured
    self.listings = listings
  }

  /// Prints what has come, again and again, until the task is cancelled.
  func run() async throws {
    repeat { try update() } while (try? await Task.sleep(for: .milliseconds(30))) != nil
  }

  /// Prints what has come since the last call; when all is over, also who was not asked.
  ///
  /// Throws where stdout cannot be written.
  func update(isOver: Bool = false) throws {
    try state.withLock { state in
      while state.current < targets.count {
        let target = targets[state.current]
        guard let answer = audience.answer(of: target.id) else {
          let isPassed =
            inTurn && targets[state.current...].contains { audience.answer(of: $0.id) != nil }
          guard isOver || isPassed else { return }
          let heading = AnswerView.heading(target.id, isColoured: isColoured)
          try Console.text(heading + "not asked\n\n")
          state = State(current: state.current + 1)
          continue
        }
        if isLive || answer.exchange != nil, !state.hasHeading {
          try Console.text(AnswerView.heading(target.id, isColoured: isColoured))
          state.hasHeading = true
        }
        if isLive { try show(answer.live.take(isEnd: answer.exchange != nil), &state) }
        guard let exchange = answer.exchange else { return }
        if state.last == nil { try show(exchange.answer, &state) }
        let ending = state.last == nil || state.last == "\n" ? "" : "\n"
        let view = AnswerView(
          exchange: exchange, model: target.model, price: target.price,
          listing: try listings()[target.id])
        try Console.text(ending + view.facts + "\n\n")
        state = State(current: state.current + 1)
      }
    }
  }

  private func show(_ text: String, _ state: inout State) throws {
    var text = VisibleText.block(text)
    if state.last == nil { text = String(text.drop { $0.isWhitespace }) }
    guard !text.isEmpty else { return }
    try Console.text(text)
    state.last = text.last
  }
}

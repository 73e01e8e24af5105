import Synchronization
import TryoutCore
import TryoutTransport

/// Those who read answers while they come: what was asked so far, with its text and its end.
final class Audience: Sendable {
  /// One answer under way, or done.
  struct Answer: Sendable {
    let target: String
    let question: Question
    let live: LiveText
    /// Nil until it is over.
    var exchange: Exchange?
  }

  private let answers = Mutex<[Answer]>([])
  private let questions: [(target: String, question: Question)]

  /// Watches a plan in which every target is asked once.
  init(of plan: Plan) {
    questions = plan.samples.indices.map {
      (plan.suite.targets[plan.targetIndex(of: $0)].id, plan.question(for: $0))
    }
  }

  /// What is known of a target's answer; nil before it was asked.
  func answer(of target: String) -> Answer? {
    answers.withLock { $0.first { $0.target == target } }
  }

  /// Notes that a question is being asked; nil for one that nobody watches.
  func begin(_ question: Question) -> Answer? {
    answers.withLock { answers in
      let seat = questions.first { seat in
        seat.question == question && !answers.contains { $0.target == seat.target }
      }
      guard let seat else { return nil }
      answers.append(Answer(target: seat.target, question: question, live: LiveText()))
      return answers.last
    }
  }

  func end(_ answer: Answer, _ exchange: Exchange) {
    answers.withLock { answers in
      guard let index = answers.firstIndex(where: { $0.target == answer.target }) else { return }
      answers[index].exchange = exchange
    }
  }
}

/// Asks as the transport does and lets an audience read along.
struct Watched: ModelProvider {
  private let transport: CurlTransport
  private let audience: Audience

  init(_ transport: CurlTransport, by audience: Audience) {
    self.transport = transport
    self.audience = audience
  }

  func ask(_ question: Question) async -> Exchange {
    guard let answer = audience.begin(question) else { return await transport.ask(question) }
    let exchange = await transport.ask(question, live: answer.live)
    audience.end(answer, exchange)
    return exchange
  }
}

import TryoutCore
import TryoutReport

/// Asks as another does and says on stderr what is asked and what comes back, in a line each.
///
/// What comes back was cleaned of keys where it was read; of headers nothing is said.
struct Spoken: ModelProvider {
  let provider: any ModelProvider

  func ask(_ question: Question) async -> Exchange {
    let name = "\(question.account.id) \(question.model)"
    let size = (question.system ?? "").utf8.count + question.user.utf8.count
    let parameters = JSON.object(question.parameters).canonicalText
    Console.say(
      "→ \(name): \(size) bytes of prompt\(question.stream ? ", as a stream" : ""), \(parameters)")
    let exchange = await provider.ask(question)
    let status = exchange.httpStatus.map { "HTTP \($0) · " } ?? ""
    let view = AnswerView(exchange: exchange, model: question.model, price: nil, listing: nil)
    Console.say("← \(name): \(status)\(view.facts)")
    return exchange
  }
}

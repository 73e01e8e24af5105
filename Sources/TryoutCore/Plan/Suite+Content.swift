package import Foundation

extension Suite {
  /// The account of a target; every validated target has one.
  package func account(of target: Target) -> Account {
    accounts.first { $0.id == target.account }
      ?? Account(id: target.account, provider: .simulator)
  }

  /// The limit of a target; every validated target has one.
  package func limit(of target: Target) -> Limit {
    limits.first { $0.id == target.limit } ?? Limit(id: target.limit, account: target.account)
  }

  /// What of a target decides about the bytes that are sent, and its id, so that one model may be entered twice.
  func content(of target: Target) -> String {
    let account = account(of: target)
    var fields: [String: JSON] = [
      "id": .string(target.id), "model": .string(target.model),
      "provider": .string(account.provider.name), "url": .string(account.baseURL ?? ""),
      "script": .string(account.script ?? ""), "stream": .bool(target.stream),
      "params": .object(target.parameters), "route": target.route ?? .null,
      "free_only": .bool(target.freeOnly), "http": .string(run.http.rawValue),
    ]
    // Whom an application is decides what some providers answer.
    if let app = account.app {
      fields["app"] = [
        "url": .string(app.url ?? ""), "title": .string(app.title ?? ""),
        "categories": .array(app.categories.map { .string($0) }),
      ]
    }
    return JSON.object(fields).canonicalText
  }

  func content(of prompt: Prompt, _ item: Case) -> String {
    let fields: JSON = [
      "prompt": .string(prompt.id), "case": .string(item.id),
      "system": prompt.system.map { .string($0.rendered(with: item.variables)) } ?? .null,
      "user": .string(prompt.user.rendered(with: item.variables)),
    ]
    return fields.canonicalText
  }

  /// SHA-256 of the suite with everything resolved; equal suites have equal digests.
  package var digest: String {
    SHA256.digest(of: String(decoding: encoded, as: UTF8.self)).hex
  }

  /// The suite as canonical JSON, from which it can be read again.
  package var encoded: Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Every stored property is a string, a finite number or a list of such, so this cannot fail.
    return (try? encoder.encode(self)) ?? Data()
  }
}

import TryoutCore
import Yams

extension Cursor {
  /// The value as JSON: plain scalars by the core rules of YAML 1.2, everything quoted as a string.
  func json() -> JSON? {
    switch node {
    case .scalar(let scalar):
      return scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
    case .sequence:
      let elements = list("a list") ?? []
      let values = elements.compactMap { $0.json() }
      return values.count == elements.count ? .array(values) : nil
    case .mapping:
      let entries = entries("a map") ?? []
      let values = entries.compactMap { entry in entry.value.json().map { (entry.key, $0) } }
      guard values.count == entries.count else { return nil }
      return .object(Dictionary(values, uniquingKeysWith: { first, _ in first }))
    case .alias: return nil
    }
  }

  private func plain(_ text: String) -> JSON? {
    switch text {
    case "": return refuse("a value; null is written null")
    case "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
      return refuse("a finite number, which is all that JSON has")
    default: break
    }
    if text.hasPrefix("0x"), let value = Int64(text.dropFirst(2), radix: 16) {
      return .integer(value)
    }
    if text.hasPrefix("0o"), let value = Int64(text.dropFirst(2), radix: 8) {
      return .integer(value)
    }
    if text.wholeMatch(of: /[-+]?[0-9]+/) != nil, let value = Int64(text) {
      return .integer(value)
    }
    if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil,
      let value = Double(text)
    {
      return value.isFinite
        ? .number(value) : refuse("a finite number, which is all that JSON has")
    }
    return .string(text)
  }
}

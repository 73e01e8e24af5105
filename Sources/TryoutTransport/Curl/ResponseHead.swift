import Foundation

/// Status and those header fields of a response that say something about an exchange.
struct ResponseHead: Sendable, Equatable {
  /// Zero until a status line came.
  private(set) var status = 0
  /// Values by lower-case name; of a repeated field the last.
  private(set) var fields: [String: String] = [:]

  init(status: Int = 0, fields: [String: String] = [:]) {
    self.status = status
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }

  var isSuccess: Bool { 200..<300 ~= status }

  private static let kept: Set<String> = [
    "date", "location", "retry-after", "retry-after-ms", "x-generation-id",
    "x-openrouter-cache-status",
  ]

  /// Reads one header line.
  ///
  /// A status line starts the head anew: what came before was an interim response. True for the
  /// status line of a final response.
  mutating func read(line: UnsafeRawBufferPointer) -> Bool {
    if line.count >= 5, let start = line.baseAddress, memcmp(start, "HTTP/", 5) == 0 {
      fields.removeAll(keepingCapacity: true)
      status = 0
      let code = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
      for digit in code where digit &- 0x30 < 10 { status = status * 10 + Int(digit - 0x30) }
      return status >= 200
    }
    // Most fields say nothing here, and their first letter already tells.
    guard let first = line.first, "adlrx".utf8.contains(first | 0x20),
      let colon = line.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    guard Self.kept.contains(name) || name.contains("ratelimit") else { return false }
    let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
    fields[name] = String(value.trimming { $0.isWhitespace })
    return false
  }
}

extension StringProtocol {
  /// Without the characters at both ends that fulfil the condition.
  func trimming(_ isUnwanted: (Character) -> Bool) -> SubSequence {
    guard let start = firstIndex(where: { !isUnwanted($0) }),
      let end = lastIndex(where: { !isUnwanted($0) })
    else { return self[endIndex...] }
    return self[start...end]
  }
}

import Foundation
import TryoutCore

/// The table of `docs/streams.md`, read as it stands there.
enum StreamsTable {
  /// One row: what is promised of one stream.
  struct Row: Equatable {
    var id: String
    var status: String
    var failure: String
    var finish: String
    var tokens: String
    /// Relations such as `ttft ≤ ttfa = latency`, and `no ttft` for a clock that does not exist.
    var clocks: String
    var flags: String
  }

  enum Problem: Error {
    case columns(String)
    case twice(String)
    case clock(String)
  }

  /// The rows by id.
  static func rows() throws -> [String: Row] {
    var folder = URL(filePath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let file = folder.appending(path: "docs/streams.md")
    var rows: [String: Row] = [:]
    let text = try String(contentsOf: file, encoding: .utf8)
    let table = text.split(separator: "\n").drop { !$0.hasPrefix("| id |") }
    for line in table where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 8 else { throw Problem.columns(String(line)) }
      let id = cells[0].trimmingCharacters(in: ["`"])
      guard rows[id] == nil else { throw Problem.twice(id) }
      rows[id] = Row(
        id: id, status: cells[2], failure: cells[3], finish: cells[4], tokens: cells[5],
        clocks: cells[6], flags: cells[7])
    }
    return rows
  }
}

extension StreamsTable.Row {
  /// What an exchange really was, in the words of the table.
  ///
  /// Clocks are copied from the row, and so is `resent?`, which allows both.
  init(_ exchange: Exchange, like row: Self) {
    self = row
    status = exchange.failure == nil ? "ok" : "failed"
    failure = exchange.failure?.kind.rawValue ?? "-"
    finish = exchange.finishReason ?? "-"
    tokens = exchange.usage.completion.map(String.init) ?? "n/a"
    let flags = [
      exchange.buffered ? "buffered" : nil, exchange.connection.sends > 1 ? "resent" : nil,
    ].compactMap(\.self)
    let told = flags.isEmpty ? "-" : flags.joined(separator: " ")
    let isAllowed = row.flags == "resent?" && ["-", "resent"].contains(told)
    self.flags = isAllowed ? row.flags : told
  }

  /// Whether an exchange was as the row says.
  func isTrue(of exchange: Exchange) throws -> Bool {
    try Self(exchange, like: self) == self && violations(in: exchange.timeline).isEmpty
  }

  /// The relations among the clocks that do not hold, and the clocks of which the row says nothing.
  func violations(in timeline: Timeline) throws -> [String] {
    var violated: [String] = []
    var named: Set<String> = []
    for relation in clocks.split(separator: ",") {
      var words = relation.split(separator: " ").map(String.init)
      if words.first == "no", words.count == 2 {
        named.insert(words[1])
        if try timeline.clock(words[1]) != nil { violated.append(String(relation)) }
        continue
      }
      // `latency + 20ms < end` is a chain of sums with a sign between each two.
      var sums: [Int64?] = []
      var signs: [String] = []
      while !words.isEmpty {
        let name = words.removeFirst()
        named.insert(name)
        var moment = try timeline.clock(name)
        if words.first == "+", words.count > 1, words[1].hasSuffix("ms") {
          guard let pause = Int64(words[1].dropLast(2)) else {
            throw StreamsTable.Problem.clock(clocks)
          }
          moment = moment.map { $0 + pause * 1_000_000 }
          words.removeFirst(2)
        }
        sums.append(moment)
        if !words.isEmpty { signs.append(words.removeFirst()) }
      }
      guard sums.count == signs.count + 1 else { throw StreamsTable.Problem.clock(clocks) }
      for (index, sign) in signs.enumerated() {
        guard let left = sums[index], let right = sums[index + 1] else {
          violated.append(String(relation))
          continue
        }
        let holds =
          switch sign {
          case "<": left < right
          case "≤": left <= right
          case "=": left == right
          default: throw StreamsTable.Problem.clock(clocks)
          }
        if !holds { violated.append(String(relation)) }
      }
    }
    let silent = Set(["ttft", "ttfa", "latency"]).subtracting(named).sorted()
    return violated + silent.map { "nothing is said of \($0)" }
  }
}

private extension Timeline {
  func clock(_ name: String) throws -> Int64? {
    switch name {
    case "sent": sent
    case "headers": headers
    case "ttfb": firstByte
    case "ttft": firstToken
    case "ttfa": firstAnswer
    case "latency": lastToken
    case "end": end
    default: throw StreamsTable.Problem.clock(name)
    }
  }
}

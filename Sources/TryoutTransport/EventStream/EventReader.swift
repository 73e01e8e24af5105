import Foundation
import TryoutCore

/// Puts the lines of an event stream together to events, reads their chunks and notes when.
///
/// An event counts from its last line of data, not from the blank line after it: some servers send
/// that line only with the next event.
struct EventReader {
  private(set) var scanner: ChunkScanner
  private(set) var firstToken: Int64?
  private(set) var firstAnswer: Int64?
  private(set) var lastToken: Int64?
  /// When the last event with data came; comments and what else keeps a connection alive are none.
  private(set) var lastEvent: Int64?
  /// Events that carried a token.
  private(set) var chunks = 0
  private(set) var events = 0
  /// Whether the marker came that ends an answer.
  private(set) var isDone = false
  /// The first event that told of an error.
  private(set) var error: [UInt8]?
  /// The first event that began like a chunk and was none: some of the answer is lost.
  private(set) var unreadable: [UInt8]?
  /// The first event that was no chunk at all.
  ///
  /// Words keep a connection alive, or tell of a failure; an answer that says how it ended was not hurt by them.
  private(set) var foreign: [UInt8]?

  /// The data of the event that is under way.
  private(set) var data: [UInt8] = []
  private var hasData = false
  private var isError = false
  private var isFirstLine = true
  private var isKeepAlive = false
  private var stamp: Int64 = 0

  init(dialect: Provider.Dialect) { scanner = ChunkScanner(dialect: dialect) }

  /// Takes one line without its end.
  mutating func take(line: UnsafeRawBufferPointer, at now: Int64) {
    var line = line
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) {
        line = UnsafeRawBufferPointer(rebasing: line[3...])
      }
    }
    guard let first = line.first else { return dispatch() }
    switch first {
    case UInt8(ascii: "d"):
      guard let value = Self.value(of: "data", in: line) else { return }
      if hasData { data.append(UInt8(ascii: "\n")) }
      data.append(contentsOf: value)
      hasData = true
      stamp = now
    case UInt8(ascii: "e"):
      guard let value = Self.value(of: "event", in: line) else { return }
      isError = value.elementsEqual("error".utf8)
    default:
      break  // a comment, or a field that says nothing about an answer
    }
  }

  /// Ends the event that is under way, as a blank line does.
  mutating func dispatch() {
    defer { isError = false }
    guard hasData else { return }
    hasData = false
    isKeepAlive = false
    events += 1
    var chunk: [UInt8] = []
    swap(&chunk, &data)
    chunk.withUnsafeBytes { read($0) }
    if !isKeepAlive { lastEvent = stamp }
    chunk.removeAll(keepingCapacity: true)
    swap(&chunk, &data)
  }

  private mutating func read(_ chunk: UnsafeRawBufferPointer) {
    guard chunk.first == UInt8(ascii: "{"), let delta = scanner.scan(chunk) else {
      return readOther(chunk)
    }
    if scanner.tellsError || isError, error == nil { error = Array(chunk) }
    if delta.isEnd { isDone = true }
    isKeepAlive = delta.isKeepAlive
    if delta.isVisible, firstToken == nil { firstToken = stamp }
    if delta.isAnswer, firstAnswer == nil { firstAnswer = stamp }
    if delta.isFilled, firstToken != nil {
      lastToken = stamp
      chunks += 1
    }
  }

  /// `[DONE]`, an error in another shape, a chunk after white space, a broken one, or nothing that
  /// is part of an answer.
  private mutating func readOther(_ chunk: UnsafeRawBufferPointer) {
    let isSpace = { (byte: UInt8) in byte <= 0x20 }
    guard let start = chunk.firstIndex(where: { !isSpace($0) }) else { return }
    let end = (chunk.lastIndex { !isSpace($0) } ?? start) + 1
    let text = UnsafeRawBufferPointer(rebasing: chunk[start..<end])
    if text.elementsEqual("[DONE]".utf8) {
      // Messages have a marker of their own, and gateways may put this one behind half an answer.
      if scanner.dialect == .chatCompletions { isDone = true }
    } else if isError {
      error = error ?? Array(text)
    } else if start > 0, text.first == UInt8(ascii: "{") {
      read(text)
    } else if text.first == UInt8(ascii: "{") {
      unreadable = unreadable ?? Array(text)
    } else if text.first == UInt8(ascii: "["), error == nil, let json = WholeBody.json(Array(text)),
      ProviderError(json) != nil
    {
      error = Array(text)
    } else {
      foreign = foreign ?? Array(text)
    }
  }

  /// The value of a field: what follows the colon and one space.
  private static func value(
    of field: StaticString,
    in line: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    let count = field.utf8CodeUnitCount
    guard line.count >= count, let start = line.baseAddress,
      memcmp(start, field.utf8Start, count) == 0
    else { return nil }
    guard line.count > count else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard line[count] == UInt8(ascii: ":") else { return nil }
    let hasSpace = line.count > count + 1 && line[count + 1] == UInt8(ascii: " ")
    return UnsafeRawBufferPointer(rebasing: line[(count + (hasSpace ? 2 : 1))...])
  }
}

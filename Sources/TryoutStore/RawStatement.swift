import GRDB
import GRDBSQLite

/// A statement that is bound and read by SQLite's own functions, for what happens a hundred thousand times a second.
///
/// Everything that happens seldom goes through GRDB, which is kinder.
struct RawStatement {
  private let db: Database
  /// Keeps what the pointer points to.
  private let statement: Statement
  private let pointer: OpaquePointer

  /// Compiles it, once for each connection.
  init(_ sql: String, _ db: Database) throws {
    self.db = db
    statement = try db.cachedStatement(sql: sql)
    pointer = statement.sqliteStatement
  }

  /// Runs it to its end with the parameters that the body adds, the leftmost first.
  func run(_ bind: (inout RawParameters) -> Void) throws {
    try RawParameters.with(pointer, bind) {
      let code = sqlite3_step(pointer)
      sqlite3_reset(pointer)
      guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }
  }

  /// Hands every row to the body, its columns counted from 0.
  func forEachRow<Column>(
    _ bind: (inout RawParameters) -> Void, _ body: (RawRow<Column>) throws -> Void
  ) throws {
    try RawParameters.with(pointer, bind) {
      defer { sqlite3_reset(pointer) }
      while true {
        let code = sqlite3_step(pointer)
        if code == SQLITE_DONE { return }
        guard code == SQLITE_ROW else { throw failure(code) }
        try body(RawRow(pointer: pointer))
      }
    }
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
  }
}

/// The parameters of a statement, bound one after the other; nil is NULL.
struct RawParameters {
  /// Tells SQLite to copy a text at once.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  /// Room for the texts of a usual row, so that SQLite need not allocate a copy of each.
  private static let room = 1024

  private let pointer: OpaquePointer
  private var index: Int32 = 0
  private var free: UnsafeMutableBufferPointer<CChar>

  /// Binds what one body adds, and keeps the texts for as long as the other takes.
  static func with(
    _ statement: OpaquePointer, _ bind: (inout RawParameters) -> Void, _ body: () throws -> Void
  ) rethrows {
    try withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
      var parameters = RawParameters(pointer: statement, free: buffer)
      bind(&parameters)
      try body()
    }
  }

  mutating func add(_ value: Int64?) {
    index += 1
    if let value {
      sqlite3_bind_int64(pointer, index, value)
    } else {
      sqlite3_bind_null(pointer, index)
    }
  }

  mutating func add(_ value: Int?) { add(value.map { Int64($0) }) }

  mutating func add(_ value: Bool?) { add(value.map { $0 ? Int64(1) : 0 }) }

  mutating func add(_ value: Double?) {
    index += 1
    if let value {
      sqlite3_bind_double(pointer, index, value)
    } else {
      sqlite3_bind_null(pointer, index)
    }
  }

  mutating func add(_ value: String?) {
    index += 1
    guard var value else {
      sqlite3_bind_null(pointer, index)
      return
    }
    value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { add(text: $0) }
    }
  }

  private mutating func add(text: UnsafeBufferPointer<CChar>) {
    guard text.count < free.count, let start = free.baseAddress else {
      sqlite3_bind_text(pointer, index, text.baseAddress, Int32(text.count), Self.transient)
      return
    }
    // A text without bytes may have no address of its own, which SQLite would take for NULL.
    if let source = text.baseAddress { start.update(from: source, count: text.count) }
    sqlite3_bind_text(pointer, index, start, Int32(text.count), nil)
    free = UnsafeMutableBufferPointer(rebasing: free[(text.count + 1)...])
  }
}

/// The row that a statement stands at, valid until its next step.
struct RawRow<Column: RawRepresentable<Int32>> {
  fileprivate let pointer: OpaquePointer

  func isNull(_ column: Column) -> Bool {
    sqlite3_column_type(pointer, column.rawValue) == SQLITE_NULL
  }

  /// NULL is 0.
  func integer(_ column: Column) -> Int64 { sqlite3_column_int64(pointer, column.rawValue) }

  func optionalInteger(_ column: Column) -> Int64? { isNull(column) ? nil : integer(column) }

  func count(_ column: Column) -> Int? { optionalInteger(column).map { Int($0) } }

  func double(_ column: Column) -> Double? {
    isNull(column) ? nil : sqlite3_column_double(pointer, column.rawValue)
  }

  /// The bytes of a text; nil for NULL.
  func bytes(_ column: Column) -> UnsafeBufferPointer<UInt8>? {
    guard let start = sqlite3_column_text(pointer, column.rawValue) else { return nil }
    return UnsafeBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(pointer, column.rawValue)))
  }

  /// NULL is empty.
  func text(_ column: Column) -> String {
    bytes(column).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// A column with the same few texts again and again: what was made of them is kept.
struct RepeatedText<Column: RawRepresentable<Int32>, Value> {
  /// So many texts are kept, the first ones.
  private static var most: Int { 32 }

  private let column: Column
  private let make: (String) -> Value
  private var known: [(bytes: [UInt8], value: Value)] = []
  /// Where the last row's text is: the next one mostly has the same.
  private var last = 0

  init(_ column: Column, _ make: @escaping (String) -> Value) {
    self.column = column
    self.make = make
  }

  /// What this row's text stands for; nil for NULL.
  mutating func value(in row: RawRow<Column>) -> Value? {
    guard let bytes = row.bytes(column) else { return nil }
    if last < known.count, known[last].bytes.elementsEqual(bytes) { return known[last].value }
    if let index = known.firstIndex(where: { $0.bytes.elementsEqual(bytes) }) {
      last = index
      return known[index].value
    }
    let value = make(String(decoding: bytes, as: UTF8.self))
    if known.count < Self.most { known.append((Array(bytes), value)) }
    return value
  }
}

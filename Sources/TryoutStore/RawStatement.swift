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
    var parameters = RawParameters(pointer)
    bind(&parameters)
    let code = sqlite3_step(pointer)
    sqlite3_reset(pointer)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
  }

  /// Hands every row to the body, its columns counted from 0.
  func forEachRow<Column>(
    _ bind: (inout RawParameters) -> Void, _ body: (RawRow<Column>) throws -> Void
  ) throws {
    var parameters = RawParameters(pointer)
    bind(&parameters)
    defer { sqlite3_reset(pointer) }
    while true {
      let code = sqlite3_step(pointer)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code) }
      try body(RawRow(pointer: pointer))
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

  private let pointer: OpaquePointer
  private var index: Int32 = 0

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

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
    // Where a text has no bytes its address may be missing, which SQLite would take for NULL.
    guard !value.isEmpty else {
      sqlite3_bind_text(pointer, index, "", 0, Self.transient)
      return
    }
    value.withUTF8 { text in
      _ = text.withMemoryRebound(to: CChar.self) {
        sqlite3_bind_text(pointer, index, $0.baseAddress, Int32($0.count), Self.transient)
      }
    }
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

import Foundation
import GRDB

extension Store {
  /// Every text and every blob of every table, with where it is, such as `text.answer`.
  ///
  /// SQLite may keep a long value in pieces, so that a search of the file's bytes alone could miss what it holds.
  package func forEachValue(
    _ body: (_ place: String, _ bytes: UnsafeRawBufferPointer) throws -> Void
  ) throws(StoreError) {
    try read { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      for table in tables {
        let rows = try Row.fetchCursor(
          db, sql: "SELECT * FROM \"\(table.replacing("\"", with: "\"\""))\"")
        while let row = try rows.next() {
          for (column, value) in row {
            switch value.storage {
            case .string(var text):
              try text.withUTF8 { try body("\(table).\(column)", UnsafeRawBufferPointer($0)) }
            case .blob(let data):
              try data.withUnsafeBytes { try body("\(table).\(column)", $0) }
            case .null, .int64, .double: break
            }
          }
        }
      }
    }
  }
}

import Foundation

/// Reads a whole text file, or says in a sentence why it cannot be read.
enum TextFile {
  struct Refusal: Error {
    var message: String
    var expected: String?
  }

  /// Throws a `Refusal` for what is missing, no regular file, above `limit` bytes, or no UTF-8.
  ///
  /// The size is looked at before anything is read. A byte order mark is taken off.
  static func text(at path: String, limit: Int) throws(Refusal) -> String {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard !path.isEmpty, let facts = try? FileManager.default.attributesOfItem(atPath: resolved)
    else { throw Refusal(message: "there is no such file") }
    let kind = facts[.type] as? FileAttributeType
    guard kind == .typeRegular else {
      throw Refusal(
        message: kind == .typeDirectory ? "this is a folder" : "this is not a regular file",
        expected: "a text file"
      )
    }
    let size = (facts[.size] as? NSNumber)?.intValue ?? 0
    guard size <= limit else {
      throw Refusal(
        message: "the file is \(size) bytes large",
        expected: "at most \(limit) bytes"
      )
    }
    guard let bytes = FileManager.default.contents(atPath: resolved) else {
      throw Refusal(message: "the file cannot be read", expected: "a file with read permission")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let offset = firstInvalidByte(in: bytes)
      throw Refusal(message: "byte \(offset) of the file is not UTF-8", expected: "UTF-8 text")
    }
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// The offset at which the first ill-formed sequence begins.
  private static func firstInvalidByte(in bytes: Data) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { offset += scalar.count }
    return offset
  }
}

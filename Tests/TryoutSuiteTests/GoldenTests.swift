import Foundation
import Testing
import TryoutSuite

/// Each suite in `Golden/` with the diagnostics it must give, as users see them.
///
/// `RECORD_GOLDEN=1 swift test` writes them anew.
struct GoldenTests {
  @Test(arguments: Golden.names)
  func diagnostics(of name: String) throws {
    let result = try Golden.read(name)
    let rendered = result.diagnostics.map { "\($0)\n" }.joined()
    let url = Golden.folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try rendered.write(to: url, atomically: true, encoding: .utf8)
    }
    #expect(try rendered == String(contentsOf: url, encoding: .utf8))
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    #expect((result.suite == nil) == hasErrors)
  }

  @Test func secretsAreNeverRepeated() throws {
    for name in ["secrets", "accounts"] {
      let rendered = try Golden.read(name).diagnostics.map(\.description).joined()
      for piece in ["0123456789abcdef", "eyJhb", "abcdefghijklm", "a81f0c3d92b74e6f", "my-key"] {
        #expect(!rendered.contains(piece))
      }
    }
  }
}

enum Golden {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden", directoryHint: .isDirectory)

  static let path = folder.path

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
  }

  static func read(_ name: String) throws -> SuiteReader.Result {
    SuiteReader.read(text: try text(name), file: "\(name).yaml", folder: path)
  }
}

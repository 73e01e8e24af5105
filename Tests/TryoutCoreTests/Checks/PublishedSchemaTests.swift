import Foundation
import Testing

@testable import TryoutCore

/// The cases that the authors of JSON Schema publish; `JSON_SCHEMA_TESTS` names the folder with those of 2020-12.
struct PublishedSchemaTests {
  private static let folder = ProcessInfo.processInfo.environment["JSON_SCHEMA_TESTS"]
  /// What these files are about is refused.
  private static let refused: Set = ["refRemote.json", "dynamicRef.json", "vocabulary.json"]

  @Test(.enabled(if: folder != nil))
  func publishedCasesPass() throws {
    let folder = try #require(PublishedSchemaTests.folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".json")
    }
    var (judged, refused) = (0, 0)
    for file in files.sorted() {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      for group in try ExactJSONReader.read(text).elements {
        let name = "\(file): \(group["description"]?.string ?? "")"
        let tests = group["tests"]?.elements ?? []
        let (schema, remarks) = JSONSchema.read(try #require(group["schema"]).text)
        guard let schema else {
          #expect(
            PublishedSchemaTests.refused.contains(file) || name.contains("$dynamicRef"),
            "\(name): \(remarks)")
          refused += tests.count
          continue
        }
        for test in tests {
          let finding = schema.examine(try #require(test["data"]).text)
          let isValid = test["valid"] == .bool(true)
          #expect(
            (finding == .passed) == isValid,
            "\(name): \(test["description"]?.string ?? ""): \(finding)")
          judged += 1
        }
      }
    }
    print("published schema cases: \(judged) judged, \(refused) refused")
    #expect(judged > 1_000)
  }
}

private extension ExactJSON {
  var elements: [ExactJSON] { if case .array(let elements) = self { elements } else { [] } }
}

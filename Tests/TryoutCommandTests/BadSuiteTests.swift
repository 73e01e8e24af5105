import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BadSuiteTests {
  @Test(arguments: ["run", "plan", "validate"])
  func suiteThatCannotBeReadIs64AndNamed(command: String) async throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("folder.yaml"), withIntermediateDirectories: true)
    try folder.write("", to: "empty.yaml")
    try folder.write(Data(repeating: 0x23, count: 50 << 20), to: "huge.yaml")
    try folder.write(Data([0x76, 0x3A, 0xFF, 0xFE, 0x0A]), to: "latin.yaml")
    try folder.write("version: 1\nsuit: x\n", to: "typo.yaml")
    for name in ["folder", "missing", "empty", "huge", "latin", "typo"] {
      let outcome = try await folder.tryout(command, "\(name).yaml")
      #expect(outcome.code == 64, "\(name)")
      #expect(outcome.lastErrors[1].contains("\(name).yaml has "), "\(outcome.errors)")
      #expect((outcome.output + outcome.errors).contains("\(name).yaml:"))
    }
    #expect(!folder.exists("tryout.db"))
  }

  @Test func validateAcceptsWhatARunAccepts() async throws {
    let folder = try ScratchFolder.simulated()
    let text = try await folder.tryout("validate", "suite.yaml")
    #expect(text.code == 0)
    #expect(text.errors.contains("suite.yaml is fine: 2 targets"))
    let json = try await folder.tryout("validate", "suite.yaml", "--json")
    #expect(json.code == 0)
    #expect(json.output == "[]\n")
  }

  private struct Row: Decodable {
    var line: Int
    var message: String
    var severity: String
  }

  @Test func validateTellsPlacesAsJSON() async throws {
    let folder = try ScratchFolder.simulated()
    let broken = Suites.simulated().replacing("checks:", with: "cheks:")
    try folder.write(broken, to: "suite.yaml")
    let outcome = try await folder.tryout("validate", "suite.yaml", "--json")
    #expect(outcome.code == 64)
    let rows = try folder.decode([Row].self, outcome.output)
    let lines = broken.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasPrefix("cheks") }) + 1
    #expect(
      rows.contains { $0.line == line && $0.message.contains("cheks") && $0.severity == "error" })
  }

  /// Found before a run is entered, with all other mistakes, at its place in the script.
  @Test(arguments: ["run", "plan", "validate"])
  func aMistakeInAScriptIs64(command: String) async throws {
    let folder = try ScratchFolder.simulated()
    try folder.write("version: 1\nmodels:\n  quick: { first_tokn: 5ms }\n", to: "quick.yaml")
    try folder.write(
      Suites.simulated().replacing("checks:", with: "cheks:"), to: "suite.yaml")
    let outcome = try await folder.tryout(command, "suite.yaml")
    #expect(outcome.code == 64)
    let text = outcome.output + outcome.errors
    #expect(
      text.contains(#"quick.yaml:3:12: error: Unknown key "first_tokn". Did you mean"#), "\(text)")
    #expect(text.contains("cheks"))
    #expect(!folder.exists("tryout.db"))
  }

  @Test(arguments: ["", "   "])
  func missingKeyIs64AndItsVariableNamed(key: String) async throws {
    let folder = try ScratchFolder.remote(
      Suites.remote("http://127.0.0.1:1/v1", key: "SOME_API_KEY"))
    let outcome = try await folder.tryout(
      "run", "suite.yaml", environment: ["SOME_API_KEY": key])
    #expect(outcome.code == 64)
    #expect(outcome.lastErrors[1].contains("SOME_API_KEY"))
    #expect(!folder.exists("tryout.db"))
  }
}

import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AuditTests {
  private static let key = "canary-audit-5d1c77b09e-secret"

  private struct Document: Decodable {
    struct Hit: Decodable, Equatable {
      var place: String
      var what: String
      var times: Int
      var offset: Int?
    }

    var files: Int
    var found: [Hit]
  }

  @Test func aCleanRunIsClean() async throws {
    let folder = try ScratchFolder.simulated()
    #expect(try await folder.tryout("run", "suite.yaml", "--report", "reports").code == 0)
    let audit = try await folder.tryout("audit", "reports")
    #expect(audit.code == 0, "\(audit.output)\(audit.errors)")
    #expect(audit.output.isEmpty)
    #expect(audit.lastErrors[1].hasPrefix("tryout: no key was found in "))
  }

  /// A key that a model was told in a prompt is in the answers, the file, and the report.
  @Test func whatIsThereIsFoundAndNotRepeated() async throws {
    let shape = "sk-or-v1-" + String(repeating: "0a1b", count: 12)
    // Longer than a page, so that SQLite keeps it in pieces; the key lies at the end.
    let long = String(repeating: "filler ", count: 3000) + Self.key
    let server = try RawServer { _, number in
      RawServer.completion(number == 1 ? long : "Take \(shape) instead.")
    }
    let folder = try ScratchFolder.remote(Suites.remote(server.url, samples: 2))
    #expect(try await folder.tryout("run", "suite.yaml", "--report", "reports").code == 0)
    try folder.write("OPENAI_API_KEY=\(Self.key)", to: "reports/notes.txt")
    let environment = ["OPENAI_API_KEY": Self.key]
    let audit = try await folder.tryout("audit", "reports", "--json", environment: environment)
    #expect(audit.code == 1)
    #expect(!audit.output.contains(Self.key) && !audit.output.contains(shape))
    let found = try folder.decode(Document.self, audit.output).found
    let known = "the key in OPENAI_API_KEY"
    #expect(found.contains(.init(place: "reports/notes.txt", what: known, times: 1, offset: 15)))
    #expect(found.contains { $0.place == "tryout.db: text.answer" && $0.what == known })
    #expect(found.contains { $0.place == "tryout.db" && $0.what == "looks like a key (sk-…)" })
    // Nobody else knows that this is a key.
    let blind = try await folder.tryout("audit", "--json")
    #expect(blind.code == 1 && !blind.output.contains(known))
    let text = try await folder.tryout("audit", environment: environment)
    #expect(text.output.contains(known) && !(text.output + text.errors).contains(Self.key))
  }

  /// In files of a report as they are, and as URLs, JSON and base64 write it, also where a file is read in pieces.
  @Test func disguisesAndLinksAreFoundAndPipesAreNot() async throws {
    let folder = try ScratchFolder()
    let key = "canary/5d1c77b0+9e-secret"
    let made = try await folder.shell(
      """
      mkdir -p rep/in && printf 'k=canary%%2F5d1c77b0%%2B9e-secret' > rep/url
      printf 'u:\(key)' | base64 > rep/in/basic; printf '{"k":"canary\\\\/5d1c77b0+9e-secret"}' > rep/json
      (head -c 4194297 /dev/zero; printf '\(key)') > rep/big; mkfifo rep/pipe; ln -s rep/url link
      """)
    #expect(made.code == 0, "\(made.errors)")
    let environment = ["OPENAI_API_KEY": key]
    let audit = try await folder.tryout("audit", "rep", "link", "--json", environment: environment)
    #expect(audit.code == 1, "\(audit.errors)")
    let places = try folder.decode(Document.self, audit.output).found.map(\.place).sorted()
    #expect(places == ["link", "rep/big", "rep/in/basic", "rep/json", "rep/url"])
    let pipe = try await folder.tryout("audit", "rep/pipe", environment: environment)
    #expect(pipe.code == 64 && pipe.errors.contains("neither a file nor a folder"))
  }

  @Test func withoutAnythingToSearchItSaysSo() async throws {
    let folder = try ScratchFolder()
    #expect(try await folder.tryout("audit").code == 64)
    #expect(try await folder.tryout("audit", "nowhere").code == 64)
  }
}

import Testing

@Suite(.timeLimit(.minutes(1)))
struct HelpTests {
  private static let commands: [(String, [String])] = [
    (
      "run",
      ["--resume", "--target", "--samples", "--seed", "--report", "--strict", "--github", "--db"]
    ),
    ("plan", ["--resume", "--target", "--samples", "--seed", "--service-time", "--db", "--json"]),
    (
      "ask",
      ["--model", "--system", "--context", "--max-tokens", "--fallback", "--suite", "--json"]
    ),
    ("validate", ["--allow-outside", "--json"]),
    ("report", ["--format", "--rows", "--output", "--strict", "--github", "--db", "--json"]),
    ("gate", ["--strict", "--github", "--db", "--json"]),
    ("runs", ["--db", "--json"]),
    ("reconcile", ["--db", "--json", "--allow-exec"]), ("audit", ["--db", "--json"]),
    ("show", ["--sample", "--failed", "--db", "--json"]),
    ("doctor", ["--ask", "--db", "--json"]),
    ("models", ["list", "snapshot", "diff", "show"]),
    (
      "simulate",
      ["--script", "--openrouter", "--night", "--port", "--seed", "--streams", "--json"]
    ),
    ("selftest", ["--streams", "--json"]),
    ("serve", ["--port", "--db"]),
    ("regrade", ["--ask", "--allow-exec", "--strict", "--db", "--json"]),
    ("compare", ["--format", "--db", "--json"]),
    ("recommend", ["--format", "--baseline", "--db", "--json"]),
    ("baseline", ["accept", "pin", "list", "remove"]), ("trend", ["--db", "--json"]),
  ]

  @Test(arguments: commands)
  func everyCommandExplainsItself(name: String, options: [String]) async throws {
    let folder = try ScratchFolder()
    let help = try await folder.tryout(name, "--help")
    #expect(help.code == 0)
    #expect(help.errors.isEmpty)
    for option in options { #expect(help.output.contains(option), "\(name) \(option)") }
  }

  @Test func versionAndOverview() async throws {
    let folder = try ScratchFolder()
    let version = try await folder.tryout("--version")
    #expect(version.code == 0)
    #expect(version.output.wholeMatch(of: /tryout \d+\.\d+\.\d+\n/) != nil)
    let overview = try await folder.tryout("--help")
    #expect(overview.code == 0)
    #expect(overview.output.contains("USAGE: tryout <subcommand>"))
    let list = overview.output.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }
    let names = list.compactMap { $0.firstMatch(of: #/^  ([a-z]+) /#) }.map { String($0.1) }
    #expect(names.sorted() == Self.commands.map(\.0).sorted(), "each has a row above")
  }

  @Test(arguments: [
    ["bogus"], ["run"], ["run", "suite.yaml", "--samples", "0"],
    ["run", "suite.yaml", "--samples", "99999999999"],
    ["run", "suite.yaml", "--seed", "1", "--resume"], ["run", "suite.yaml", "--target", "nobody"],
    ["plan", "suite.yaml", "--samples", "9999999999999999"],
    ["plan", "suite.yaml", "--service-time", "nan"], ["plan", "suite.yaml", "--target", "nobody"],
    ["plan", "suite.yaml", "--resume"], ["plan", "suite.yaml", "--seed", "1", "--resume"],
    ["report", "--format", "pdf"],
    ["report", "--rows", "samples"], ["report", "--json", "--format", "csv"],
    ["show", "--failed", "--sample", "1"],
    ["ask"], ["ask", "hello"], ["ask", "hello", "-m", "nobody:model"],
    ["ask", " ", "-m", "simulator:fast"],
    ["ask", "hello", "-m", "fast"],
    ["ask", "hello", "-m", "simulator:fast", "--context", "no.txt"],
    ["ask", "hello", "-m", "simulator:fast", "--temperature", "3"],
    ["ask", "hello", "-m", "openai:gpt-5"], ["report"], ["gate", "20200101"], ["serve"],
    ["simulate", "--port", "70000"], ["simulate", "--script", "no.yaml"],
    ["simulate", "--script", "suite.yaml"], ["simulate", "--streams", "--seed", "1"],
  ])
  func wrongUsageIs64(arguments: [String]) async throws {
    let folder = try ScratchFolder.simulated()
    let outcome = try await Command(arguments, in: folder).end()
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.lastErrors[1].hasPrefix("tryout: "), "\(outcome.errors)")
    #expect(!folder.exists("tryout.db"))
  }
}

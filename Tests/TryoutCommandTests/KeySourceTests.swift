import Foundation
import Testing

/// Keys from files and commands, and what is refused.
@Suite(.timeLimit(.minutes(1)))
struct KeySourceTests {
  private static let key = "canary-file-88fe2c1d07-secret"

  private func folder(_ server: RawServer, _ source: String) throws -> ScratchFolder {
    let suite = Suites.remote(server.url).replacingOccurrences(of: "key_env: none", with: source)
    return try ScratchFolder.remote(suite)
  }

  @Test func aFileOfOnesOwnIsRead() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_file: secret.txt")
    try folder.write("\(Self.key)\n", to: "secret.txt")
    chmod(folder.path("secret.txt"), 0o600)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 0, "\(run.errors)")
    #expect(server.requests.allSatisfy { $0.contains("Bearer \(Self.key)\r\n") })
    for (name, data) in try folder.files() where name != "secret.txt" {
      #expect(data.range(of: Data(Self.key.utf8)) == nil, "\(name)")
    }
  }

  @Test(arguments: [mode_t(0o644), 0o640, 0o604, 0o622])
  func aFileThatOthersMayReadIsRefused(mode: mode_t) async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_file: secret.txt")
    try folder.write(Self.key, to: "secret.txt")
    chmod(folder.path("secret.txt"), mode)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 64)
    #expect(run.errors.contains("chmod 600") && !run.errors.contains(Self.key))
    #expect(server.requests.isEmpty && !folder.exists("tryout.db"))
  }

  /// Nothing is asked and nothing recorded: it is no key that a provider could refuse.
  @Test(arguments: ["one two", "one\ntwo\n", "", " \n", "sch\u{F6}n", "a\u{0}b", "a\tb"])
  func whatIsNoKeyIsRefused(text: String) async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_file: secret.txt")
    try folder.write(text, to: "secret.txt")
    chmod(folder.path("secret.txt"), 0o600)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 64 && run.errors.contains(" hold"), "\(run.errors)")
    #expect(server.requests.isEmpty && !folder.exists("tryout.db"))
  }

  /// An empty file and one with white space, a folder, a pipe, a link to nowhere, too much, and bytes that are no text.
  @Test(arguments: [
    ("mkdir key", "not a regular file"), ("mkfifo -m 600 key", "not a regular file"),
    ("ln -s nowhere key", "cannot be opened"), ("true", "cannot be opened"),
    ("umask 077; head -c 20000 /dev/zero > key", "does not hold a key"),
    (#"umask 077; printf '\377' > key"#, "does not hold a key"),
  ])
  func whatIsNoKeyFileIsRefused(line: String, words: String) async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_file: key")
    #expect(try await folder.shell(line).code == 0)
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 64 && run.errors.contains(words), "\(run.errors)")
    #expect(server.requests.isEmpty && !folder.exists("tryout.db"))
  }

  @Test func aFileOutsideTheFolderNeedsLeave() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let elsewhere = try ScratchFolder()
    try elsewhere.write(Self.key, to: "secret.txt")
    chmod(elsewhere.path("secret.txt"), 0o400)
    let folder = try folder(server, "key_file: \"\(elsewhere.path("secret.txt"))\"")
    let refused = try await folder.tryout("run", "suite.yaml")
    #expect(refused.code == 64 && refused.errors.contains("--allow-outside"))
    let allowed = try await folder.tryout("run", "suite.yaml", "--allow-outside")
    #expect(allowed.code == 0, "\(allowed.errors)")
  }

  @Test func aCommandRunsOnlyWithLeaveAndWithoutAShell() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_command: [echo, \"canary-$HOME;id-0123456789\"]")
    let refused = try await folder.tryout("run", "suite.yaml")
    #expect(refused.code == 64 && refused.errors.contains("--allow-exec"))
    #expect(server.requests.isEmpty)
    let allowed = try await folder.tryout("run", "suite.yaml", "--allow-exec")
    #expect(allowed.code == 0, "\(allowed.errors)")
    #expect(server.requests.allSatisfy { $0.contains("Bearer canary-$HOME;id-0123456789\r\n") })
  }

  @Test(arguments: [
    ("[false]", "failed with code 1"),
    ("[no-such-program-here]", "cannot be started: No such file"),
    ("[head, -c, \"100000\", /dev/zero]", "printed no key"), ("[\"true\"]", "holds no key"),
    (#"[printf, "one\\ntwo"]"#, "holds more than one line"),
    ("[echo, one two]", "holds something else than a key"),
  ])
  func acommandThatFailsSaysSo(command: String, words: String) async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try folder(server, "key_command: \(command)")
    let run = try await folder.tryout("run", "suite.yaml", "--allow-exec")
    #expect(run.code == 64 && run.errors.contains(words), "\(run.errors)")
    #expect(server.requests.isEmpty)
  }

  /// It may ask somebody for leave, and its key is needed wherever the account is asked.
  @Test func aCommandRunsOnceForADoctorAndForLists() async throws {
    let server = try RawServer { request, _ in
      request.hasPrefix("GET")
        ? RawServer.response("200 OK", #"{"data":[{"id":"m"}]}"#) : RawServer.completion()
    }
    let folder = try folder(server, "key_command: [sh, once.sh]")
    try folder.write("echo run >> runs.txt\necho canary-once-0123456789\n", to: "once.sh")
    func runs() throws -> Int { try folder.text("runs.txt").split(separator: "\n").count }
    let doctor = try await folder.tryout("doctor", "suite.yaml", "--ask", "--allow-exec")
    #expect(doctor.output.contains("ok       ask"), "\(doctor.output)\(doctor.errors)")
    #expect(try runs() == 1)
    let before = server.requests.count
    let silent = try await folder.tryout("models", "list", "--suite", "suite.yaml")
    #expect(silent.code == 0 && silent.errors.contains("--allow-exec"), "\(silent.errors)")
    #expect(!server.requests[before...].contains { $0.contains("canary-once") })
    let asked = try await folder.tryout("models", "list", "--suite", "suite.yaml", "--allow-exec")
    #expect(asked.code == 0, "\(asked.errors)")
    #expect(server.requests.last?.contains("Bearer canary-once-0123456789") == true)
    #expect(try runs() == 2)
  }

  /// Proxies are part of the circumstances of a run; their passwords are not.
  @Test func proxiesAreRecordedWithoutTheirPasswords() async throws {
    let server = try RawServer { _, _ in RawServer.completion() }
    let folder = try ScratchFolder.remote(Suites.remote(server.url))
    let run = try await folder.tryout(
      "run", "suite.yaml", "--json",
      environment: [
        "https_proxy": "http://me:hunter2-hunter2@proxy.example:3128", "NO_PROXY": "127.0.0.1",
        "HTTP_PROXY": "http://from-a-request.example",
      ])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.contains("http://proxy.example:3128") && run.output.contains("no_proxy"))
    #expect(!run.output.contains("from-a-request"))
    for (name, data) in try folder.files() {
      #expect(data.range(of: Data("hunter2".utf8)) == nil, "\(name)")
    }
  }
}

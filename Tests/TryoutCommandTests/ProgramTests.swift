import Foundation
import Testing
import TryoutCore

@testable import tryout

/// Checks that run programs.
@Suite(.timeLimit(.minutes(1)))
struct ProgramTests {
  private static let suite = Suites.simulated(samples: 1).replacing(
    "checks: [{ id: right, contains: \"{{ answer }}\" }]",
    with: "checks: [{ id: right, command: [./grade.sh, \"a b\"], timeout: 5s }]"
  )

  /// Passes what holds Lima or 42; exits strangely where it was not given its argument whole.
  private static let program = """
    #!/bin/sh
    [ "$1" = "a b" ] || exit 9
    read -r line
    case "$line" in
      *'"answer":"Lima'*|*'"answer":"42'*) echo '{"score": 0.8, "reason": "right"}' ;;
      *) echo "wrong, it seems"; exit 1 ;;
    esac
    """

  /// As the tool does, which writes to programs that have ended.
  init() { signal(SIGPIPE, SIG_IGN) }

  private func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder.simulated(
      Self.suite.replacing(", answer: Lima", with: "").replacing(", answer: \"42\"", with: ""))
    try folder.write(Self.program, to: "grade.sh")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path("grade.sh"))
    return folder
  }

  /// The second signal ends them, and so does the end of the time of grace.
  @Test(arguments: [[], ["--grace", "50ms"]])
  func programsThatRunEndWithTheRun(options: [String]) async throws {
    let folder = try folder()
    try folder.write(Self.suite.replacing("timeout: 5s", with: "timeout: 10min"), to: "suite.yaml")
    try folder.write("#!/bin/sh\n: >began\nexec sleep 300\n", to: "grade.sh")
    let run = try Command(["run", "suite.yaml", "--allow-exec"] + options, in: folder)
    try await waitUntil("a program runs") { folder.exists("began") }
    run.send(SIGINT)
    if options.isEmpty {
      try await waitUntil("the signal was heard") { run.errors.contains("Stopping") }
      run.send(SIGINT)
    }
    #expect(try await run.end().code == 130)
    #expect(try await folder.latestRun().state == "interrupted")
    try folder.write(Self.program, to: "grade.sh")
    let resumed = try await folder.tryout("run", "suite.yaml", "--resume", "--allow-exec")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("Programs grade 4 answers."))
    #expect(try await folder.samples()["good"]?.map(\.outcome) == ["pass", "pass"])
  }

  @Test func programsNeedLeave() async throws {
    let folder = try folder()
    let run = try await folder.tryout("run", "suite.yaml")
    #expect(run.code == 64)
    #expect(
      run.errors.contains("checks run `./grade.sh a b` on this machine. Allow it with --allow-exec")
    )
    #expect(try await folder.tryout("validate", "suite.yaml").code == 0)
    #expect(!folder.exists("tryout.db"))
  }

  @Test func programsGradeWhatIsStored() async throws {
    let folder = try folder()
    let run = try await folder.tryout("run", "suite.yaml", "--allow-exec")
    #expect(run.code == 0, "\(run.errors)")
    let rows = try await folder.samples()
    #expect(rows["good"]?.map(\.outcome) == ["pass", "pass"])
    #expect(rows["good"]?.map(\.score) == [0.8, 0.8])
    #expect(rows["bad"]?.map(\.outcome) == ["fail", "fail"])
    #expect(rows["bad"]?.first?.reasons == ["right: wrong, it seems"])
    // What was said is remembered, until it may be said again.
    let id = try await folder.latestRun().runId
    try folder.write("#!/bin/sh\nexit 0\n", to: "grade.sh")
    #expect(try await folder.tryout("regrade", id, "suite.yaml").output.hasPrefix("0 grades"))
    let again = try await folder.tryout("regrade", id, "suite.yaml", "--allow-exec")
    #expect(
      again.output.contains("4 grades of 4 answers changed."), "\(again.output)\(again.errors)")
  }

  private func outcome(
    _ script: String, input: String = "", limit: Duration = .seconds(20)
  ) throws -> ProgramRun.Outcome {
    let folder = try ScratchFolder()
    return ProgramRun(words: ["/bin/sh", "-c", script], folder: folder.url.path, limit: limit)
      .outcome(
        of: Array(input.utf8))
  }

  @Test func programsGetTheInputAndLittleElse() throws {
    guard
      case .exited(0, let output, let errors) = try outcome("cat; env >&2", input: "{}\n")
    else {
      Issue.record("did not end")
      return
    }
    #expect(output == "{}\n")
    let names = Set(errors.split(separator: "\n").map { $0.prefix { $0 != "=" } })
    // The shell adds its own folder.
    #expect(names.subtracting(["PWD", "OLDPWD", "SHLVL", "_", "TMPDIR"]) == ["LANG", "PATH"])
    #expect(errors.contains(/\nPWD=.*tryout-|^PWD=.*tryout-/))
  }

  @Test func programsInheritNoOpenFiles() throws {
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    #expect(
      try outcome("test -e /dev/fd/2 && ! test -e /dev/fd/\(file)")
        == .exited(0, output: "", errors: ""))
  }

  /// Programs that grade can be ended with all that they started; the user's own can ask at the terminal.
  @Test(arguments: [true, false])
  func groups(isTheUsers: Bool) throws {
    let words = ["/bin/sh", "-c", "ps -o pgid= -p $$ || cut -d' ' -f5 /proc/$$/stat"]
    let folder = try ScratchFolder()
    let run =
      isTheUsers
      ? ProgramRun(asUser: words, limit: .seconds(20), mostOutput: 1000)
      : ProgramRun(words: words, folder: folder.url.path, limit: .seconds(20))
    guard case .exited(0, let output, _) = run.outcome(of: []) else {
      Issue.record("did not end")
      return
    }
    let group = output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect((group == "\(getpgrp())") == isTheUsers)
  }

  /// More than a pipe holds, in both directions, from a program that reads late or never.
  @Test func fullPipesHoldNobodyUp() throws {
    let long = String(repeating: "x", count: 1 << 20)
    #expect(
      try outcome("sleep 0.1; wc -c", input: long) == .exited(0, output: "1048576\n", errors: ""))
    #expect(try outcome("exit 3", input: long) == .exited(3, output: "", errors: ""))
    #expect(try outcome("yes", input: "") == .tooMuch)
  }

  /// At the limit everything that it started goes with it; what it left behind goes at its end.
  @Test func theWholeGroupIsKilled() async throws {
    let folder = try ScratchFolder()
    try #require(mkfifo(folder.path("held"), 0o600) == 0)
    let held = open(folder.path("held"), O_RDONLY | O_NONBLOCK)
    defer { close(held) }
    let late = "exec 3>held; sleep 300 & "
    let run = { (script: String, limit: Duration) in
      ProgramRun(words: ["/bin/sh", "-c", script], folder: folder.url.path, limit: limit).outcome(
        of: [])
    }
    // It ends when nobody is left who could write to it.
    var byte: UInt8 = 0
    #expect(run(late + "sleep 300", .milliseconds(300)) == .overdue)
    try await waitUntil("what it started is gone") { read(held, &byte, 1) == 0 }
    #expect(run(late + "echo done", .seconds(20)) == .exited(0, output: "done\n", errors: ""))
    try await waitUntil("what it left behind is gone") { read(held, &byte, 1) == 0 }
  }

  @Test(
    arguments: [
      (.exited(0, output: "", errors: ""), .rated(1, passes: true, "p says no")),
      (.exited(1, output: "too long\n", errors: ""), .rated(0, passes: false, "too long")),
      (
        .exited(0, output: #"{"pass": false, "reason": "a\nb"}"#, errors: ""),
        .rated(0, passes: false, "a b")
      ),
      (.exited(1, output: #"{"score": 0.4}"#, errors: ""), .rated(0.4, passes: false, "p says no")),
      (.exited(0, output: #"{"score": 4}"#, errors: ""), nil),
      (.exited(0, output: "{", errors: ""), nil),
      (.exited(0, output: #"{"pass": "yes"}"#, errors: ""), nil),
      (.exited(2, output: "", errors: "no python"), .ungraded("p exits with 2: no python")),
      (.signalled(11), .ungraded("p was ended by signal 11")),
      (.overdue, .ungraded("p was killed after 10s")),
      (.notStarted("No such file"), .ungraded("p cannot be started: No such file")),
      (.tooMuch, nil), (.cancelled, nil),
    ] as [(ProgramRun.Outcome, Grader.Finding?)])
  func exitsDecide(outcome: ProgramRun.Outcome, finding: Grader.Finding?) {
    let found = ProgramGrader.finding(outcome, Check.Program(["p"]))
    if let finding {
      #expect(found == finding)
    } else if case .ungraded = found {
    } else {
      Issue.record("decided: \(found)")
    }
  }

  @Test func whatIsNotThereIsSaid() throws {
    let folder = try ScratchFolder()
    let run = ProgramRun(words: ["./nothing"], folder: folder.url.path, limit: .seconds(5))
    #expect(run.outcome(of: []) == .notStarted("No such file or directory"))
  }
}

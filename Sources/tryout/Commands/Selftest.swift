import ArgumentParser
import TryoutCore
import TryoutReport

struct Selftest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove on this machine that the numbers can be trusted; nothing leaves it.",
    discussion: """
      Three trials over real sockets on the loopback interface:

        clocks    a server stamps its chunks with the machine's own clock as it sends them; how far are ttft and \
      latency from these stamps?
        streams   every stream of docs/streams.md; is each read as that table says?
        twins     one simulated model entered twice, run and stored as by `run`; is it the same as itself?

      Exits with 0 if everything holds, else with 1. The tolerances tell right from wrong on a busy machine, too; \
      they are no claim of how quick this one is.
      """
  )

  @Option(
    help: ArgumentHelp("How many stamped streams at once, one trial each.", valueName: "counts"))
  var streams = "1,100,1000"

  @Flag(help: "Print JSON instead of text.")
  var json = false

  private var levels: [Int] { streams.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    let parts = streams.split(separator: ",", omittingEmptySubsequences: false)
    guard levels.count == parts.count, levels.allSatisfy((1...10_000).contains) else {
      throw ValidationError("--streams takes counts from 1 to 10000 with commas between them.")
    }
  }

  func run() async throws {
    try await reportingErrors {
      try OpenFiles.allow(streams: levels.max() ?? 1)
      var clocks: [ClockTrial] = []
      for level in levels {
        Console.say("Clocks, with \(Format.count(level, "stream")) at once …")
        clocks.append(try await ClockRehearsal(streams: level).trial())
      }
      Console.say("Streams …")
      let streams = try await StreamRehearsal().trials()
      Console.say("Twins …")
      let twins = try await TwinRehearsal().trials()
      let result = SelftestResult(clocks: clocks, streams: streams, twins: twins)
      let view = SelftestView(result: result)
      try Console.data(json ? view.json.canonicalText + "\n" : view.text)
      guard let reason = result.reasons.first else {
        return Console.say("tryout: the selftest holds")
      }
      let others = result.reasons.count - 1
      let more = others > 0 ? ", and \(Format.count(others, "other thing"))" : ""
      Console.say("tryout: the selftest failed: \(reason)\(more)")
      throw ExitCode(1)
    }
  }
}

import Testing

/// The selftest as a program; one run, since it takes the machine for itself.
@Suite(.timeLimit(.minutes(2)))
struct SelftestTests {
  private struct Document: Decodable {
    struct Errors: Decodable {
      var min: Int
      var p5: Int
      var p50: Int
      var p95: Int
      var p99: Int
      var max: Int
    }
    struct Clock: Decodable {
      var streams: Int
      var answers: Int
      var toleranceNs: Int
      var ttftErrorNs: Errors
      var latencyErrorNs: Errors
    }
    struct Stream: Decodable {
      var id: String
      var plays: Int
      var violations: [String]
    }
    struct Twin: Decodable {
      var clock: String
      var pairs: Int
      var low: Double
      var high: Double
      var different: Bool
    }
    var holds: Bool
    var reasons: [String]
    var clocks: [Clock]
    var streams: [Stream]
    var twins: [Twin]
  }

  /// Beside other tests processors are short, so that median errors may be called too large: a verdict like any other.
  @Test func saysWhatItFound() async throws {
    let folder = try ScratchFolder()
    let command = try Command(
      ["selftest", "--streams", "1,20", "--json"], in: folder, seconds: 100)
    let outcome = try await command.end()
    let document = try folder.decode(Document.self, outcome.output)
    #expect(outcome.code == (document.holds ? 0 : 1), "\(outcome.errors)")
    #expect(document.holds == document.reasons.isEmpty)
    #expect(document.reasons.filter { !$0.contains("median error") } == [])
    let verdict = document.holds ? "holds" : "failed: \(document.reasons.first ?? "")"
    #expect(outcome.lastErrors[1].hasPrefix("tryout: the selftest \(verdict)"))
    #expect(document.clocks.map(\.streams) == [1, 20])
    for clock in document.clocks {
      for errors in [clock.ttftErrorNs, clock.latencyErrorNs] {
        let ordered = [0, errors.min, errors.p5, errors.p50, errors.p95, errors.p99, errors.max]
        #expect(ordered == ordered.sorted())
        #expect(errors.p50 <= clock.toleranceNs || !document.holds)
      }
      #expect(clock.answers >= 3 * clock.streams)
    }
    #expect(document.streams.count > 70)
    #expect(document.streams.allSatisfy { $0.violations.isEmpty && (1...3).contains($0.plays) })
    #expect(document.twins.map(\.clock) == ["ttft", "latency"])
    #expect(document.twins.allSatisfy { !$0.different && $0.low <= 1 && $0.high >= 1 })
    let files = try folder.files().keys
    #expect(files.allSatisfy { $0.hasPrefix(".prints") })
  }

  @Test(arguments: ["", "0", "1,,2", "a", "-1", "10001"])
  func countsOfStreamsAreChecked(counts: String) async throws {
    let folder = try ScratchFolder()
    let outcome = try await folder.tryout("selftest", "--streams=\(counts)")
    #expect(outcome.code == 64)
    #expect(outcome.output.isEmpty)
  }
}

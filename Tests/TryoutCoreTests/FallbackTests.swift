import Testing
import TryoutCore

struct FallbackTests {
  @Test(arguments: FailureKind.allCases)
  func everyKindDecides(kind: FailureKind) {
    let here = Fallback.helps(after: kind, at: "a", next: "a")
    let elsewhere = Fallback.helps(after: kind, at: "a", next: "b")
    switch kind.scope {
    case .time where kind == .timeoutConnect: #expect(!here && elsewhere)
    case .model, .upstream, .time, .stream: #expect(here && elsewhere)
    case .account, .network: #expect(!here && elsewhere)
    case .harness: #expect(!here && !elsewhere)
    case .request:
      let isOfTheModel = kind == .contextLength || kind == .unsupported
      #expect(here == isOfTheModel && elsewhere == isOfTheModel)
    }
  }

  /// Runs that follow each other in one process all hear of a signal.
  @Test func interruptionsReachTheNextListener() async {
    let interruption = Interruption()
    let first = Task { await interruption.wait() }
    first.cancel()
    #expect(await first.value == false)
    interruption.signal()
    #expect(await interruption.wait())
    async let second = interruption.wait()
    interruption.signal()
    #expect(await second)
  }
}

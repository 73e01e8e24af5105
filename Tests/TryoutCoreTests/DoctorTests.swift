import Testing
import TryoutCore

struct DoctorTests {
  private func account(_ variable: String? = "LAB_KEY") throws -> Account {
    Account(
      id: "lab", provider: try #require(Provider.preset(named: "openrouter")),
      baseURL: "https://x.test/v1", keyVariable: variable)
  }

  // MARK: The way there

  @Test func aRefusalIsAnAnswerAndSilenceIsNone() throws {
    var exchange = Exchange(failure: Failure(.auth, "no"))
    exchange.httpStatus = 401
    #expect(Finding.network(try account(), exchange).state == .ok)
    exchange.httpStatus = 502
    #expect(Finding.network(try account(), exchange).state == .warning)
    exchange.httpStatus = nil
    exchange.failure = Failure(.dns, "No address found.")
    let finding = Finding.network(try account(), exchange)
    #expect(finding.state == .problem && finding.found == "dns: No address found.")
    #expect(finding.advice?.contains("name server") == true)
  }

  @Test(arguments: [
    (1000.0, 1000.4, Finding.State.ok), (1000, 1005, .ok), (1000, 1090.5, .warning),
    (1000, 910.5, .warning),
  ])
  func clocksMayBeSecondsApart(_ server: Double, _ own: Double, _ state: Finding.State) throws {
    let finding = Finding.clock(try account(), server: server, own: own)
    #expect(finding.state == state)
    if state == .warning {
      #expect(finding.found.contains(own > server ? "90 s ahead of" : "90 s behind"))
    }
  }

  @Test func aServerWithoutATimeLeavesTheClockUnknown() throws {
    #expect(Finding.clock(try account(), server: nil, own: 1).state == .unknown)
  }

  // MARK: Keys and quotas

  @Test func aKeyIsMissingRefusedAcceptedOrNotKnown() throws {
    func state(
      _ isSet: Bool, _ isWanted: Bool, _ refusal: FailureKind?, isProven: Bool = false
    ) throws -> Finding.State {
      let failure = refusal.map { Failure($0, "said no.") }
      return Finding.key(
        try account(), lack: isSet ? nil : "It is not set.", isWanted: isWanted, refusal: failure,
        isProven: isProven
      ).state
    }
    #expect(try state(false, true, nil) == .problem)
    #expect(try state(false, false, nil) == .warning)
    #expect(try state(true, true, nil) == .unknown)
    #expect(try state(true, true, nil, isProven: true) == .ok)
    #expect(try state(true, true, .auth) == .problem)
    #expect(try state(true, true, .server) == .unknown)
    let none = try account(nil)
    #expect(Finding.key(none, lack: nil, isWanted: true, refusal: nil).state == .ok)
    let wanted = Finding.key(none, lack: nil, isWanted: true, refusal: Failure(.auth, "no"))
    #expect(wanted.state == .problem)
  }

  @Test func whatIsNotToldOfAQuotaIsUnknown() throws {
    #expect(Finding.quota(try account(), nil).state == .unknown)
    var reading = KeyReading()
    #expect(Finding.quota(try account(), reading).state == .unknown)
    reading.freeRemaining = 12
    reading.isFreeTier = true
    let finding = Finding.quota(try account(), reading)
    #expect(finding.state == .ok && finding.found == "free tier, 12 free requests left today")
    reading.freeRemaining = 0
    #expect(Finding.quota(try account(), reading).state == .warning)
    reading.freeRemaining = nil
    reading.limitRemaining = ExactAmount("0")
    #expect(Finding.quota(try account(), reading).state == .warning)
  }

  // MARK: Targets

  @Test func aTargetIsWhatListAndLastAttemptSay() {
    let target = Target(id: "t", account: "lab", model: "a/b:free", limit: "l", freeOnly: true)
    var listing = ModelListing(id: "a/b:free", prices: ["prompt": .zero, "completion": .zero])
    func finding(_ standing: ModelStanding?, _ failure: FailureKind? = nil, heir: String? = nil)
      -> Finding
    {
      Finding.target(
        target, standing, last: LastEnding(failure: failure, replacement: heir, at: 0),
        nearest: "z/near:free")
    }
    #expect(finding(.fine(listing)).state == .ok)
    #expect(finding(.fine(listing), .overloaded).state == .ok)
    #expect(finding(nil).state == .unknown)
    let gated = finding(.fine(listing), .gated)
    #expect(gated.state == .problem && gated.found.contains("ended as gated on 1970-01-01"))
    let dead = finding(.unlisted)
    #expect(dead.state == .problem && dead.advice == "Take z/near:free and measure it.")
    // What the provider named counts more than what is near.
    #expect(finding(.unlisted, .freeEnded, heir: "a/b").advice == "Take a/b and measure it.")
    #expect(finding(.priced(listing)).advice?.contains("free_only: false") == true)
    #expect(finding(.blocked(listing)).found.hasPrefix("blocked by the account"))
    #expect(finding(.expired(listing)).state == .warning)
    listing.expires = "2027-01-01"
    #expect(finding(.fine(listing)).state == .warning)
  }

  @Test func idsThatListsWriteOtherwiseAreFound() {
    let catalogue = Catalogue(
      source: "s", takenAt: 0,
      models: [ModelListing(id: "a/b"), ModelListing(id: "models/gemini-x")])
    for id in ["a/b", "a/b:nitro", "gemini-x"] {
      #expect(catalogue.standing(of: id, mustBeFree: false) != .unlisted, "\(id)")
    }
    for id in ["a/b:free", "a/c:nitro"] {
      #expect(catalogue.standing(of: id, mustBeFree: false) == .unlisted, "\(id)")
    }
  }

  // MARK: Exit codes

  @Test func theWorstDecides() {
    func finding(
      _ topic: Finding.Topic, _ state: Finding.State, _ subject: String = "lab"
    ) -> Finding { Finding(topic, subject, state, "") }
    func code(_ findings: Finding..., missing: Set<String> = []) -> Int32 {
      Diagnosis(findings, missingKeys: missing).exitCode
    }
    #expect(code() == 0)
    #expect(code(finding(.network, .ok), finding(.clock, .warning)) == 0)
    #expect(code(finding(.network, .ok), finding(.target, .problem)) == 1)
    #expect(code(finding(.network, .problem)) == 69)
    #expect(code(finding(.network, .ok), finding(.key, .problem)) == 69)
    #expect(code(finding(.network, .problem), finding(.network, .ok, "other")) == 1)
    #expect(code(finding(.network, .ok), finding(.key, .problem), missing: ["lab"]) == 64)
    #expect(code(finding(.database, .problem), missing: ["lab"]) == 74)
    #expect(
      Diagnosis([finding(.key, .problem), finding(.clock, .warning), finding(.quota, .warning)])
        .sentence == "1 problem, 2 warnings")
    #expect(Diagnosis([finding(.network, .ok)]).sentence == "everything is in order")
  }
}

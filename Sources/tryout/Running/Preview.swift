import TryoutCore
import TryoutStore

/// A plan in numbers: what is left to ask, requests, time under the limits, cost, and what the samples can show.
struct Preview {
  /// What is known besides the suite.
  struct Circumstances {
    /// Nanoseconds since 1970.
    var anchor: Int64
    /// Requests that count in the limits' windows.
    var prior: [Scheduler.Prior] = []
    /// How long an answer is imagined to take; nil believes earlier runs, or else `usualServiceTime`.
    var serviceTime: Duration?
    var experience: Experience?
    /// What catalogues say of models whose targets the suite does not price, by target id.
    var listings: [String: ModelListing] = [:]
    /// What providers last said about the keys today, by account id, and when.
    var readings: [String: (KeyReading, takenAt: Int64)] = [:]
    /// The run that would be resumed, with what it has done.
    var resumed: (run: RunRecord, done: Store.Done)?
  }

  /// Where nothing is known about a model.
  static let usualServiceTime = Duration.seconds(2)
  /// The spread of the logarithm of two targets' latency ratio where no earlier run tells: that of short answers to
  /// the same question.
  static let usualSpread = 0.3

  let plan: Plan
  /// Nil where a run would draw one.
  let seed: UInt64?
  let circumstances: Circumstances
  /// Today's requests that the providers know of and the database does not.
  let unknown: [Scheduler.Prior]
  let standing: Standing
  let forecast: Forecast
  let resolution: Resolution
  let costs: [Cost]
  let advice: Advice?
  /// Requests that may come on top of the plan, by limit.
  let extra: Extra

  init(_ suite: Suite, seed: UInt64?, _ circumstances: Circumstances) {
    let seed = circumstances.resumed?.run.seed ?? seed ?? suite.run.seed
    let plan = Plan(suite, seed: seed ?? 0)
    let done = circumstances.resumed?.done
    let compare: @Sendable (Plan) -> Standing = { plan in
      done.map { Standing(of: plan, $0) } ?? Standing(of: plan)
    }
    let serviceTime = Preview.serviceTime(circumstances)
    standing = compare(plan)
    unknown = suite.unknownRequests(
      beside: circumstances.prior, circumstances.readings, anchor: circumstances.anchor)
    let prior = circumstances.prior + unknown
    forecast = Forecast(
      plan, anchor: circumstances.anchor, serviceTime: serviceTime, prior: prior,
      standing: standing)
    resolution = Resolution(plan)
    costs = Cost.all(of: plan, standing, circumstances)
    advice = Advice(
      resolution, isComplete: forecast.ending == .complete,
      Nights(
        suite, seed: seed ?? 0, anchor: circumstances.anchor, serviceTime: serviceTime,
        prior: prior, standing: compare))
    extra = Extra(of: plan)
    self.plan = plan
    self.seed = seed
    self.circumstances = circumstances
  }

  var suite: Suite { plan.suite }

  var serviceTime: Duration { Preview.serviceTime(circumstances) }

  private static func serviceTime(_ circumstances: Circumstances) -> Duration {
    circumstances.serviceTime ?? circumstances.experience?.serviceTime ?? usualServiceTime
  }

  /// The standard deviation that the detectable ratio rests on.
  var spread: Double { circumstances.experience?.pairedSpread ?? Preview.usualSpread }

  /// What is used up of a window that counts days; nil for shorter ones.
  func used(_ window: Limit.Window, of limit: Limit) -> Int? {
    guard window.period.isDaily else { return nil }
    let begin =
      window.period == .day
      ? Duration.nanoseconds(-(circumstances.anchor % 86_400_000_000_000))
      : .zero - window.period.length
    let today = circumstances.prior.filter { $0.limit == limit.id && $0.time >= begin }
    guard window.resource == .tokens else { return today.count }
    let unknown = today.contains { $0.tokens == nil } ? plan.mostTokens(on: limit.id) : 0
    return today.reduce(0) { $0 + ($1.tokens ?? unknown) }
  }

  /// What is left of a window that counts days, and whether the provider's figure says so, which is smaller than what
  /// the database leaves; nil for shorter windows.
  func left(of window: Limit.Window, of limit: Limit) -> (count: Int, isProviders: Bool)? {
    guard let used = used(window, of: limit) else { return nil }
    let unknown =
      window.period == .day && window.resource == .requests
      ? unknown.count { $0.limit == limit.id } : 0
    return (max(window.count - used - unknown, 0), unknown > 0)
  }
}

extension Preview {
  /// What may be asked for when the samples are through, at most; retries are not counted.
  struct Extra {
    /// Votes about answers, by the limit of the target that judges.
    let votes: [String: Int]
    /// Requests for measuring again what is about to fail against the baseline, votes about these included.
    let confirming: [String: Int]

    init(of plan: Plan) {
      votes = plan.suite.mostVotes(in: plan)
      guard let suite = plan.suite.mostConfirmed else {
        confirming = [:]
        return
      }
      let again = Plan(suite, seed: plan.seed)
      var requests = suite.mostVotes(in: again)
      for index in again.samples.indices {
        requests[suite.targets[again.targetIndex(of: index)].limit, default: 0] += 1
      }
      confirming = requests
    }
  }

  /// What would fit better than the plan.
  struct Advice {
    /// The most repeats that complete tonight; nil where all of them do.
    var fitting: Int?
    /// Nights that all repeats take; nil where one is enough, or too many would be.
    var nights: Int?
    /// Repeats from which on p95 has an interval for every target, and the nights that they take.
    var repeatsForP95: Int?
    var nightsForP95: Int?

    /// Nil where the plan fits and shows p95, and under an open load, whose schedule says what is sent.
    init?(_ resolution: Resolution, isComplete: Bool, _ nights: Nights) {
      guard nights.suite.run.load == .closed, !isComplete || resolution.repeatsForP95 != nil else {
        return nil
      }
      if !isComplete {
        fitting = nights.fittingRepeats
        self.nights = nights.needed(for: nights.suite.run.samples)
      }
      repeatsForP95 = resolution.repeatsForP95
      nightsForP95 = repeatsForP95.flatMap(nights.needed)
    }
  }

  /// What the samples of one target that are left to ask will cost, in US dollars.
  struct Cost {
    var target: String
    /// Measured samples, done ones included, and those that are not.
    var samples: Int
    var missing: Int
    /// If every answer uses its whole allowance; nil without a price.
    var worst: Double?
    /// Why a run will ask nothing of a target that must be free; nil where it may.
    var refusal: String?
    /// If answers cost what they did in earlier runs; nil where that is not known.
    var expected: Double?
  }
}

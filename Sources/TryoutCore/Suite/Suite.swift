/// A suite as written, with every default filled in, every file read and every reference resolved.
package struct Suite: Sendable, Equatable, Codable {
  package var name: String
  package var description: String?
  package var accounts: [Account]
  package var limits: [Limit]
  package var targets: [Target]
  package var prompts: [Prompt]
  package var cases: [Case]
  /// Combinations that are left out of targets × prompts × cases.
  package var exclusions: [Exclusion]
  package var judges: [Judge]
  package var run: RunPolicy
  package var gates: [Gate]
  package var recommendation: RecommendationRule?
  package var reportFormats: [String]

  package init(
    name: String, description: String? = nil, accounts: [Account], limits: [Limit] = [],
    targets: [Target], prompts: [Prompt], cases: [Case] = [Case(id: "default")],
    exclusions: [Exclusion] = [], judges: [Judge] = [], run: RunPolicy = RunPolicy(),
    gates: [Gate] = [], recommendation: RecommendationRule? = nil, reportFormats: [String] = []
  ) {
    self.name = name
    self.description = description
    self.accounts = accounts
    self.limits = limits
    self.targets = targets
    self.prompts = prompts
    self.cases = cases
    self.exclusions = exclusions
    self.judges = judges
    self.run = run
    self.gates = gates
    self.recommendation = recommendation
    self.reportFormats = reportFormats
  }
}

/// A bucket of requests, tokens or concurrency that targets share.
package struct Limit: Sendable, Hashable, Codable {
  package struct Window: Sendable, Hashable, Codable {
    package enum Resource: String, Sendable, Codable { case requests, tokens }
    package enum Period: String, Sendable, Codable, CaseIterable {
      case second = "s"
      case minute = "min"
      case hour = "h"
      /// Begins at 00:00 UTC; all others slide.
      case day
      /// A day that slides.
      case rolling = "24h"

      package var length: Duration {
        switch self {
        case .second: .seconds(1)
        case .minute: .seconds(60)
        case .hour: .seconds(3600)
        case .day, .rolling: .seconds(86400)
        }
      }

      /// Whether it counts what a day allows: a quota to be used up, and not a pace to be kept.
      package var isDaily: Bool { self == .day || self == .rolling }
    }

    package var resource: Resource
    package var count: Int
    package var period: Period

    package init(_ resource: Resource, _ count: Int, per period: Period) {
      self.resource = resource
      self.count = count
      self.period = period
    }
  }

  package var id: String
  package var account: String
  package var windows: [Window]
  /// Requests in flight at once.
  package var concurrency: Int
  /// Requests that need not keep the even gap of a window of seconds or minutes; nil is one.
  package var burst: Int?

  package init(
    id: String, account: String, windows: [Window] = [], concurrency: Int = 1, burst: Int? = nil
  ) {
    self.id = id
    self.account = account
    self.windows = windows
    self.concurrency = concurrency
    self.burst = burst
  }
}

/// A model at an account with its parameters: what is compared.
package struct Target: Sendable, Hashable, Codable {
  package var id: String
  package var account: String
  package var model: String
  /// The limit it draws from; every target has one.
  package var limit: String
  package var freeOnly: Bool
  package var stream: Bool
  package var parameters: [String: JSON]
  package var route: JSON?
  package var price: Price?

  package init(
    id: String, account: String, model: String, limit: String, freeOnly: Bool = false,
    stream: Bool = true, parameters: [String: JSON] = [:], route: JSON? = nil, price: Price? = nil
  ) {
    self.id = id
    self.account = account
    self.model = model
    self.limit = limit
    self.freeOnly = freeOnly
    self.stream = stream
    self.parameters = parameters
    self.route = route
    self.price = price
  }
}

/// A price list entry, used only where the API reports no cost.
package struct Price: Sendable, Hashable, Codable {
  /// US dollars for one token.
  package var input: Double
  package var output: Double

  package init(input: Double, output: Double) {
    self.input = input
    self.output = output
  }

  /// The cost of a usage whose two counts are known.
  package func cost(of usage: Usage) -> Double? {
    guard let prompt = usage.prompt, let completion = usage.completion else { return nil }
    return Double(prompt) * input + Double(completion) * output
  }
}

/// One wording, with `{{ name }}` where a case's variable goes.
package struct Prompt: Sendable, Hashable, Codable {
  package var id: String
  package var system: Template?
  package var user: Template

  package init(id: String, system: Template? = nil, user: Template) {
    self.id = id
    self.system = system
    self.user = user
  }
}

/// One set of variables, with the checks that its answers must pass.
package struct Case: Sendable, Hashable, Codable {
  package var id: String
  package var tags: [String]
  package var variables: [String: String]
  /// The suite's checks followed by the case's own.
  package var checks: [Check]

  package init(
    id: String, tags: [String] = [], variables: [String: String] = [:], checks: [Check] = []
  ) {
    self.id = id
    self.tags = tags
    self.variables = variables
    self.checks = checks
  }
}

/// A combination to leave out; nil matches everything.
package struct Exclusion: Sendable, Hashable, Codable {
  package var target: String?
  package var prompt: String?
  package var caseID: String?

  package init(target: String? = nil, prompt: String? = nil, caseID: String? = nil) {
    self.target = target
    self.prompt = prompt
    self.caseID = caseID
  }

  /// Whether the combination is one of those left out.
  package func matches(target: String, prompt: String, caseID: String) -> Bool {
    (self.target ?? target) == target && (self.prompt ?? prompt) == prompt
      && (self.caseID ?? caseID) == caseID
  }
}

/// A target that grades other targets' answers by a rubric.
package struct Judge: Sendable, Hashable, Codable {
  /// What several votes come to.
  package enum Tally: String, Sendable, Codable, CaseIterable {
    /// The median: it reaches a score where the majority does.
    case majority
    case mean
  }

  package var id: String
  package var target: String
  package var rubric: String
  /// An odd number, so that there is a majority.
  package var votes: Int
  package var by: Tally
  package var neverJudge: [String]
  /// Whether it may grade models of its own family; never its own target.
  package var ownFamily: Bool

  package init(
    id: String, target: String, rubric: String, votes: Int = 1, by: Tally = .majority,
    neverJudge: [String] = [], ownFamily: Bool = false
  ) {
    self.id = id
    self.target = target
    self.rubric = rubric
    self.votes = votes
    self.by = by
    self.neverJudge = neverJudge
    self.ownFamily = ownFamily
  }
}

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How much the ratio of two targets' latencies differs from question to question, pooled over pairs of targets and
/// runs.
struct PairSpread: Sendable {
  private var squares = 0.0
  private var degrees = 0

  /// The latencies of one run, by what was asked.
  struct Run: Sendable {
    private struct Question: Hashable {
      var prompt: String
      var caseID: String
      var repetition: Int
    }

    private let targets: Int
    private var questions: [Question: [(target: Int, latency: Double)]] = [:]

    init(targets: Int) { self.targets = targets }

    mutating func add(_ sample: SampleRecord, of target: Int) {
      guard targets > 1, let latency = sample.latency, latency > 0 else { return }
      let identity = sample.identity
      let question = Question(
        prompt: identity.prompt, caseID: identity.caseID, repetition: identity.repetition)
      questions[question, default: []].append((target, log(Double(latency))))
    }

    /// For each pair of targets the logarithms of the ratios: how many, their mean, and the squares around it.
    ///
    /// Source: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4,
    /// 1962.
    var pairs: [(count: Int, squares: Double)] {
      var pairs = Array(
        repeating: (count: 0, mean: 0.0, squares: 0.0), count: targets * targets)
      for latencies in questions.values {
        for a in latencies {
          for b in latencies where a.target < b.target {
            let pair = a.target * targets + b.target
            let ratio = a.latency - b.latency
            let distance = ratio - pairs[pair].mean
            pairs[pair].count += 1
            pairs[pair].mean += distance / Double(pairs[pair].count)
            pairs[pair].squares += distance * (ratio - pairs[pair].mean)
          }
        }
      }
      return pairs.map { ($0.count, $0.squares) }
    }
  }

  mutating func add(_ run: Run) {
    for pair in run.pairs where pair.count > 1 {
      squares += pair.squares
      degrees += pair.count - 1
    }
  }

  /// The standard deviation of ln(a / b); nil below ten degrees of freedom, which would say too little.
  var deviation: Double? { degrees < 10 ? nil : (squares / Double(degrees)).squareRoot() }
}

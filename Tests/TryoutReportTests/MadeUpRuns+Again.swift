import TryoutCore
import TryoutReport

extension MadeUpRuns {
  /// The night after the usual one, compared with it: one target is slower, one fails more, one is asked otherwise, one
  /// is gone and one has a name that nobody should have.
  static var again: Report {
    let base = usual.run
    var head = base
    head.id = "night-18"
    head.suite.targets.removeAll { $0.id == "scarce" }
    head.startedAt += 86_400_000_000_000
    head.suite.targets[3].parameters = ["temperature": 1]
    var before = answers(of: samples)
    before["whole"] = answers(of: samples.filter { $0.identity.target == "whole" })["whole"]
    let baseline = Baseline(base, called: poison, answers: before, for: head)
    var builder = Report.Builder(run: head, baseline: baseline)
    for var sample in samples {
      switch sample.identity.target {
      case "slow": sample.latency = sample.latency.map { $0 * 13 / 10 + Int64($0 % 7919) }
      case "shaky" where sample.identity.repetition % 5 == 0:
        sample = failure("shaky", sample.identity.repetition, .server)
      case "quick" where sample.identity.repetition % 2 == 0:
        sample.ttft = sample.ttft.map { $0 * 101 / 100 }
      case "whole": sample.identity.id += "-edited"
      case "scarce": continue
      default: break
      }
      builder.add(sample)
    }
    return builder.finish()
  }

  private static func answers(of samples: [SampleRecord]) -> [String: Answers] {
    samples.reduce(into: [:]) {
      $0[$1.identity.target, default: Answers(by: .content)].add($1)
    }
  }
}

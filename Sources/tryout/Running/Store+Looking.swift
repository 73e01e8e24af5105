import TryoutCore
import TryoutStore

extension Store {
  /// What an adaptive run has decided by what is stored of it: the same whenever it is asked.
  func adaptation(of run: String, _ plan: Plan) throws -> Adaptation {
    var samples: [SampleRecord] = []
    try forEachSample(of: run) { samples.append($0) }
    var adaptation = Adaptation(plan)
    adaptation.take(samples)
    return adaptation
  }
}

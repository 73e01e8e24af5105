import TryoutCore
import TryoutStore

extension Session {
  /// Takes the quotas that the suite's limits are about, and waits while another run of this database uses one of them:
  /// false where a signal ended the waiting.
  ///
  /// Two runs on one quota would each have to know what the other is about to send, and would measure each other.
  func claimQuotas(for run: String) async throws -> Bool {
    let quotas = suite.quotas
    guard !quotas.isEmpty else { return true }
    var other: Store.Claimant?
    while let claimant = try store.claim(quotas.keys, for: run) {
      if claimant != other {
        let accounts = (quotas[claimant.quota] ?? []).joined(separator: ", ")
        Console.say(
          "Waiting for run \(claimant.run) (process \(claimant.process)), which is using the quota of \(accounts). "
            + "Ctrl-C leaves this run for a resume.")
      }
      other = claimant
      // The signals' own stream belongs to the run that comes after.
      for _ in 0..<5 {
        guard signals.first == nil else { return false }
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    return true
  }
}

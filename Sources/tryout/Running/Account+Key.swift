import Foundation
import TryoutCore

extension Account {
  /// The key in the variable that the account names; nil where it names none or the variable is not set.
  func key(in environment: [String: String]) -> String? {
    let key = keyVariable.flatMap { environment[$0] }?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return key?.isEmpty == false ? key : nil
  }
}

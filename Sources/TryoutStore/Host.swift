import Foundation

/// This machine and this process, as a run's row names them.
enum Host {
  static let name = ProcessInfo.processInfo.hostName
  static let processID = Int64(ProcessInfo.processInfo.processIdentifier)

  /// Whether a process of this machine still exists.
  static func isAlive(_ processID: Int64) -> Bool {
    guard let id = pid_t(exactly: processID), id > 0 else { return false }
    return kill(id, 0) == 0 || errno == EPERM
  }
}

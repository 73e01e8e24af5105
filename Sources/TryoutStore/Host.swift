import Foundation

/// This machine and this process, as a run's row names them.
enum Host {
  /// The machine's name with the id of its last start, where the system tells: no process outlives a restart.
  static let name: String = {
    let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    let id = boot?.prefix(8).description
    return ProcessInfo.processInfo.hostName + (id.map { "/\($0)" } ?? "")
  }()

  /// The number of this process with the moment of its start, since numbers are used again.
  static let process: String = {
    let number = ProcessInfo.processInfo.processIdentifier
    return "\(number):\(look(at: String(number))?.start ?? "")"
  }()

  /// Whether a process of this machine, named as `process` names this one, is still at work.
  ///
  /// One that has ended stays in the system's table until its parent asks for it, in a container without an init for ever.
  static func isAlive(_ process: String) -> Bool {
    let parts = process.split(separator: ":", omittingEmptySubsequences: false)
    guard let number = parts.first.flatMap({ pid_t($0) }), number > 0 else { return false }
    guard kill(number, 0) == 0 || errno == EPERM else { return false }
    guard let found = look(at: String(number)) else { return true }
    return found.state != "Z" && found.state != "X" && (parts.count < 2 || found.start == parts[1])
  }

  /// A process's state, and clock ticks from the machine's start to its own: the third and the 22nd field of
  /// `/proc/N/stat` (proc(5)).
  private static func look(at number: String) -> (state: Substring, start: Substring)? {
    guard let stat = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    // The name in parentheses may hold spaces; the fields behind it begin with the third.
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? (fields[0], fields[19]) : nil
  }
}

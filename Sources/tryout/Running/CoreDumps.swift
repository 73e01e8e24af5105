import Foundation

/// Keeps keys out of the pictures of memory that a system takes of programs which crash.
enum CoreDumps {
  /// Forbids files of them, and on Linux empties what would be handed to a program such as systemd-coredump, which
  /// heeds no limit on files.
  ///
  /// What a debugger may do stays as it is. A system that refuses goes on without.
  static func forbid() {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(resource, &limit)
    #if os(Linux)
    // No kind of memory; see core(5).
    let filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
    guard filter >= 0 else { return }
    _ = write(filter, "0", 1)
    close(filter)
    #endif
  }

  #if canImport(Darwin)
  private static let resource = RLIMIT_CORE
  #else
  private static let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
  #endif
}

import Foundation

/// A process to be, with every signal as the system sets it.
///
/// It gets the files that are named, and of those that are open here no other but stdin, stdout and stderr.
/// Foundation's `Process` is not used: that of Swift 6.3 reads past the names of the open files on Linux, which ends the
/// caller now and then (https://github.com/swiftlang/swift-corelibs-foundation/pull/5472).
struct Launch {
  let words: [String]
  /// As `NAME=value`.
  let environment: [String]
  /// Where it begins; nil for where this process is.
  let folder: String?
  /// What is open here, and the number that it has there.
  let files: [(own: Int32, its: Int32)]
  /// Whether it is the first of a new group, with which all that it starts can be ended; that group may not ask the
  /// terminal for anything.
  let leadsGroup: Bool

  /// The new process's id; nil, and `errno` says why, where there is none.
  func start() -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for file in files { posix_spawn_file_actions_adddup2(&actions, file.own, file.its) }
    if let folder { _ = changeFolder(&actions, folder) }
    var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    if leadsGroup { flags |= POSIX_SPAWN_SETPGROUP }
    #if canImport(Darwin)
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    for standard in 0..<3 where !files.contains(where: { $0.its == standard }) {
      posix_spawn_file_actions_addinherit_np(&actions, standard)
    }
    #else
    _ = closeAll(&actions, 3)
    #endif
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var arguments = words.map { strdup($0) } + [nil]
    var environment = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &environment)
    errno = error
    return error == 0 ? process : nil
  }
}

// glibc declares these only under `_GNU_SOURCE`, where Swift does not see them.

@_silgen_name("posix_spawn_file_actions_addchdir_np")
private func changeFolder(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
) -> Int32

#if !canImport(Darwin)
/// Closes everything from a number on; since glibc 2.34.
@_silgen_name("posix_spawn_file_actions_addclosefrom_np")
private func closeAll(
  _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: Int32
) -> Int32
#endif

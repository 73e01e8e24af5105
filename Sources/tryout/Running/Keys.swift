import Foundation
import TryoutCore

extension Suite {
  /// The accounts that targets use, in the suite's order.
  var accountsInUse: [Account] {
    accounts.filter { account in targets.contains { $0.account == account.id } }
  }

  /// The keys of the accounts that targets use, by account id.
  ///
  /// Commands run only where `allowExec` says so. Throws where a key is missing, or is kept where others can read it.
  func keys(allowExec: Bool) throws -> [String: String] {
    var keys: [String: String] = [:]
    for account in accountsInUse {
      guard let source = account.key else { continue }
      do {
        keys[account.id] = try source.read(allowExec: allowExec)
      } catch let error as UserError {
        throw UserError(error.code, "Account \(account.id): \(error.description)")
      }
    }
    return keys
  }
}

extension Account {
  /// The key where it can be had without running a program; nil also where it is missing or not kept as it must be.
  var availableKey: String? { try? key?.read(allowExec: false) }
}

extension KeySource {
  /// A larger file or output is something else.
  private static let mostBytes = 16 << 10
  /// How long a program may take: somebody may have to unlock something.
  private static let patience = Duration.seconds(30)

  /// The key itself, white space around it taken off.
  func read(allowExec: Bool) throws -> String {
    let text: String
    switch self {
    case .variable(let name):
      text = ProcessInfo.processInfo.environment[name] ?? ""
      guard text.contains(where: { !$0.isWhitespace }) else {
        throw UserError(
          .usage,
          "It needs a key in the environment variable \(name), which is not set. Export it, or write "
            + "`key_env: none` where no key is needed.")
      }
    case .file(let path): text = try KeySource.contents(of: path)
    case .command(let words):
      guard allowExec else {
        throw UserError(
          .usage,
          "Its key_command would run `\(name)`. Allow it with --allow-exec if you trust the suite.")
      }
      text = try KeySource.output(of: words)
    }
    let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !key.isEmpty else { throw UserError(.usage, "\(name) holds no key.") }
    guard key.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      let what =
        key.contains(where: \.isNewline) ? "more than one line" : "something else than a key"
      throw UserError(
        .usage, "\(name) holds \(what): a key is one word of ASCII, with nothing beside it.")
    }
    return key
  }

  /// What a program prints, such as the client of a secret manager.
  private static func output(of words: [String]) throws -> String {
    let run = ProgramRun(asUser: words, limit: patience, mostOutput: mostBytes)
    let problem: String
    switch run.outcome(of: []) {
    case .exited(0, let output, _): return output
    case .exited(let code, _, _): problem = "failed with code \(code)"
    case .signalled(let signal): problem = "was ended by signal \(signal)"
    case .notStarted(let why): problem = "cannot be started: \(why)"
    case .tooMuch: problem = "printed no key, but more than \(mostBytes >> 10) kB"
    case .overdue, .cancelled: problem = "printed no key within \(patience.brief)"
    }
    throw UserError(.usage, "The program \(words[0]) of its key_command \(problem).")
  }

  /// The text of a file that nobody but its owner may read: looked at and read through one descriptor.
  private static func contents(of path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw UserError(
        .usage, "The key file \(path) cannot be opened: \(String(cString: strerror(errno))).")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw UserError(.usage, "The key file \(path) is not a regular file.")
    }
    guard facts.st_mode & 0o077 == 0 else {
      throw UserError(
        .usage,
        "The key file \(path) may be read by others (mode \(String(facts.st_mode & 0o777, radix: 8))). "
          + "Close it with `chmod 600`, and change the key if it was open for long.")
    }
    guard let data = try? file.read(upToCount: mostBytes + 1), data.count <= mostBytes,
      let text = String(validating: data, as: UTF8.self)
    else { throw UserError(.usage, "The key file \(path) does not hold a key.") }
    return text
  }
}

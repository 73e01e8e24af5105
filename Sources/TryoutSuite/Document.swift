import Yams

/// One YAML document, refused where it holds what a suite may not contain.
enum Document {
  /// The root of the document; nil, with diagnostics, where there is none that could be read.
  static func root(of text: String, file: String, collector: Collector) -> Cursor? {
    var text = text
    var repeated = RepeatedKeys()
    while true {
      do {
        guard let node = try compose(text, file: file, collector: collector) else { return nil }
        let cursor = Cursor(
          node: repeated.joined(node), path: Cursor.rootPath, file: file, collector: collector)
        guard !cursor.isNothing else {
          refuseNothing(file, collector)
          return nil
        }
        inspect(cursor)
        return cursor
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        // Yams ends here: with another name for one of them, the rest of the document is read too.
        let key = keys.first ?? ""
        collector.error(
          "\(quoted(key)) is written more than once in one map",
          at: Place(file: file, line: context.mark.line, column: context.mark.column),
          expected: "each key once")
        guard let next = repeated.rename(key, at: context.mark, in: text) else { return nil }
        text = next
      } catch let error as YamlError {
        report(error, file: file, collector: collector)
        return nil
      } catch {
        collector.error("invalid YAML", at: Place(file: file))
        return nil
      }
    }
  }

  private static func compose(_ text: String, file: String, collector: Collector) throws -> Node? {
    guard try AliasExpansion(of: text).isSmall else {
      collector.error(
        "aliases expand to more than \(AliasExpansion.mostNodes) nodes",
        at: Place(file: file),
        expected: "a smaller document",
        advice: "write the values out, or read cases from a file"
      )
      return nil
    }
    // The encoding is said, because its default asks the environment.
    guard let node = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
      refuseNothing(file, collector)
      return nil
    }
    return node
  }

  private static func refuseNothing(_ file: String, _ collector: Collector) {
    collector.error(
      "the file is empty", at: Place(file: file), expected: "a suite", advice: start)
  }

  private static let start = "begin with version: 1 and suite: NAME"

  /// Walks over every node once.
  private static func inspect(_ root: Cursor) {
    var pending = [root]
    root.refuseTag()
    while let cursor = pending.popLast() {
      switch cursor.node {
      case .scalar(let scalar):
        if SecretLiteral.isIn(scalar.string) {
          cursor.error(
            "this looks like a key or token",
            expected: "no secret in a suite",
            advice: "put it into an environment variable and write its name as key_env"
          )
        }
      case .mapping(let mapping):
        for pair in mapping {
          let key = cursor.child(pair.key, path: cursor.path)
          if key.isMergeKey {
            key.error(
              "the merge key << is not read",
              expected: "the keys themselves",
              advice: "write them out, or use defaults.params"
            )
          }
          // Maps and lists as keys are refused where the map is read, and nothing looks into them.
          if key.isScalar { pending.append(key) }
          // Yams itself gives tags to keys, where it compares them.
          let value = cursor.child(pair.value, path: cursor.path)
          value.refuseTag()
          pending.append(value)
        }
      case .sequence(let sequence):
        for node in sequence {
          let element = cursor.child(node, path: cursor.path)
          element.refuseTag()
          pending.append(element)
        }
      case .alias: break
      }
    }
  }

  private static func report(_ error: YamlError, file: String, collector: Collector) {
    func refuse(_ message: String, _ mark: Mark, expected: String? = nil, advice: String? = nil) {
      collector.error(
        message,
        at: Place(file: file, line: mark.line, column: mark.column),
        expected: expected,
        advice: advice
      )
    }
    switch error {
    case .reader(let problem, let offset, _, let yaml):
      let read = yaml.prefix(offset ?? 0)
      let lines = read.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      let column = (lines.last?.unicodeScalars.count ?? 0) + 1
      collector.error(
        "invalid YAML: \(problem)",
        at: Place(file: file, line: lines.count, column: column)
      )
    case .composer(.some, _, let mark, _):
      // The composer gives a context only here.
      refuse(
        "a second YAML document begins",
        mark,
        expected: "one document",
        advice: "put each suite into a file of its own"
      )
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let whole = context.map { ", \($0.text) that begins at \($0.mark)" } ?? ""
      refuse("invalid YAML: \(problem)\(whole)", mark)
    default:
      collector.error("invalid YAML", at: Place(file: file))
    }
  }
}

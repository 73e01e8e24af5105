/// Finds the name that a user probably meant.
enum Suggestion {
  /// The nearest candidate within two edits, or a third of the word's length.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word)
    guard letters.count <= 100 else { return nil }
    let most = min(max(2, letters.count / 3), letters.count - 1)
    var best: (distance: Int, name: String)?
    for candidate in candidates where abs(candidate.count - letters.count) <= most {
      let distance = distance(letters, Array(candidate))
      if distance <= most, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.name
  }

  /// `did you mean "samples"?`, or nil.
  static func advice(for word: String, among candidates: some Sequence<String>) -> String? {
    nearest(to: word, among: candidates).map { "did you mean \(quoted($0))?" }
  }

  /// The Damerau–Levenshtein distance in its restricted form: no letter is edited twice.
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var cost = min(
          last[j + 1] + 1,
          row[j] + 1,
          last[j] + (left[i] == right[j] ? 0 : 1)
        )
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}

/// A text of the user as messages show it: in quotes, on one line, and not too long.
func quoted(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(60) {
    switch scalar {
    case "\n": shown += "\\n"
    case "\t": shown += "\\t"
    case _ where scalar.properties.generalCategory == .control || scalar == "\u{2028}":
      shown += "\\u{\(String(scalar.value, radix: 16))}"
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > 60 ? "\"\(shown)…\"" : "\"\(shown)\""
}

/// Names as messages list them: the first dozen, and how many more there are.
func listed(_ names: some Collection<String>) -> String {
  let shown = names.prefix(12).joined(separator: ", ")
  return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
}

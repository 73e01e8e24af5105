import Foundation

/// How a key may stand in a text besides as it is.
package enum KeyDisguise {
  /// The key as it is first, then as a URL, a text of JSON and base64 have it; each once.
  ///
  /// In base64 a key looks different by what stands before it, in three ways; of each only those characters are taken
  /// that belong to the key alone.
  package static func forms(of key: String) -> [String] {
    var forms = [key]
    for form in [escaped(key), escaped(key).lowercasingEscapes, key.replacing("/", with: #"\/"#)]
      + (0..<3).map({ base64(key, behind: $0) })
    where form.utf8.count >= 8 && !forms.contains(form) { forms.append(form) }
    return forms
  }

  private static func escaped(_ key: String) -> String {
    // What no URL needs to escape, by RFC 3986.
    let plain = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return key.addingPercentEncoding(withAllowedCharacters: plain) ?? key
  }

  private static func base64(_ key: String, behind count: Int) -> String {
    let bytes = Data(repeating: 0, count: count) + Data(key.utf8)
    // Four characters are three bytes: a character counts where all of its six bits are the key's.
    let first = (count * 8 + 5) / 6
    let last = bytes.count * 8 / 6
    return String(bytes.base64EncodedString().prefix(last).dropFirst(first))
  }
}

private extension String {
  /// `%2F` as `%2f`.
  var lowercasingEscapes: String { replacing(/%[0-9A-F]{2}/) { $0.output.lowercased() } }
}

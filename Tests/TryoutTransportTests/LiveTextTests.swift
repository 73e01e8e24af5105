import Testing

@testable import TryoutTransport

struct LiveTextTests {
  /// Whatever the pieces are, what is shown adds up to the text, whole characters at a time.
  @Test(arguments: 1...7)
  func piecesAddUp(size: Int) {
    let text = "naïve 🙂 日本 Lima"
    let live = LiveText()
    var shown = ""
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      live.add(bytes[start..<min(start + size, bytes.count)])
      let piece = live.take()
      #expect(text.hasPrefix(shown + piece))
      shown += piece
    }
    #expect(shown + live.take(isEnd: true) == text)
  }

  @Test(arguments: 1...9)
  func aKeyThatIsSentBackIsNotShown(size: Int) {
    let key = "sk-secret-sk-secret"
    let live = LiveText()
    live.hide(key)
    let bytes = Array("Your key \(key) is sk-se".utf8)
    var shown = ""
    for start in stride(from: 0, to: bytes.count, by: size) {
      live.add(bytes[start..<min(start + size, bytes.count)])
      shown += live.take()
    }
    shown += live.take(isEnd: true)
    #expect(shown == "Your key [key] is sk-se")
  }

  @Test func bytesThatAreNoTextDoNotHoldItUp() {
    let live = LiveText()
    live.add([0xFF, 0x80, 0x41, 0xF0])
    #expect(live.take().hasSuffix("A"))
    #expect(live.take(isEnd: true) == "\u{FFFD}")
  }
}

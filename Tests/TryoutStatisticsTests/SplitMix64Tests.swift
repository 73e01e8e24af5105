import Testing
import TryoutStatistics

/// Sequences recomputed in Python from the published algorithm; normal deviates by scipy 1.17.1.
struct SplitMix64Tests {
  @Test func drawsThePublishedSequence() {
    var generator = SplitMix64(seed: 1)
    let drawn = (0..<5).map { _ in generator.next() }
    #expect(
      drawn == [
        10_451_216_379_200_822_465, 13_757_245_211_066_428_519, 17_911_839_290_282_890_590,
        8_196_980_753_821_780_235, 8_195_237_237_126_968_761,
      ]
    )
  }

  @Test func indicesFollowFromTheSeed() {
    var generator = SplitMix64(seed: 42)
    let drawn = (0..<20).map { _ in generator.index(below: 10) }
    #expect(drawn == [7, 1, 2, 3, 0, 8, 2, 8, 3, 6, 2, 4, 5, 5, 6, 2, 1, 4, 0, 6])
  }

  @Test func unitsFollowFromTheSeed() {
    var generator = SplitMix64(seed: 42)
    for expected in [
      0.741564878771823, 0.15991039287692, 0.278601130255139, 0.344190716523638,
      0.0380301685402462,
    ] {
      #expect(isClose(generator.unit(), expected))
    }
  }

  @Test func normalDeviatesFollowFromTheSeed() {
    var generator = SplitMix64(seed: 42)
    for expected in [
      0.6481773613288507, -0.9948262318052001, -0.5870021533389602, -0.4010525521417847,
      -1.7740170078979525,
    ] {
      #expect(isClose(generator.normal(), expected))
    }
  }

  @Test func shuffleFollowsFromTheSeed() {
    var generator = SplitMix64(seed: 42)
    var values = Array(0..<10)
    generator.shuffle(&values)
    #expect(values == [8, 3, 6, 5, 4, 0, 9, 2, 1, 7])
  }

  @Test(arguments: [0, 1])
  func shufflingNothingDrawsNothing(count: Int) {
    var (used, fresh) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
    var values = Array(0..<count)
    used.shuffle(&values)
    #expect(used.next() == fresh.next())
  }
}

import Testing
import TryoutCore

struct CatalogueTests {
  // MARK: Amounts

  @Test(arguments: [
    ("0.00000005", "0.00000005"), ("0", "0"), ("0.0000", "0"), ("4e-7", "0.0000004"),
    ("-1", "-1"), (".5", "0.5"), ("+1.50", "1.5"), ("000.25", "0.25"),
  ])
  func amountsKeepEveryDigit(_ text: String, _ expected: String) throws {
    #expect(try #require(ExactAmount(text)).text == expected)
  }

  @Test(arguments: ["", "free", "1,5", "0x10", "1 ", "NaN", "inf", "1e400", "1.2.3"])
  func whatIsNoNumberIsNoAmount(_ text: String) {
    #expect(ExactAmount(text) == nil)
  }

  /// As doubles the two were equal.
  @Test func amountsThatDifferInTheLastDigitDiffer() throws {
    let one = try #require(ExactAmount("0.1000000000000000000001"))
    let other = try #require(ExactAmount("0.1000000000000000000002"))
    #expect(Double(one.text) == Double(other.text))
    #expect(one < other && one != other)
    #expect(one.perMillion.text == "100000.0000000000000001")
  }

  @Test func tokensCostWhatIsListedExactly() throws {
    var model = ModelListing(id: "a/b")
    let usage = Usage(prompt: 1_000, completion: 100, reasoning: 40, cached: 600)
    #expect(model.cost(of: usage) == nil)
    model.prices = [
      "prompt": try #require(ExactAmount("0.0000001")),
      "completion": try #require(ExactAmount("0.0000003")),
    ]
    #expect(model.cost(of: usage) == 0.00013)
    #expect(model.cost(of: Usage(prompt: 1_000)) == nil)
    model.prices["input_cache_read"] = ExactAmount("0.00000001")
    model.prices["internal_reasoning"] = ExactAmount("0.0000005")
    model.prices["request"] = ExactAmount("0.001")
    #expect(model.cost(of: usage) == 0.001084)
    // Zero says that there is no such price, and not that it is free.
    model.prices["input_cache_read"] = .zero
    #expect(model.cost(of: usage) == 0.001138)
    model.prices["completion"] = ExactAmount("-1")
    #expect(model.cost(of: usage) == nil)
  }

  @Test func whoTellsTheCostIsSaid() throws {
    let usage = Usage(prompt: 10, completion: 10)
    let price = Price(input: 1, output: 1)
    let listed = listing("a/b", "3")
    #expect(
      Cost(told: 7, of: usage, price: price, listing: listed) == Cost(usd: 7, source: .api))
    #expect(Cost(of: usage, price: price, listing: listed) == Cost(usd: 20, source: .suite))
    #expect(Cost(of: usage, price: nil, listing: listed) == Cost(usd: 60, source: .catalogue))
    #expect(
      Cost(of: usage, price: nil, listing: listing("a/b:free", "0"))
        == Cost(usd: 0, source: .catalogue))
    #expect(Cost(of: usage, price: nil, listing: nil) == nil)
    #expect(Cost(of: Usage(), price: price, listing: listed) == nil)
  }

  // MARK: Reading

  @Test func freeNeedsTheSuffixAndZeroPrices() {
    #expect(listing("a/b:free", "0").isFree)
    #expect(!listing("a/b", "0").isFree)
    #expect(!listing("a/b:free", "0.0000001").isFree)
    #expect(!ModelListing(id: "a/b:free").isFree)
    #expect(listing("a/router", "-1").isUnpriced == nil)
    var byRequest = listing("a/b:free", "0")
    byRequest.prices["request"] = ExactAmount("0.001")
    #expect(byRequest.priceText.hasSuffix(" and $0.001 a request"))
    #expect(!byRequest.isFree)
  }

  @Test func aListOfOpenRouterIsRead() throws {
    let json = try JSON(
      parsing: """
        {"data":[{"id":"a/b:free","canonical_slug":"a/b-20260101","name":"A: B","created":1767225600,
          "context_length":131072,"architecture":{"output_modalities":["text"]},
          "pricing":{"prompt":"0","completion":"0","discount":0.5,"overrides":[{"prompt":"1"}]},
          "top_provider":{"context_length":8192,"max_completion_tokens":4096},
          "supported_parameters":["tools","seed"],"expiration_date":"2026-12-31",
          "reasoning":{"mandatory":true}},
         {"name":"without an id"}],
         "links":{"next":"/api/v1/models?offset=1"}}
        """.utf8)
    let page = try #require(Catalogue.page(json))
    #expect(page.next == "/api/v1/models?offset=1")
    let model = try #require(page.models.first)
    #expect(page.models.count == 1)
    #expect(model.isFree && model.canonicalSlug == "a/b-20260101" && model.author == "a")
    #expect(model.contextLength == 131072 && model.maxCompletionTokens == 4096)
    #expect(model.parameters == ["seed", "tools"] && model.expires == "2026-12-31")
    #expect(model.reasoning == .mandatory && model.prices.count == 2)
    #expect(ModelListing(json: model.json) == model)
  }

  /// Whoever writes the list may write any number.
  @Test(arguments: ["9223372036854775807", "-1", "1e18", "9000000000"])
  func aDateBeyondAllBoundsIsNone(_ created: String) throws {
    let json = try JSON(parsing: #"{"data":[{"id":"m","created":\#(created)}]}"#.utf8)
    #expect(try #require(Catalogue.page(json)).models[0].created == nil)
    #expect(ModelListing(json: json["data"]?[0] ?? .null)?.created == nil)
  }

  @Test(arguments: [
    #"{"object":"list","data":[{"id":"m","object":"model","owned_by":"x","max_model_len":4096}]}"#,
    #"[{"id":"m","context_length":4096}]"#,
    #"{"models":[{"id":"m","context_window":4096}]}"#,
    #"{"data":[{"id":"m","meta":{"n_ctx_train":4096}}],"object":"list"}"#,
  ])
  func bareListsAreRead(_ text: String) throws {
    let page = try #require(Catalogue.page(JSON(parsing: text.utf8)))
    #expect(page.models.map(\.id) == ["m"] && page.models[0].contextLength == 4096)
    #expect(page.models[0].isUnpriced == nil && page.models[0].parameters == nil)
  }

  @Test(arguments: [#"{"error":{"message":"no"}}"#, #""models""#, #"{"data":{}}"#])
  func whatIsNoListIsNone(_ text: String) throws {
    #expect(Catalogue.page(try JSON(parsing: text.utf8)) == nil)
  }

  // MARK: Changes

  @Test func aNightOfChanges() {
    var slugged = listing("old/name:free", "0", slug: "x-1")
    slugged.contextLength = 100
    var shrunk = listing("a/ctx:free", "0")
    shrunk.contextLength = 100
    let before = catalogue([
      listing("a/gone:free", "0"), listing("a/gone", "0.000001"), listing("a/paid:free", "0"),
      listing("a/cheap", "0.000002"), shrunk, slugged, listing("a/same:free", "0"),
    ])
    shrunk.contextLength = 50
    shrunk.parameters = ["seed"]
    slugged.id = "new/name:free"
    let after = catalogue([
      listing("a/gone", "0.000001"), listing("a/paid:free", "0.000003"),
      listing("a/cheap", "0.000001"), shrunk, slugged, listing("a/same:free", "0"),
      listing("b/new:free", "0"), listing("b/new", "0.1"),
    ])
    let changes = after.changes(since: before)
    #expect(
      changes == [
        CatalogueChange(
          .price, "a/cheap", before: "completion 0.000002, prompt 0.000002",
          after: "completion 0.000001, prompt 0.000001"),
        CatalogueChange(.context, "a/ctx:free", before: "100", after: "50"),
        CatalogueChange(.parameters, "a/ctx:free", after: "seed"),
        CatalogueChange(.vanished, "a/gone:free", before: "free", after: "a/gone is left, $1 / $1"),
        CatalogueChange(.becamePaid, "a/paid:free", before: "free", after: "$3 / $3"),
        CatalogueChange(.new, "b/new", after: "$100000 / $100000"),
        CatalogueChange(.newFree, "b/new:free", after: "free"),
        CatalogueChange(.renamed, "old/name:free", before: "old/name:free", after: "new/name:free"),
      ])
    #expect(after.changes(since: after).isEmpty)
  }

  @Test func permissionIsComparedOnlyWhereBothAreKnown() {
    let models = [listing("a/b:free", "0")]
    let open = catalogue(models, usable: ["a/b:free"])
    let closed = catalogue(models, usable: [])
    #expect(closed.changes(since: open) == [CatalogueChange(.blocked, "a/b:free")])
    #expect(open.changes(since: closed) == [CatalogueChange(.unblocked, "a/b:free")])
    #expect(closed.changes(since: catalogue(models)).isEmpty)
  }

  // MARK: Standing and replacement

  @Test func aModelStandsAsTheCatalogueSays() {
    var old = listing("a/old:free", "0")
    old.expires = "2026-11-22"
    var lasting = listing("a/lasting:free", "0")
    lasting.expires = "2026-11-23"
    let all = catalogue(
      [listing("a/paid:free", "0.1"), old, lasting, listing("a/shut:free", "0")],
      usable: ["a/paid:free", "a/old:free", "a/lasting:free"])
    #expect(all.day == "2026-11-23")
    #expect(all.standing(of: "a/none", mustBeFree: false) == .unlisted)
    #expect(
      all.standing(of: "a/paid:free", mustBeFree: true) == .priced(listing("a/paid:free", "0.1")))
    #expect(
      all.standing(of: "a/paid:free", mustBeFree: false) == .fine(listing("a/paid:free", "0.1")))
    #expect(all.standing(of: "a/old:free", mustBeFree: true) == .expired(old))
    #expect(all.standing(of: "a/lasting:free", mustBeFree: true) == .fine(lasting))
    #expect(
      all.standing(of: "a/shut:free", mustBeFree: true) == .blocked(listing("a/shut:free", "0")))
  }

  @Test func theNearestFreeModelTakesTheParametersThenTheAuthorThenTheContext() {
    var dead = listing("a/dead:free", "0")
    dead.contextLength = 1000
    func model(_ id: String, _ context: Int, _ parameters: [String] = ["seed"]) -> ModelListing {
      var model = listing(id, "0")
      model.contextLength = context
      model.parameters = parameters
      return model
    }
    var models = [
      model("b/near:free", 1100), model("b/far:free", 9000), model("a/mute:free", 1000, []),
      listing("a/paid", "0.1"),
    ]
    func nearest(_ using: [String] = []) -> String? {
      catalogue(models).nearestFree(to: dead.id, known: dead, using: using)?.id
    }
    #expect(nearest() == "a/mute:free")
    #expect(nearest(["seed"]) == "b/near:free")
    models.append(model("a/far:free", 9000))
    #expect(nearest(["seed"]) == "a/far:free")
    models = [listing("a/paid", "0.1"), dead]
    #expect(nearest() == nil)
  }

  @Test func alarmsTellWhatATargetLoses() {
    var target = Target(
      id: "t", account: "or", model: "a/b:free", limit: "l", freeOnly: true,
      parameters: ["tools": true])
    var now = listing("a/b:free", "0")
    now.parameters = []
    let changes = [
      CatalogueChange(.parameters, "a/b:free", before: "seed tools"),
      CatalogueChange(.context, "a/b:free", before: "100", after: "200"),
      CatalogueChange(.vanished, "a/other:free"),
    ]
    #expect(
      catalogue([now]).alarms(for: [target], changes: changes).map(\.what) == [
        "a/b:free does not take tools any more"
      ])
    let gone = catalogue([listing("c/d:free", "0")])
    #expect(
      gone.alarms(for: [target]).map(\.text) == [
        "t: a/b:free is not listed, c/d:free may replace it"
      ])
    target.freeOnly = false
    #expect(gone.alarms(for: [target]).map(\.text) == ["t: a/b:free is not listed"])
  }

  // MARK: Keys

  @Test func whatAKeyDoesNotTellIsUnknown() throws {
    let whole = try JSON(
      parsing: """
        {"data":{"label":"sk-or-v1-abc...def","limit":5,"limit_remaining":4.25,"usage":0.75,"is_free_tier":false,
         "free_model_daily_requests":{"used":13,"limit":50,"remaining":37}}}
        """.utf8)
    let reading = try #require(KeyReading(body: whole))
    #expect(
      reading.remainingText == "37 of 50 free requests left today, $4.25 left of the key's limit")
    #expect(KeyReading(json: reading.json) == reading)
    #expect(!reading.json.canonicalText.contains("sk-or"))
    let bare = try #require(KeyReading(body: JSON(parsing: #"{"data":{"limit":null}}"#.utf8)))
    #expect(bare == KeyReading() && bare.remainingText == nil)
    #expect(KeyReading(body: try JSON(parsing: #"{"error":{}}"#.utf8)) == nil)
  }

  // MARK: Building

  private func listing(_ id: String, _ price: String, slug: String? = nil) -> ModelListing {
    let amount = ExactAmount(price) ?? .zero
    var listing = ModelListing(id: id, prices: ["prompt": amount, "completion": amount])
    listing.canonicalSlug = slug
    return listing
  }

  /// Of 2026-11-23.
  private func catalogue(_ models: [ModelListing], usable: Set<String>? = nil) -> Catalogue {
    Catalogue(
      source: "s", takenAt: 1_795_392_000 * 1_000_000_000, models: models, usable: usable)
  }
}

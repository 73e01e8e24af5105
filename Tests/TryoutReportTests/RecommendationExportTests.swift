import Testing
import TryoutCore
import TryoutReport

/// A recommendation in the forms that other programs read.
struct RecommendationExportTests {
  /// Four targets that all pass, the first of them the default, at OpenRouter unless they are said to be elsewhere.
  private func text(
    models: [String] = ["a/one:free", "b/two:free", "c/three:free", "d/four:free"],
    elsewhere: Set<String> = [], router: String? = "https://openrouter.ai/api/v1"
  ) throws -> RecommendationText {
    var suite = Suite(
      name: "choice",
      accounts: [
        Account(
          id: "or", provider: try #require(Provider.preset(named: "openrouter")),
          baseURL: router, keyVariable: "OPENROUTER_API_KEY"),
        Account(
          id: "own", provider: try #require(Provider.preset(named: "openai")),
          baseURL: "http://127.0.0.1:8000/v1"),
      ], limits: [Limit(id: "l", account: "or")],
      targets: models.map {
        Target(
          id: String($0.prefix(1)), account: elsewhere.contains($0) ? "own" : "or", model: $0,
          limit: "l", freeOnly: $0.hasSuffix(":free"))
      }, prompts: [Prompt(id: "p", user: Template(literal: "x"))])
    suite.recommendation = RecommendationRule(rankBy: [.paired(.latency)], fallbackLength: 3)
    var run = RunRecord(
      id: "night'1", suite: suite, seed: 1, startedAt: MadeUpRuns.start, planned: 4)
    run.state = .finished
    var builder = Report.Builder(run: run)
    for (place, target) in suite.targets.enumerated() {
      for index in 0..<20 {
        builder.add(MadeUpRuns.answer(target.id, index, seconds: Double(place + 1)))
      }
    }
    return try #require(builder.finish().recommendationText)
  }

  @Test func openRouterGetsThreeModelsAndNoPrice() throws {
    let export = try #require(RecommendationExport(text(), as: .openrouter))
    #expect(
      export.text == """
        {
          "model": "a/one:free",
          "models": [
            "a/one:free",
            "b/two:free",
            "c/three:free"
          ],
          "provider": {
            "max_price": {
              "completion": 0,
              "prompt": 0,
              "request": 0
            }
          }
        }

        """)
    #expect(export.remarks == ["d is left out: OpenRouter takes 3 models at most."])
  }

  @Test func aPaidFallbackIsSaid() throws {
    let export = try #require(
      RecommendationExport(text(models: ["a/one:free", "b/two"]), as: .openrouter))
    #expect(!export.text.contains("max_price"))
    #expect(export.remarks == ["A fallback may cost money: not every model of the chain is free."])
  }

  @Test func whatIsElsewhereIsNotSentToOpenRouter() throws {
    let models = ["a/one", "b/two"]
    let fallback = try #require(
      RecommendationExport(text(models: models, elsewhere: ["b/two"]), as: .openrouter))
    #expect(fallback.remarks == ["b is left out: it is not asked through OpenRouter."])
    #expect(
      try RecommendationExport(text(models: models, elsewhere: ["a/one"]), as: .openrouter) == nil)
  }

  @Test func liteLLMNamesKeysAndNeverHoldsThem() throws {
    let export = try #require(
      RecommendationExport(
        text(models: ["a/one", "b/two"], elsewhere: ["b/two"]), as: .litellm))
    #expect(
      export.text == """
        # keep a as the default: it passes, and nothing is shown to be better
        model_list:
          - model_name: default
            litellm_params:
              model: "openrouter/a/one"
              api_key: "os.environ/OPENROUTER_API_KEY"
          - model_name: fallback-1
            litellm_params:
              model: "openai/b/two"
              api_base: "http://127.0.0.1:8000/v1"
        router_settings:
          fallbacks: [{"default": ["fallback-1"]}]

        """)
  }

  /// OpenRouter's dialect, at somebody's gateway.
  @Test func anAddressOfOnesOwnIsNotForgotten() throws {
    let gateway = try text(models: ["a/one"], router: "https://gateway.example/v1")
    let proxy = try #require(RecommendationExport(gateway, as: .litellm))
    #expect(proxy.text.contains("      api_base: \"https://gateway.example/v1\"\n"))
    let body = try #require(RecommendationExport(gateway, as: .openrouter))
    #expect(
      body.remarks == [
        "a was asked at https://gateway.example/v1 and not at OpenRouter's own address."
      ])
    let embedded = try #require(
      RecommendationExport(text(models: ["a/one"], router: nil), as: .litellm))
    #expect(embedded.remarks.count == 1 && !embedded.text.contains("api_base"))
  }

  @Test func variablesAreQuotedForAShell() throws {
    let export = try #require(RecommendationExport(text(models: ["a/o'ne"]), as: .env))
    #expect(
      export.text == """
        TRYOUT_DEFAULT='a'
        TRYOUT_DEFAULT_MODEL='a/o'\\''ne'
        TRYOUT_DEFAULT_ACCOUNT='or'
        TRYOUT_DEFAULT_BASE_URL='https://openrouter.ai/api/v1'
        TRYOUT_DEFAULT_KEY_VARIABLE='OPENROUTER_API_KEY'
        TRYOUT_FALLBACKS='0'
        TRYOUT_BELIEVE_UNTIL='2026-12-23'
        TRYOUT_EVIDENCE='night'\\''1'

        """)
    let chain = try #require(
      RecommendationExport(text(models: ["a/one", "b/two"], elsewhere: ["b/two"]), as: .env))
    #expect(chain.text.contains("TRYOUT_FALLBACK_1_BASE_URL='http://127.0.0.1:8000/v1'\n"))
    #expect(!chain.text.contains("TRYOUT_FALLBACK_1_KEY_VARIABLE"))
  }
}

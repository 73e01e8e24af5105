import ArgumentParser

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a provider lists, what that changes from night to night, and whom it hits.",
    discussion: """
      Nothing here spends quota: lists are public, and a key only tells which models it may use.

        tryout models list --free                   the free models of OpenRouter now
        tryout models snapshot                      keep the list, say what changed since the last one
        tryout models diff --since 7d               what changed within a week, from what was kept
        tryout models show VENDOR/MODEL:free        one model, who serves it, and its history

      In a nightly job, exit 1 where a default of the suite is gone, costs, or lost something it needs:

        tryout models snapshot --suite suite.yaml --fail-on-change
      """,
    subcommands: [ListModels.self, SnapshotModels.self, DiffModels.self, ShowModel.self]
  )
}

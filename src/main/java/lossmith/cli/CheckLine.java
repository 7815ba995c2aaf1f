package lossmith.cli;

import io.vavr.collection.Seq;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import lossmith.check.CheckReport;
import lossmith.check.Recorded;
import lossmith.check.RolloutChecks;
import lossmith.dsl.Level;
import lossmith.rollouts.RowTexts;
import lossmith.score.EngineRollouts;

/** The line about what is wrong with rollouts above every score, found while that is computed. */
final class CheckLine {
  /** So many tokens at the beginning are looked at. */
  private static final long CHECKED = 1 << 20;

  private final CompletableFuture<Seq<String>> found;

  private CheckLine(CompletableFuture<Seq<String>> found) {
    this.found = found;
  }

  /**
   * {@return what is being looked for}
   *
   * @param files as a user calls them
   * @param rollouts what they have
   */
  static CheckLine begun(java.util.List<Path> files, EngineRollouts rollouts) {
    return new CheckLine(CompletableFuture.supplyAsync(() -> of(files, rollouts)));
  }

  private static Seq<String> of(java.util.List<Path> files, EngineRollouts rollouts) {
    Recorded recorded = new Recorded(rollouts.first(CHECKED), RowTexts.none());
    return new CheckReport(
            ReadingOptions.told(files),
            recorded,
            rollouts.engine().pieces().size(Level.Name.SEQUENCE),
            RolloutChecks.ofColumns(recorded))
        .line();
  }

  /** {@return a line, or none where nothing was found} */
  Seq<String> lines() {
    try {
      return found.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof Error memory) {
        throw memory;
      }
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }
}

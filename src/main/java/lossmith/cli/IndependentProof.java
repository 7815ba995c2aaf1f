package lossmith.cli;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.PrintWriter;
import java.util.Locale;
import lossmith.console.Progress;
import lossmith.dsl.Problem;
import lossmith.proofs.independent.IndependentEvaluation;
import lossmith.proofs.independent.Tally;

/** The options of {@code prove --independent}, and what it prints. */
public final class IndependentProof {
  private static final String ROW = "%-18s %-14s %6s %7s %8s %10s %10s%n";

  @picocli.CommandLine.Option(
      names = "--independent",
      description =
          "compares random terms, random compositions and sums of recipes with loops over plain"
              + " arrays that never see a term, wherever the policy may enter")
  private boolean asked;

  @picocli.CommandLine.Option(
      names = "--terms",
      paramLabel = "N",
      defaultValue = "300",
      description = "with --independent, random terms (default: ${DEFAULT-VALUE})")
  private int terms;

  @picocli.CommandLine.Option(
      names = "--compositions",
      paramLabel = "N",
      defaultValue = "300",
      description = "with --independent, random compositions (default: ${DEFAULT-VALUE})")
  private int compositions;

  @picocli.CommandLine.Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "with --independent, pairs of recipes drawn for logits, hidden states and windows; all"
              + " pairs are compared at the statistics unless this is 0 (default:"
              + " ${DEFAULT-VALUE})")
  private int pairs;

  /** A set of options that are not given. */
  public IndependentProof() {}

  /** {@return whether it is asked for} */
  boolean asked() {
    return asked;
  }

  /** {@return the problems of the given numbers} */
  Seq<Problem> mistakes() {
    return Math.min(terms, Math.min(compositions, pairs)) >= 0
        ? List.empty()
        : List.of(
            Problem.of(
                "cases",
                "--terms " + terms + " --compositions " + compositions + " --pairs " + pairs,
                "numbers that are not negative",
                "--terms 300"));
  }

  /**
   * {@return whether everything agreed}
   *
   * @param seed what draws objectives and batches
   * @param out where the table goes
   * @param err where progress goes
   */
  boolean run(long seed, PrintWriter out, PrintWriter err) {
    Problem.throwAll(mistakes());
    Progress progress = new Progress(err);
    IndependentEvaluation.Report report =
        new IndependentEvaluation(seed, terms, compositions, pairs, pairs > 0)
            .run((done, all) -> progress.show("independent", "comparisons", done, all));
    out.printf(
        Locale.ROOT, ROW, "objectives", "where", "cases", "agree", "redrawn", "value", "slope");
    for (Tally tally : report.tallies()) {
      out.printf(
          Locale.ROOT,
          ROW,
          tally.kind(),
          tally.place(),
          tally.cases(),
          tally.agreed(),
          tally.redrawn(),
          size(tally.value()),
          size(tally.slope()));
    }
    report.uncovered().forEach(out::println);
    report.differences().forEach(out::println);
    out.println(
        report.holds()
            ? "all agree, seed " + seed
            : report.differences().size() + " differ or are too often drawn again, seed " + seed);
    return report.holds();
  }

  private static String size(double x) {
    return String.format(Locale.ROOT, "%.1e", x);
  }
}

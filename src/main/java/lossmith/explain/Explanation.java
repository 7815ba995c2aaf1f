package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;

/** What is wrong with a text, and what to write instead. */
public final class Explanation {
  private final Seq<Explained> found;
  private final Framed mended;
  private final boolean compiles;

  /**
   * An explanation.
   *
   * @param found what does not fit, one thing after the other
   * @param mended the text with the first cure of each
   * @param compiles whether that compiles
   */
  Explanation(Seq<Explained> found, Framed mended, boolean compiles) {
    this.found = found;
    this.mended = mended;
    this.compiles = compiles;
  }

  /** {@return what can be written for the first thing, a line for each, with what it means} */
  public Seq<String> cures() {
    return found.headOption().map(Explained::lines).getOrElse(List.empty());
  }

  /** {@return all of it, for a reader} */
  public String text() {
    String each =
        found
            .zipWithIndex()
            .map(one -> (one._2 == 0 ? "" : "\nThen\n") + one._1.text())
            .mkString("\n");
    return found.size() > 1 && compiles && mended.isOneLine()
        ? each + "\n\nAltogether:\n  " + mended.text().strip()
        : each;
  }

  /** {@return what was written with the first cure of each thing, if that compiles} */
  public Option<String> mended() {
    return Option.when(compiles, mended.text());
  }

  /** {@return the first thing as a problem, explained with all that follow} */
  public Problem problem() {
    return found
        .headOption()
        .map(Explained::problem)
        .getOrElse(
            () ->
                Problem.of(
                    "source",
                    "a text that the compiler takes once and not again",
                    "a text that compiles",
                    "a loss as the README shows one"))
        .explained(text());
  }
}

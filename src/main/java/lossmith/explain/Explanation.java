package lossmith.explain;

import io.vavr.collection.Seq;
import lossmith.dsl.Problem;

/**
 * What is wrong with a text, and what to write instead.
 *
 * @param found what does not fit, one thing after the other
 * @param mended the text with the first cure of each
 * @param compiles whether that compiles
 */
public record Explanation(Seq<Explained> found, Framed mended, boolean compiles) {
  /** {@return whether nothing is wrong} */
  public boolean isEmpty() {
    return found.isEmpty();
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

  /** {@return the first thing as a problem, explained with all that follow} */
  public Problem problem() {
    return found
        .headOption()
        .map(Explained::problem)
        .getOrElse(
            () ->
                Problem.of(
                    "source",
                    "Java that compiles one way and not another",
                    "a text that compiles",
                    "a loss as the README shows one"))
        .explained(text());
  }
}

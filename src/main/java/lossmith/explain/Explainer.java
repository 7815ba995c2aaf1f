package lossmith.explain;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * Finds what is wrong with a text, one thing after the other. Each remedy is tried by the compiler
 * before it is told, and the next thing is looked for in the text so mended.
 */
public final class Explainer {
  /** As many mistakes as are mended at once. */
  private static final int MOST = 6;

  /** As many remedies as are tried of each. */
  private static final int TRIED = 8;

  /** As many remedies as are told of each. */
  private static final int TOLD = 4;

  private Explainer() {}

  /**
   * {@return what is wrong with a text, and what to write; nothing, if it compiles}
   *
   * @param text the text
   * @param classPath what it is compiled against
   */
  public static Explanation of(Framed text, String classPath) {
    try (Compilation compiler = new Compilation(text.place(), classPath)) {
      Seq<Explained> found = List.empty();
      Attributed read = compiler.of(text);
      while (read.errors().nonEmpty() && found.size() < MOST) {
        Explained next = explained(compiler, read);
        found = found.append(next);
        if (next.cures().isEmpty()) {
          break;
        }
        read = compiler.of(next.cures().head().text());
      }
      return new Explanation(found, read.text(), read.errors().isEmpty());
    }
  }

  private static Explained explained(Compilation compiler, Attributed read) {
    Diagnostic<? extends JavaFileObject> error = read.errors().head();
    Mistake mistake = new Mistakes(read).of(error);
    Seq<Tuple2<Explained.Cure, Integer>> tried =
        mistake
            .suggestions()
            .distinctBy(Suggestion::edits)
            .take(TRIED)
            .map(one -> new Explained.Cure(read.text().edited(one.edits()), one.meaning()))
            .map(cure -> Tuple.of(cure, left(compiler, read, mistake, cure.text())));
    Seq<Explained.Cure> cures =
        tried.filter(one -> one._2 < Integer.MAX_VALUE).sortBy(Tuple2::_2).map(Tuple2::_1);
    return new Explained(read.text(), mistake, cures.take(TOLD));
  }

  /** How many errors are left; none at all is 0, and no progress the largest number. */
  private static int left(
      Compilation compiler, Attributed before, Mistake mended, Framed text) {
    Attributed after = compiler.of(text);
    if (after.errors().isEmpty()) {
      return 0;
    }
    Mistake next = new Mistakes(after).of(after.errors().head());
    int behind = before.text().text().length() - mended.end();
    boolean later = text.text().length() - next.end() < behind;
    boolean fewer = after.errors().size() < before.errors().size();
    return fewer || later ? after.errors().size() : Integer.MAX_VALUE;
  }
}

package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

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
        Mistake mistake = mistake(read);
        Seq<Tried> tried = tried(compiler, read, mistake);
        found =
            found.append(new Explained(read.text(), mistake, tried.map(Tried::cure).take(TOLD)));
        if (tried.isEmpty()) {
          break;
        }
        read = tried.head().read();
      }
      return new Explanation(found, read.text(), read.errors().isEmpty());
    }
  }

  /** A remedy, and how the compiler read it. */
  private record Tried(Explained.Cure cure, Attributed read) {}

  private static Mistake mistake(Attributed read) {
    return new MistakeFinder(read).of(read.errors().head());
  }

  /**
   * The remedies that help; those first that leave the fewest errors, and those alone that leave
   * none if there are such.
   */
  private static Seq<Tried> tried(Compilation compiler, Attributed before, Mistake mistake) {
    Seq<Suggestion> suggested =
        mistake
            .suggestions()
            .distinctBy(Suggestion::edits)
            .take(TRIED)
            .map(new Imports(before)::with);
    if (suggested.isEmpty()) {
      return List.empty();
    }
    Seq<Attributed> after = compiler.all(suggested.map(one -> before.text().edited(one.edits())));
    Seq<Tried> helping =
        suggested
            .zip(after)
            .filter(one -> helps(before, mistake, one._1.edits(), one._2))
            .map(one -> new Tried(new Explained.Cure(one._2.text(), one._1.meaning()), one._2))
            .sortBy(one -> one.read().errors().size());
    boolean whole = helping.exists(one -> one.read().errors().isEmpty());
    return whole ? helping.filter(one -> one.read().errors().isEmpty()) : helping;
  }

  /** Whether there are fewer errors, or what was changed is right and the next error elsewhere. */
  private static boolean helps(
      Attributed before, Mistake mended, Seq<Edit> edits, Attributed after) {
    if (after.errors().size() < before.errors().size()) {
      return true;
    }
    if (after.errors().exists(MistakeFinder::isSyntax)) {
      return false;
    }
    Seq<Edit> own = edits.reject(Edit::isImport);
    int above = edits.filter(Edit::isImport).map(edit -> edit.text().length()).sum().intValue();
    int start = above + own.map(Edit::start).append(mended.start()).min().getOrElse(0);
    int last = own.map(Edit::end).append(mended.end()).max().getOrElse(0);
    int end = after.text().text().length() - (before.text().text().length() - last);
    Mistake next = mistake(after);
    boolean inside = next.start() >= start && next.end() <= end;
    return next.start() >= end || (!inside && after.isTyped(start, end));
  }
}

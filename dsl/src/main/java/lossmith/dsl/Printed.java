package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ServiceLoader;

/** What a value of the algebra prints as: its formula and its type; without a printer its nodes. */
public final class Printed {
  /**
   * Writes formulas. The printers know the algebra and not the other way about, so the one on the
   * class path is found by {@link ServiceLoader}.
   */
  public interface Formulas {
    /** {@return the formula of a node, then a line for each symbol in it} */
    Seq<String> lines(Node node);

    /** {@return the formula of each part of a loss, then a line for each symbol in them} */
    Seq<String> lines(Loss loss);
  }

  /** As many symbols as are told, so that it never fills a screen. */
  private static final int SYMBOLS = 10;

  private static final Option<Formulas> PRINTER =
      Option.ofOptional(
          ServiceLoader.load(Formulas.class, Printed.class.getClassLoader()).findFirst());

  private Printed() {}

  /** The formula of a node alone. */
  static String formula(Node node) {
    return lines(node).head();
  }

  /** The formula of a node, its type behind it, then what its symbols stand for. */
  static String of(Node node, String type) {
    return typed(lines(node), 1, type);
  }

  /** The formula of each part of a loss, the type behind the last, then the symbols. */
  static String of(Loss loss, String type) {
    Seq<String> lines =
        PRINTER
            .map(printer -> printer.lines(loss))
            .getOrElse(() -> loss.parts().values().map(part -> ShortText.of(part.node())));
    return typed(lines, loss.parts().size(), type);
  }

  private static Seq<String> lines(Node node) {
    return PRINTER.map(printer -> printer.lines(node)).getOrElse(() -> List.of(ShortText.of(node)));
  }

  private static String typed(Seq<String> lines, int formulas, String type) {
    int more = lines.size() - formulas - SYMBOLS;
    return lines
        .update(formulas - 1, last -> last + "   " + type)
        .take(formulas + SYMBOLS)
        .appendAll(more > 0 ? List.of("  … and " + more + " symbols more") : List.empty())
        .mkString("\n");
  }
}

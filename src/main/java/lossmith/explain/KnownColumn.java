package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.lang.reflect.Method;
import java.util.Locale;
import lossmith.dsl.Level;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;

/**
 * A column that has a word of its own, as {@code "old_log_prob"} has {@code oldLogProb()}.
 *
 * @param word the method of {@link Terms}
 * @param level what it has a number for
 */
record KnownColumn(String word, Level.Name level) {
  /** {@return the column that a text in quotation marks names, as in a file or as in Java} */
  static Option<KnownColumn> of(String quoted) {
    String name = quoted.replace("\"", "").replace("_", "").toLowerCase(Locale.ROOT);
    return List.of(Terms.class.getMethods())
        .find(
            method ->
                method.getParameterCount() == 0
                    && Term.class.isAssignableFrom(method.getReturnType())
                    && method.getName().toLowerCase(Locale.ROOT).equals(name))
        .map(method -> new KnownColumn(method.getName(), term(method).node().level()));
  }

  private static Term<?> term(Method method) {
    try {
      return (Term<?>) method.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + " makes no term", e);
    }
  }
}

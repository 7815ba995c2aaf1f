package lossmith.shell;

import io.vavr.collection.Iterator;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.objective.NamedValue;

/**
 * The variables of the shell that calls. JShell compiles each snippet to a class of its own, {@code
 * REPL.$JShell$12}, or {@code $JShell$12B}, {@code $JShell$12C} where it was declared again, and
 * keeps a variable in a public static field of it. The snippet that runs has the highest number.
 */
final class ShellVariables {
  private static final String PACKAGE = "REPL.";
  private static final String SNIPPET = PACKAGE + "$JShell$";
  private static final Pattern NUMBERED = Pattern.compile(Pattern.quote(SNIPPET) + "(\\d+).*");

  private ShellVariables() {}

  /** The variables that a text speaks of; none where no shell calls. */
  static Seq<NamedValue> in(String text) {
    Option<Class<?>> last =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    Iterator.ofAll(frames.iterator())
                        .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(type -> number(type) > 0)
                        .maxBy(ShellVariables::number));
    return last.map(snippet -> before(snippet, text)).getOrElse(List.empty());
  }

  private static int number(Class<?> type) {
    Matcher matcher = NUMBERED.matcher(type.getName());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Of two variables of one name, the one that was declared last. */
  private static Seq<NamedValue> before(Class<?> last, String text) {
    return Iterator.rangeClosed(1, number(last))
        .flatMap(i -> newest(last.getClassLoader(), SNIPPET + i))
        .flatMap(type -> List.of(type.getDeclaredFields()))
        .filter(field -> speaksOf(text, field.getName()))
        .flatMap(ShellVariables::value)
        .foldLeft(LinkedHashMap.<String, NamedValue>empty(), (all, one) -> all.put(one.name(), one))
        .values()
        .toList();
  }

  private static boolean speaksOf(String text, String name) {
    return Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(text).find();
  }

  /** The class of a snippet as it was compiled last. */
  private static Option<Class<?>> newest(ClassLoader loader, String name) {
    Option<Class<?>> first = load(loader, name);
    return Iterator.rangeClosed('B', 'Z')
        .map(letter -> load(loader, name + letter))
        .takeWhile(Option::isDefined)
        .foldLeft(first, (before, after) -> after);
  }

  private static Option<Class<?>> load(ClassLoader loader, String name) {
    try {
      return Option.some(loader.loadClass(name));
    } catch (ClassNotFoundException e) {
      return Option.none();
    }
  }

  /** Its value, unless it is null or of a class that a text elsewhere may not name. */
  private static Option<NamedValue> value(Field field) {
    String type = field.getGenericType().getTypeName().replace('$', '.');
    try {
      return Option.of(field.trySetAccessible() ? field.get(null) : null)
          .filter(value -> Modifier.isPublic(field.getType().getModifiers()))
          .filter(value -> !type.contains(PACKAGE))
          .map(value -> new NamedValue(field.getName(), type, value));
    } catch (IllegalAccessException e) {
      return Option.none();
    }
  }
}

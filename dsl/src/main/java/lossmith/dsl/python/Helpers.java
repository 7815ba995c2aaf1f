package lossmith.dsl.python;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The functions and classes of {@code helpers.py}: a module has those that it uses, of classes
 * those properties and optional fields that something reads.
 */
final class Helpers {
  private static final Pattern DEFINES =
      Pattern.compile("^(?:@.*\\n)*(?:def|class) (\\w+)", Pattern.MULTILINE);

  private static final Pattern NAME = Pattern.compile("(?<![.\\w])\\w+");

  private static final Pattern PROPERTY = Pattern.compile("^    @cached_property\\n    def (\\w+)");
  private static final Pattern METHOD = Pattern.compile("^    def (\\w+)");
  private static final Pattern OPTIONAL = Pattern.compile("^    (\\w+): .* = None.*$");

  private static final Seq<Block> ALL = blocks(text());

  private Helpers() {}

  /**
   * A function or class.
   *
   * @param name its name
   * @param text its lines
   */
  private record Block(String name, String text) {}

  /** {@return the names that a module cannot give to anything else} */
  static Seq<String> names() {
    return ALL.map(Block::name);
  }

  /**
   * {@return what some code uses, and what that uses, in the order of the file}
   *
   * @param code Python
   */
  static Seq<String> usedBy(String code) {
    Seq<Block> used = List.empty();
    String all = code;
    while (true) {
      String read = statements(all);
      Set<String> names = names(read);
      Seq<Block> more = ALL.filter(block -> names.contains(block.name()));
      if (more.size() == used.size()) {
        return more.map(block -> slim(block.text(), read));
      }
      used = more;
      all = more.map(Block::text).prepend(code).mkString("\n");
    }
  }

  /** The names that stand in some code, other than after a dot. */
  private static Set<String> names(String code) {
    return HashSet.ofAll(NAME.matcher(code).results().map(MatchResult::group));
  }

  /** Without what is only said: comments and one-line texts. */
  private static String statements(String code) {
    return code.replaceAll("\"\"\"[^\"]*\"\"\"|#.*", "");
  }

  /** A class of data without the members that nothing reads. */
  private static String slim(String block, String code) {
    if (!block.startsWith("@dataclass")) {
      return block;
    }
    return List.of(block.split("\n\n", -1))
        .filter(part -> isRead(PROPERTY.matcher(part), code) && isRead(METHOD.matcher(part), code))
        .map(
            part ->
                List.of(part.split("\n", -1))
                    .filter(line -> isRead(OPTIONAL.matcher(line), code))
                    .mkString("\n"))
        .mkString("\n\n");
  }

  private static boolean isRead(Matcher member, String code) {
    return !member.find() || Pattern.compile("\\." + member.group(1) + "\\b").matcher(code).find();
  }

  private static Seq<Block> blocks(String text) {
    return List.of(text.strip().split("\n\n\n", -1)).map(Helpers::block);
  }

  private static Block block(String text) {
    Matcher defines = DEFINES.matcher(text);
    if (!defines.find()) {
      throw new IllegalStateException("no function or class: " + text);
    }
    return new Block(defines.group(1), text);
  }

  private static String text() {
    try (InputStream file =
        Objects.requireNonNull(Helpers.class.getResourceAsStream("helpers.py"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package lossmith.explain;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import lossmith.dsl.Nearest;

/**
 * What the words of the algebra mean: signatures, levels and formulas as their Javadoc has them,
 * and an example that compiles. A test writes the resource from the sources, and compares it.
 */
public final class VerbHelp {
  /** Where it is kept: each word alone on a line, what belongs to it indented below. */
  public static final String RESOURCE = "/lossmith/help/verbs.txt";

  private VerbHelp() {}

  /** Read when it is first asked for. */
  private static final class Read {
    private static final Map<String, String> BLOCKS = blocks();
  }

  private static Map<String, String> blocks() {
    try (InputStream in = Objects.requireNonNull(VerbHelp.class.getResourceAsStream(RESOURCE))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(text.split("\n(?=\\S)", -1))
          .map(String::stripTrailing)
          .toLinkedMap(block -> block.lines().findFirst().orElse(""), block -> block);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the words that there is help for} */
  public static Seq<String> names() {
    return LinkedHashMap.ofEntries(Read.BLOCKS).keySet().toList();
  }

  /** {@return what a word means: all its signatures, its formulas and an example} */
  public static Option<String> of(String word) {
    return Read.BLOCKS.get(word);
  }

  /** {@return what a word means, or which words are near it} */
  public static String orNearest(String word) {
    return of(word)
        .getOrElse(
            () ->
                "\""
                    + word
                    + "\" is no word of the algebra"
                    + Nearest.to(word, names())
                    + "; "
                    + Nearest.among(word, names()));
  }

  /**
   * What a static word says of itself in its first line.
   *
   * @param signature how its signature begins, such as {@code Clip.around(}
   */
  static Option<String> meaning(String word, String signature) {
    return of(word)
        .flatMap(
            block -> {
              Seq<String> lines = List.ofAll(block.lines().toList()).map(String::strip);
              int at = lines.indexWhere(line -> line.startsWith(signature));
              return at < 0 ? Option.none() : Option.some(lines.get(at + 1));
            });
  }
}

package lossmith;

import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the house that no compiler knows. Each failure names file and line. */
class HouseRulesTest {

  private static final int LONG = 300;

  /** Surefire starts in the module folder, whose parent is the root of all modules. */
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<Source> SOURCES =
      Stream.of("dsl", "ops", "recipes", "proofs", "src")
          .flatMap(HouseRulesTest::in)
          .collect(toList());

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("^public .*\\b(class|interface|enum|record|@interface) ");

  private record Source(String module, Path path, List<String> lines) {
    Stream<String> linesWith(Pattern wrong) {
      return IntStream.range(0, lines.size())
          .filter(i -> wrong.matcher(lines.get(i)).find())
          .mapToObj(i -> at(i + 1) + ": " + lines.get(i).strip());
    }

    String at(int line) {
      return path + ":" + line;
    }

    boolean isMain() {
      return path.toString().replace('\\', '/').contains("main/java/");
    }
  }

  @Test
  void sourcesAreFound() {
    assertFalse(SOURCES.isEmpty(), "no source below " + ROOT);
  }

  @Test
  void packagesAreNamedForIdeas() {
    none(
        source -> true,
        Pattern.compile("^package .*\\b(util|utils|impl|helper|helpers|common|misc)\\b"),
        "name a package for its idea");
  }

  @Test
  void nothingIsLeftForLater() {
    // Split, so that this file obeys its own rule.
    none(
        source -> true,
        Pattern.compile("TO" + "DO|FIX" + "ME|XX" + "X|@Dis" + "abled"),
        "do it, or write an issue");
  }

  @Test
  void filesAreShortOrSayWhyNot() {
    List<String> longOnes =
        SOURCES.stream()
            .filter(source -> source.lines().size() > LONG)
            .filter(
                source ->
                    source.lines().stream().noneMatch(line -> line.contains("* <p>Long because ")))
            .map(source -> source.path() + " has " + source.lines().size() + " lines")
            .collect(toList());
    assertEquals(
        List.of(), longOnes, "split a file of more than " + LONG + " lines, or say why not");
  }

  @Test
  void everyPackageRefusesNullAndDroppedResults() {
    List<String> lax =
        SOURCES.stream()
            .filter(Source::isMain)
            // The example is a user's project.
            .filter(source -> !source.path().startsWith(Path.of("src", "example")))
            .map(source -> source.path().resolveSibling("package-info.java"))
            .distinct()
            .filter(
                info ->
                    SOURCES.stream()
                        .noneMatch(
                            source ->
                                source.path().equals(info)
                                    && source.lines().contains("@NullMarked")
                                    && source.lines().contains("@CheckReturnValue")))
            .map(Path::toString)
            .collect(toList());
    assertEquals(List.of(), lax, "each needs @NullMarked and @CheckReturnValue on the package");
  }

  /** A comment that ends where the annotations of the type begin, or the type itself. */
  @Test
  void everyPublicTypeIsExplained() {
    List<String> bare =
        SOURCES.stream().filter(Source::isMain).flatMap(HouseRulesTest::bare).collect(toList());
    assertEquals(List.of(), bare, "say in one sentence what it is");
  }

  @Test
  void aTypeIsNotExplainedByTheCommentOfAnother() {
    List<String> lines =
        List.of(
            "/** A. */",
            "@Command(",
            "    name = \"a\")",
            "public class A {",
            "}",
            "",
            "public record B() {");
    assertEquals(List.of("B.java:7"), bare(new Source("src", Path.of("B.java"), lines)).toList());
  }

  private static Stream<String> bare(Source source) {
    return IntStream.range(0, source.lines().size())
        .filter(line -> PUBLIC_TYPE.matcher(source.lines().get(line)).find())
        .filter(line -> !explained(source.lines(), line))
        .mapToObj(line -> source.at(line + 1));
  }

  private static boolean explained(List<String> lines, int type) {
    int above = type - 1;
    while (above >= 0 && lines.get(above).matches("@.*| {4,}.*|[)}].*")) {
      above--;
    }
    return above >= 0 && lines.get(above).endsWith("*/");
  }

  private static void none(Predicate<Source> where, Pattern wrong, String rule) {
    List<String> found =
        SOURCES.stream().filter(where).flatMap(source -> source.linesWith(wrong)).collect(toList());
    assertEquals(List.of(), found, rule);
  }

  private static Stream<Source> in(String module) {
    Path from = ROOT.resolve(module);
    try (Stream<Path> files = Files.walk(from)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !from.relativize(file).startsWith("target"))
          .map(file -> read(module, file))
          .collect(toList())
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(String module, Path file) {
    try {
      return new Source(module, ROOT.relativize(file), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

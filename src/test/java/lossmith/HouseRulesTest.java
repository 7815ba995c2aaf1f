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

  private static final int LONGEST_FILE = 400;

  /**
   * All kinds nest in one type: a sealed kind permits the class that Immutables generates for it.
   */
  private static final Path ALL_KINDS = Path.of("dsl/src/main/java/lossmith/dsl/Node.java");

  /** Surefire starts in the module folder, whose parent is the root of all modules. */
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<Source> SOURCES =
      Stream.of("dsl", "ops", "recipes", "proofs", "src")
          .flatMap(HouseRulesTest::in)
          .collect(toList());

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
  void tensorFlowIsKnownToOpsAndTheLab() {
    none(
        source ->
            !source.module().equals("ops")
                && !source.path().startsWith("src/main/java/lossmith/lab")
                && !source.path().startsWith("src/bench"),
        imports("org\\.(tensorflow|bytedeco)|com\\.sun\\.jna"),
        "only ops, lossmith.lab and src/bench may import TensorFlow and libtorch");
  }

  @Test
  void jqwikIsKnownToProofs() {
    none(
        source -> !source.module().equals("proofs"),
        imports("net\\.jqwik"),
        "only proofs may import jqwik");
  }

  @Test
  void testLibrariesStayInTests() {
    none(
        source -> source.isMain() && !source.module().equals("proofs"),
        imports("org\\.junit|org\\.opentest4j"),
        "main code may not import a test library");
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
  void filesStayShort() {
    List<String> longOnes =
        SOURCES.stream()
            .filter(source -> source.lines().size() > LONGEST_FILE)
            .filter(source -> !source.path().equals(ALL_KINDS))
            .map(source -> source.path() + " has " + source.lines().size() + " lines")
            .collect(toList());
    assertEquals(List.of(), longOnes, "aim for 300 lines, split before " + LONGEST_FILE);
  }

  @Test
  void everyPackageRefusesNullAndDroppedResults() {
    List<String> lax =
        SOURCES.stream()
            .filter(Source::isMain)
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

  @Test
  void everyPublicTypeIsExplained() {
    Pattern type = Pattern.compile("^public .*\\b(class|interface|enum|record|@interface) ");
    List<String> bare =
        SOURCES.stream()
            .filter(Source::isMain)
            .flatMap(
                source ->
                    source
                        .linesWith(type)
                        .limit(1)
                        .filter(line -> !source.lines().toString().contains("/**")))
            .collect(toList());
    assertEquals(List.of(), bare, "say in one sentence what it is");
  }

  private static Pattern imports(String packages) {
    return Pattern.compile("^import (static )?(" + packages + ")\\b");
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

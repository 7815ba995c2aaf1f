package lossmith;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Which package may use which: read from the compiled classes of all modules. */
final class ArchitectureTest {
  private static final int MOST_FILES_OF_A_PACKAGE = 40;

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ArchitectureTest::isNoTest)
          .importPackages("lossmith");

  /**
   * The packages of each module from the bottom up. Packages of one line do not know each other,
   * and each knows lines before its own alone.
   */
  private static final Map<String, List<String>> LAYERS =
      Map.of(
          "dsl",
          List.of(
              "",
              "data magnitude portable simplify",
              "reference derivative print",
              "bind",
              "flow python sweep",
              "schedule",
              "pieces"),
          "ops",
          List.of("runtime", "memory", "graph", "rows", "hidden", ""),
          "recipes",
          List.of(
              "",
              "advantage correction control surrogate",
              "policy offpolicy entropy critic preference distil",
              "regression reward verl trl",
              "catalogue liger openrlhf",
              "part"),
          "proofs",
          List.of(
              "trial stated role independent.loops",
              "subject independent.parts",
              "meant",
              "estimator",
              "known",
              "presumed",
              "law independent",
              "mutation museum",
              "repair",
              ""));

  private static final SliceAssignment PACKAGES =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return type.getPackageName().startsWith("lossmith")
              ? SliceIdentifier.of(type.getPackageName())
              : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
          return "packages";
        }
      };

  private static boolean isNoTest(Location location) {
    CodeSource tests = ArchitectureTest.class.getProtectionDomain().getCodeSource();
    return !location.contains(tests.getLocation().getPath());
  }

  @Test
  void classesOfEveryModuleAreFound() {
    for (String module : LAYERS.keySet()) {
      assertFalse(in("lossmith." + module + "..").isEmpty(), module);
    }
    assertFalse(in("lossmith.cli").isEmpty(), "src");
  }

  @Test
  void packagesFormNoCircle() {
    slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(ALL);
  }

  @Test
  void modulesKnowModulesBelowThem() {
    none("lossmith.dsl..", "lossmith..", "lossmith.dsl..");
    none("lossmith.ops..", "lossmith..", "lossmith.dsl..", "lossmith.ops..");
    none("lossmith.recipes..", "lossmith..", "lossmith.dsl..", "lossmith.recipes..");
    none(
        "lossmith.proofs..",
        "lossmith..",
        "lossmith.dsl..",
        "lossmith.ops..",
        "lossmith.recipes..",
        "lossmith.proofs..");
  }

  /** Classes of some packages that use what is in one place, unless it is in another too. */
  private static void none(String from, String to, String... but) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAPackage(to).and(not(resideInAnyPackage(but))))
        .check(ALL);
  }

  @TestFactory
  Stream<DynamicTest> packagesOfAModuleKnowLayersBelowThem() {
    return LAYERS.keySet().stream()
        .sorted()
        .map(module -> DynamicTest.dynamicTest(module, () -> layered(module)));
  }

  private static void layered(String module) {
    List<String> below = new ArrayList<>();
    TreeSet<String> placed = new TreeSet<>();
    for (String layer : LAYERS.getOrDefault(module, List.of())) {
      List<String> rooms = Stream.of(layer.split(" ", -1)).map(name -> room(module, name)).toList();
      for (String room : rooms) {
        List<String> allowed = new ArrayList<>(below);
        allowed.add(room);
        none(room, "lossmith." + module + "..", allowed.toArray(String[]::new));
      }
      below.addAll(rooms);
      placed.addAll(rooms);
    }
    TreeSet<String> there = new TreeSet<>();
    in("lossmith." + module + "..").forEach(type -> there.add(type.getPackageName()));
    assertEquals(there, placed, "every package of " + module + " has its layer above");
  }

  private static String room(String module, String name) {
    return "lossmith." + module + (name.isEmpty() ? "" : "." + name);
  }

  @Test
  void tensorFlowIsKnownToOpsAndTheLab() {
    onlyIn("TensorFlow", "lossmith.ops..", "lossmith.lab..")
        .accept("org.tensorflow..", "org.bytedeco..", "com.sun.jna..");
  }

  @Test
  void sparkIsKnownToItsEngineAlone() {
    onlyIn("Spark", "lossmith.spark..").accept("org.apache.spark..", "scala..");
  }

  @Test
  void jqwikIsKnownToProofsAndTestLibrariesToNoMainCodeElse() {
    onlyIn("jqwik", "lossmith.proofs..").accept("net.jqwik..", "org.junit..", "org.opentest4j..");
  }

  private static Only onlyIn(String what, String... rooms) {
    return libraries ->
        noClasses()
            .that()
            .resideOutsideOfPackages(rooms)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(libraries)
            .because("only " + List.of(rooms) + " may know " + what)
            .check(ALL);
  }

  private interface Only {
    void accept(String... libraries);
  }

  @Test
  void internalsOfOpsAreUsedByOpsAlone() {
    classes()
        .that()
        .resideInAnyPackage("lossmith.ops.graph..", "lossmith.ops.rows..", "lossmith.ops.hidden..")
        .should()
        .onlyBeAccessed()
        .byAnyPackage("lossmith.ops..")
        .check(ALL);
    classes()
        .that()
        .resideInAPackage("lossmith.ops.runtime")
        .should()
        .onlyBeAccessed()
        .byAnyPackage("lossmith.ops..", "lossmith", "lossmith.bench..", "lossmith.lab..")
        .because("the program, its benchmark and the lab start TensorFlow themselves")
        .check(ALL);
  }

  @Test
  void packagesAreSmall() {
    Map<String, Long> large = new TreeMap<>();
    for (JavaClass type : in("lossmith..")) {
      if (type.isTopLevelClass() && !type.getSimpleName().startsWith("Immutable")) {
        large.merge(type.getPackageName(), 1L, Long::sum);
      }
    }
    large.values().removeIf(files -> files <= MOST_FILES_OF_A_PACKAGE);
    assertEquals(Map.of(), large, "at most " + MOST_FILES_OF_A_PACKAGE + " files in a package");
  }

  /** Where "open type" finds two classes of a name, a reader has to guess. */
  @Test
  void noSimpleNameIsGivenTwice() {
    Map<String, List<String>> named = new TreeMap<>();
    for (JavaClass type : in("lossmith..")) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        named.computeIfAbsent(type.getSimpleName(), n -> new ArrayList<>()).add(type.getName());
      }
    }
    named.values().removeIf(those -> those.size() == 1);
    assertEquals(Map.of(), named);
  }

  private static JavaClasses in(String room) {
    return ALL.that(resideInAPackage(room));
  }
}

package lossmith.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Profile;
import lossmith.blackbox.RecipeBox;
import lossmith.blackbox.TensorBatch;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Loss;
import lossmith.export.NeedsPython;
import lossmith.export.Objective;
import lossmith.export.TorchExport;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;
import lossmith.proofs.museum.Caught;
import lossmith.proofs.museum.Exhibit;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifteen right losses in Python, in which nothing may be found, and fifteen with a real mistake
 * each, which must show: eight of the right ones are written by hand, the other functions are
 * exported. One process runs them all; by default a few of each kind, all with {@code
 * -Dlossmith.python.functions=15}.
 */
@NeedsPython
final class ThirtyFunctionsTest {
  private static final int EACH = Integer.getInteger("lossmith.python.functions", 3);
  private static final int CASES = 5;
  private static final long SEED = Long.getLong("lossmith.python.seed", 28);

  private static final List<String> BY_HAND =
      List.of(
          "verl_ppo",
          "trl_grpo",
          "PolicyLoss",
          "nemo_reinforce",
          "prime_loss",
          "skyrl_ppo",
          "gspo",
          "verl_cispo");

  private static final List<String> EXPORTED =
      List.of("grpo", "reinforce", "cispo", "sapo", "dr-grpo", "tis", "gspo");

  /** A loss under a name, to export. */
  private record Exported(Card card, Loss of) implements Recipe {
    @Override
    public Loss loss(Conventions c) {
      return of;
    }
  }

  private static String python() {
    String path = System.getenv(Interpreter.VARIABLE);
    if (path == null || path.isBlank()) {
      System.out.println(
          "PyTorch: left out without " + Interpreter.VARIABLE + ": thirty losses in Python");
    }
    Assumptions.assumeTrue(path != null && !path.isBlank());
    return Objects.requireNonNull(path);
  }

  private static Target target(Path file, String function) {
    Map<String, String> none = LinkedHashMap.empty();
    return new Target(file, function, Option.none(), none, none, Duration.ofSeconds(60));
  }

  private static Target export(Path folder, String name, Loss loss) throws Exception {
    Source source = new Source("This test", "here", "https://example.org");
    Recipe recipe = new Exported(Card.of(name, name, source), loss);
    String text = TorchExport.write(recipe, new Objective(name, name, loss));
    Path file = Files.writeString(folder.resolve(name.replace('-', '_') + ".py"), text);
    return target(file, name.replace('-', '_'));
  }

  private static TensorBatch probe() {
    return Probes.onPolicy(new int[] {3, 1, 2, 4}, new int[] {0, 0, 1, 1}, 1, 1);
  }

  @Test
  void rightLossesAreFoundRightAndEachMistakeShows(@TempDir Path folder) throws Exception {
    Interpreter interpreter = new Interpreter(python());
    Path right =
        Path.of(
            Objects.requireNonNull(getClass().getClassLoader().getResource("python/right.py"))
                .toURI());
    Seq<Target> all = BY_HAND.map(name -> target(right, name)).take((EACH + 1) / 2 + EACH / 15);
    for (String name : EXPORTED.take(EACH / 2)) {
      all = all.append(export(folder, name, Recipes.get(name).loss(Conventions.paper())));
    }
    PythonFunction function = PythonFunction.open(all.head(), interpreter, probe());
    try {
      Seq<String> alarms = List.empty();
      for (Target target : all) {
        function = function.instead(target, probe());
        try (BoxProver prover = new BoxProver(function, List.empty())) {
          Proof proof = prover.prove(2 * CASES, 1, done -> {});
          alarms = alarms.appendAll(proof.findings().map(Finding::toString));
        }
      }
      assertTrue(alarms.isEmpty(), alarms.mkString("\n"));
      Seq<String> missed = List.empty();
      Seq<Exhibit> mistakes = Exhibits.drawn(EACH, SEED);
      for (Exhibit exhibit : mistakes) {
        Caught.ByLaw law = (Caught.ByLaw) exhibit.caught();
        function = function.instead(export(folder, exhibit.name(), law.wrong()), probe());
        Seq<String> told = told(function, law.mended());
        System.out.println(exhibit.name() + ": " + told.mkString("; "));
        missed = told.isEmpty() ? missed.append(exhibit.name()) : missed;
      }
      assertEquals(List.of(), missed.toList(), "mistakes that nothing tells");
      System.out.println(
          "PyTorch: " + all.size() + " right losses and " + mistakes.size() + " wrong ones");
    } finally {
      function.close();
    }
  }

  /** The laws that a loss breaks, or what it is seen to do that the mended one does not. */
  private static Seq<String> told(PythonFunction function, Loss mended) {
    try (BoxProver prover = new BoxProver(function, List.empty())) {
      Map<String, String> right =
          RecipeBox.of("mended", mended, Exhibits.COLUMNS)
              .map(box -> Profile.of(box).words())
              .getOrElse(LinkedHashMap.empty());
      return prover
          .prove(CASES, 1, done -> {})
          .findings()
          .map(finding -> "law " + finding.law().name())
          .appendAll(
              prover
                  .seen()
                  .words()
                  .toList()
                  .filter(word -> !right.get(word._1).contains(word._2))
                  .map(word -> word._1 + " is " + word._2));
    }
  }
}

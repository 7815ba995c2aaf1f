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
import lossmith.blackbox.Identification;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Loss;
import lossmith.export.NeedsPython;
import lossmith.export.Objective;
import lossmith.export.TorchExport;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;
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
 * Right losses in Python, in which nothing may be found, and wrong ones, of each of which its
 * mistake is told by the laws or by {@code identify}, in words that name it: drawn from all
 * exhibits that a function of tensors can have, and from what mends them. One process runs them
 * all; by default a few of each kind, fifteen with {@code -Dlossmith.python.functions=15}, others
 * with {@code -Dlossmith.python.seed}.
 */
@NeedsPython
final class ThirtyFunctionsTest {
  private static final int EACH = Integer.getInteger("lossmith.python.functions", 3);

  /** Of these seeds three are of ordinary cases, which most laws speak of. */
  private static final int CASES = 13;

  private static final long FIRST = 18;
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
      List.of(
          "grpo",
          "reinforce",
          "cispo",
          "sapo",
          "dr-grpo",
          "tis",
          "gspo",
          "dapo",
          "gmpo",
          "topr",
          "psr",
          "nsr",
          "prorl",
          "dro",
          "vapo-nll",
          "forking-tokens",
          "aspo",
          "decoupled-ppo");

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
  void everyExhibitIsDrawnOrLeftOutWithAReasonThatIsRead() throws Exception {
    Exhibits.Lists lists = Exhibits.lists();
    Seq<String> names = lists.words().keySet().toList().appendAll(lists.leftOut().keySet());
    assertEquals(Exhibits.all().map(Exhibit::name).sorted().toList(), names.sorted().toList());
    Seq<String> unable =
        Exhibits.all()
            .filter(one -> lists.words().containsKey(one.name()))
            .filter(one -> Exhibits.box(one.name(), Exhibits.wrong(one)).isEmpty())
            .map(Exhibit::name);
    assertEquals(List.of(), unable.toList(), "no function of tensors");
    String page = Files.readString(Path.of("python/README.md"));
    Seq<String> unread =
        lists.leftOut().toList().map(one -> "- `" + one._1 + "`: " + one._2).reject(page::contains);
    assertEquals(List.of(), unread.toList(), "lines that src/python/README.md has not");
  }

  @Test
  void rightLossesAreFoundRightAndEachMistakeIsNamed(@TempDir Path folder) throws Exception {
    Interpreter interpreter = new Interpreter(python());
    Exhibits.Lists lists = Exhibits.lists();
    Seq<Target> all = right(folder, lists);
    PythonFunction function = PythonFunction.open(all.head(), interpreter, probe());
    try {
      Seq<String> alarms = List.empty();
      for (Target target : all) {
        function = function.instead(target, probe());
        try (BoxProver prover = new BoxProver(function, List.empty())) {
          Proof proof = prover.prove(CASES, FIRST, done -> {});
          alarms = alarms.appendAll(proof.findings().map(Finding::toString));
        }
      }
      Seq<String> missed = List.empty();
      Seq<Exhibit> mistakes =
          Exhibits.drawn(
              Exhibits.all().filter(one -> lists.words().containsKey(one.name())), EACH, SEED);
      for (Exhibit exhibit : mistakes) {
        function =
            function.instead(export(folder, exhibit.name(), Exhibits.wrong(exhibit)), probe());
        Seq<String> words = lists.words().get(exhibit.name()).get();
        String told = proved(function);
        told = words.forAll(told::contains) ? told : told + "\n" + identified(function);
        Seq<String> untold = words.reject(told::contains);
        System.out.println(exhibit.name() + ": " + told);
        missed = missed.appendAll(untold.map(text -> exhibit.name() + ": " + text));
      }
      assertTrue(alarms.isEmpty(), alarms.mkString("\n"));
      assertEquals(List.of(), missed.toList(), "words that nothing says");
      System.out.println(
          "PyTorch: " + all.size() + " right losses and " + mistakes.size() + " wrong ones");
    } finally {
      function.close();
    }
  }

  /** By hand, objectives of the catalogue, and exhibits without their mistake: a third of each. */
  private static Seq<Target> right(Path folder, Exhibits.Lists lists) throws Exception {
    Path file =
        Path.of(
            Objects.requireNonNull(
                    ThirtyFunctionsTest.class.getClassLoader().getResource("python/right.py"))
                .toURI());
    int third = (EACH + 2) / 3;
    Seq<Target> all = Exhibits.drawn(BY_HAND, third, SEED).map(name -> target(file, name));
    for (String name : Exhibits.drawn(EXPORTED, third, SEED)) {
      all = all.append(export(folder, name, Recipes.get(name).loss(Conventions.paper())));
    }
    Seq<Exhibit> mended =
        Exhibits.all()
            .filter(one -> lists.words().containsKey(one.name()))
            .reject(one -> lists.accused().containsKey(one.name()))
            .filter(one -> Exhibits.box(one.name(), Exhibits.mended(one)).isDefined());
    for (Exhibit one : Exhibits.drawn(mended, third, SEED)) {
      all = all.append(export(folder, one.name() + "-mended", Exhibits.mended(one)));
    }
    return all;
  }

  /** What the laws say. */
  private static String proved(PythonFunction function) {
    try (BoxProver prover = new BoxProver(function, List.empty())) {
      return prover
          .prove(CASES, FIRST, done -> {})
          .findings()
          .map(Finding::toString)
          .mkString("\n");
    }
  }

  /** What {@code identify} says, which is asked where the laws have not said all. */
  private static String identified(PythonFunction function) {
    Identification found = Identification.of(function, Recipes.all(), done -> {});
    return found.seen().words().map(word -> word._1 + " is " + word._2).mkString("\n")
        + "\n"
        + found;
  }
}

package lossmith.python;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.blackbox.RecipeBox;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.proofs.museum.Caught;
import lossmith.proofs.museum.Exhibit;
import lossmith.proofs.museum.Museum;

/** The mistakes that are made in Python: exhibits of the museum, drawn from those that can be. */
final class Exhibits {
  /** What a loss of a trainer is given, and a batch of tensors has. */
  static final Set<String> COLUMNS =
      HashSet.of(
              Columns.REWARD,
              Columns.ENTROPY,
              Columns.VALUE,
              TensorBatch.OLD_VALUE,
              TensorBatch.RETURN,
              Columns.TOKEN_REWARD,
              Columns.FINISHED,
              "selected",
              TensorBatch.BATCH_TOKENS)
          .addAll(TensorBatch.MASKS)
          .addAll(Columns.LOG_PROBS);

  /**
   * Exhibits that no call shows, and why.
   *
   * <ul>
   *   <li>They differ from the mended ones in what is logged alone.
   *   <li>A parameter of theirs does nothing: the same call with another value would show it.
   *   <li>The mended one differs where a group has one response.
   *   <li>The objective with the mistake and without it read other columns than the policy's.
   * </ul>
   */
  static final Set<String> NOT_SHOWN =
      HashSet.of(
          "clip-fraction-over-fewer",
          "clamped-share-of-unmasked",
          "clip-fraction-of-the-other-side",
          "penalty-that-is-dead-on-policy",
          "clip-ratio-without-effect",
          "single-response-keeps-its-reward",
          "labels-shifted-twice",
          "filtered-tokens-in-the-normaliser",
          "bonus-that-turns-the-sign");

  private Exhibits() {}

  /** Those that a loss of a trainer's columns can have. */
  static Seq<Exhibit> expressible() {
    return Museum.all()
        .filter(
            exhibit ->
                exhibit.caught() instanceof Caught.ByLaw law
                    && possible(law.wrong())
                    && possible(law.mended()))
        .reject(exhibit -> NOT_SHOWN.contains(exhibit.name()));
  }

  /** Whether these columns are enough for it, and it has a gradient: others are not exported. */
  private static boolean possible(Loss loss) {
    return box("", loss).exists(RecipeBox::trains);
  }

  /** A loss of these columns, which may read advantages of tokens besides. */
  static Option<RecipeBox> box(String name, Loss loss) {
    return RecipeBox.of(name, loss, COLUMNS)
        .orElse(() -> RecipeBox.of(name, loss, COLUMNS.add(TensorBatch.ADVANTAGE)));
  }

  /** So many of them, the same for the same seed. */
  static Seq<Exhibit> drawn(int count, long seed) {
    Seq<Exhibit> all = expressible();
    Seq<Integer> order =
        List.ofAll(new Random(seed).ints(0, all.size()).distinct().limit(count).boxed().toList());
    return order.map(all::get);
  }
}

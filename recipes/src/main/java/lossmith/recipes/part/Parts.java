package lossmith.recipes.part;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/** All parts that the library offers ({@link Part}), and a look-up by name. */
public final class Parts {
  private Parts() {}

  /** {@return all of them, by kind} */
  public static Seq<Part<?>> all() {
    return List.<Part<?>>ofAll(Rewards.all())
        .appendAll(AdvantageParts.all())
        .appendAll(Surrogates.all())
        .appendAll(Weights.all())
        .appendAll(Selections.all())
        .appendAll(Reductions.all())
        .appendAll(Regularisers.all())
        .appendAll(Scores.all());
  }

  /** {@return the part of that name} */
  public static Option<Part<?>> named(String name) {
    return all().find(part -> part.name().equals(name));
  }
}

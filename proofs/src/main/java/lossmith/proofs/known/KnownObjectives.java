package lossmith.proofs.known;

import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import io.vavr.control.Try;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Term;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import lossmith.recipes.preference.PairLoss;

/** All recipes and parts, in pieces, each form once: by the papers, and as trainers have them. */
final class KnownObjectives {
  private static final Lazy<Seq<KnownObjective>> REWARDS =
      Lazy.of(
          () ->
              Parts.all()
                  .filter(part -> part.kind() == Part.Kind.REWARD)
                  .flatMap(KnownObjectives::reward));

  private static final Lazy<KnownObjectives> PAPERS =
      Lazy.of(() -> new KnownObjectives(Conventions.paper()));

  private static final Lazy<KnownObjectives> TRAINERS =
      Lazy.of(() -> new KnownObjectives(Conventions.verl()));

  private final Map<Fragment.Kind, Map<Long, KnownObjective>> all =
      new EnumMap<>(Fragment.Kind.class);

  private final Set<Long> rewards = rewards();

  private KnownObjectives(Conventions c) {
    HashConsing sharing = new HashConsing();
    for (Fragment.Kind kind : Fragment.Kind.values()) {
      all.put(kind, new LinkedHashMap<>());
    }
    pieces(Fragment.Kind.REWARD)
        .putAll(REWARDS.get().toJavaMap(one -> Tuple.of(one.fragment().shape().print(), one)));
    for (Tuple2<String, Recipe> one : recipes()) {
      Try.of(() -> one._2.loss(c)).forEach(loss -> add(one._1, one._2, loss, sharing));
    }
    for (Aggregation mean : Aggregation.values()) {
      Recipe any = Recipes.get("grpo");
      add(any.name(), any, any.loss(c.aggregating(mean)), sharing);
    }
  }

  private static Option<KnownObjective> reward(Part<?> part) {
    return part.make() instanceof Supplier<?> made && made.get() instanceof Term<?> term
        ? Option.some(
            new KnownObjective(
                part.name(),
                part.source(),
                new Fragment(Fragment.Kind.REWARD, new Fold<>(new NormalForm()).of(term.node()))))
        : Option.none();
  }

  /** The forms of all rewards. */
  static Set<Long> rewards() {
    return REWARDS.get().map(one -> one.fragment().shape().print()).toSet();
  }

  /** Makes all of them, once. */
  static void prepare() {
    PAPERS.get();
    TRAINERS.get();
  }

  /** By the papers' conventions. */
  static KnownObjectives papers() {
    return PAPERS.get();
  }

  /** By those of verl: in this form the other trainers' are the papers'. */
  static KnownObjectives trainers() {
    return TRAINERS.get();
  }

  /** Each recipe, each part in the place of the default, and each mean of selected tokens. */
  private static Seq<Tuple2<String, Recipe>> recipes() {
    Seq<Part<?>> parts = Parts.all().filter(part -> part.kind() != Part.Kind.SCORE);
    Seq<Part<?>> scores = Parts.all().filter(part -> part.kind() == Part.Kind.SCORE);
    String selection =
        parts.filter(part -> part.kind() == Part.Kind.SELECTION).map(Part::name).head();
    return Recipes.all()
        .map(recipe -> Tuple.of(recipe.name(), recipe))
        .appendAll(parts.map(part -> Tuple.of(part.name(), Composition.of(part.name()))))
        .appendAll(
            parts
                .filter(part -> part.kind() == Part.Kind.REDUCTION)
                .map(
                    part ->
                        Tuple.of(
                            part.name(),
                            Composition.of(part.name() + Composition.AND + selection))))
        .appendAll(
            Recipes.all()
                .filter(PairLoss.class::isInstance)
                .flatMap(
                    pair ->
                        scores.map(
                            score ->
                                Tuple.of(
                                    pair.name(),
                                    Composition.of(
                                        pair.name() + Composition.AND + score.name())))));
  }

  private void add(String name, Recipe recipe, Loss loss, HashConsing sharing) {
    for (Term<?> part : loss.parts().values()) {
      Node guarded = sharing.of(part.node());
      Node written = sharing.of(Unguarded.of(guarded));
      add(name, recipe, guarded);
      if (written != guarded) {
        add(name, recipe, written);
      }
    }
  }

  private void add(String name, Recipe recipe, Node part) {
    Fragments.of(part, rewards)
        .filter(fragment -> fragment.kind() != Fragment.Kind.REWARD)
        .forEach(
            fragment ->
                pieces(fragment.kind())
                    .putIfAbsent(
                        fragment.shape().print(),
                        new KnownObjective(name, recipe.source(), fragment)));
  }

  private Map<Long, KnownObjective> pieces(Fragment.Kind kind) {
    return Objects.requireNonNull(all.get(kind));
  }

  /** Whether a piece is one of these. */
  boolean has(Fragment fragment) {
    return pieces(fragment.kind()).containsKey(fragment.shape().print())
        || pieces(fragment.kind()).values().stream()
            .anyMatch(
                known ->
                    OnlyDifference.between(fragment.shape(), known.fragment().shape()).isEmpty());
  }

  /** The pieces of a kind. */
  Iterable<KnownObjective> of(Fragment.Kind kind) {
    return pieces(kind).values();
  }
}

package lossmith.recipes.part;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * An objective put together from parts: L = −reduce(Π w · surrogate(advantage(reward))) + Σ β_k
 * reduce(regulariser_k), everything over the tokens that all selections keep.
 *
 * <p>{@link #of} reads it from names: {@code leave-one-out+clip-higher+rollout-tis+k3}. Where a
 * kind is not named, the first of its kind stands: the reward, group-normalised, clipped, averaged
 * over tokens. A score goes with the name of a preference loss: {@code dpo-hinge+forward-kl}.
 */
public final class Composition implements Recipe {
  /** What stands between the names of parts. */
  public static final String AND = "+";

  private final Seq<Part<?>> parts;

  private Composition(Seq<Part<?>> parts) {
    this.parts = parts;
  }

  /**
   * {@return the objective of some parts}
   *
   * @param names of parts (see {@link Parts#all()}), separated by {@value #AND}
   * @throws lossmith.dsl.ProblemException where a name is none, or two parts take one place
   */
  public static Recipe of(String names) {
    Seq<String> all = List.of(names.split("\\" + AND, -1)).map(String::strip);
    return Scored.speaksOf(all) ? Scored.of(all) : ofPolicy(all);
  }

  private static Composition ofPolicy(Seq<String> all) {
    Problem.throwAll(
        all.filter(name -> Parts.named(name).isEmpty())
            .map(
                name ->
                    Problem.of(
                        "part",
                        "\"" + name + "\", no part of an objective",
                        "one of " + Parts.all().map(Part::name).mkString(", "),
                        "names of parts with " + AND + " between them")));
    Seq<Part<?>> parts = Parts.all().filter(part -> all.contains(part.name()));
    Problem.throwAll(
        List.of(Part.Kind.values())
            .filter(Part.Kind::single)
            .map(kind -> parts.filter(part -> part.kind() == kind))
            .filter(same -> same.size() > 1)
            .map(
                same ->
                    Problem.of(
                        "part",
                        same.map(Part::name).mkString(" and "),
                        "one " + same.head().kind(),
                        same.head().name() + " alone")));
    return new Composition(parts);
  }

  @Override
  public String name() {
    return parts.map(Part::name).mkString(AND);
  }

  @Override
  public String title() {
    return parts.map(Part::title).mkString("; ");
  }

  @Override
  public Source source() {
    return parts.head().source();
  }

  /** What one part says of itself need not be true of it beside others. */
  @Override
  public Seq<Claim> claims() {
    return parts.size() == 1 ? parts.head().claims() : List.empty();
  }

  @Override
  public Loss loss(Conventions c) {
    Detached<Sequence> reward = one(Rewards.all()).get();
    Detached<Token> a = one(AdvantageParts.all()).apply(reward, c);
    Term<Token> raised =
        every(Weights.all())
            .foldLeft(
                one(Surrogates.all()).apply(a, c),
                (x, weight) -> x.weightedBy(weight.make().get()));
    Option<Condition<Token>> where =
        every(Selections.all())
            .map(selection -> selection.make().get())
            .reduceOption(Condition::and);
    Reductions.Reduced reduced = one(Reductions.all());
    Loss policy = maximise(reduced.apply(raised, where));
    Loss loss =
        every(Regularisers.all())
            .foldLeft(
                policy,
                (sum, cost) ->
                    sum.plus(
                        minimise(reduced.apply(cost.make().term().apply(c), where))
                            .scaledBy(beta(cost))
                            .training(cost.make().trains())
                            .as(cost.name())));
    return Diagnostics.policy(loss);
  }

  private static Parameter beta(Part<Regularisers.Cost> cost) {
    return parameter("beta_" + cost.name(), cost.make().coefficient(), 0, 1e3);
  }

  /** What makes the term of the chosen part of a kind, or of the first. */
  private <F> F one(Seq<Part<F>> kind) {
    return every(kind).headOption().getOrElse(kind::head).make();
  }

  /** The chosen parts of a kind. */
  private <F> Seq<Part<F>> every(Seq<Part<F>> kind) {
    return kind.filter(part -> parts.exists(chosen -> chosen.name().equals(part.name())));
  }
}

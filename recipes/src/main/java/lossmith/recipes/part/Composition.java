package lossmith.recipes.part;

import static lossmith.dsl.Terms.parameter;

import io.vavr.Lazy;
import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import java.util.function.Supplier;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Nearest;
import lossmith.dsl.Parameter;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;

/**
 * An objective put together from parts: L = −reduce(Π w · surrogate(advantage(reward))) + Σ β_k
 * reduce(regulariser_k), everything over the tokens that all selections keep.
 *
 * <p>{@link #of} reads it from names: {@code leave-one-out+clip-higher+rollout-tis+k3}. Where a
 * kind is not named, the first of its kind stands: the reward, group-normalised, clipped, averaged
 * over tokens. A score goes with the name of a preference loss: {@code dpo-hinge+forward-kl}. Where
 * two parts have a parameter of one name with another default or range, both are called by their
 * part too: {@code overlong_max_length} beside {@code constant_length_max_length}.
 */
public final class Composition implements Recipe {
  /** What stands between the names of parts. */
  public static final String AND = "+";

  private final Seq<Part<?>> parts;

  private final Lazy<Card> card = Lazy.of(this::made);

  private Composition(Seq<Part<?>> parts) {
    this.parts = parts;
  }

  /**
   * {@return the objective of some parts}
   *
   * @param names of parts (see {@link Parts#all()}), separated by {@value #AND}
   * @throws lossmith.dsl.ProblemException where a name is none or stands twice, or two parts take
   *     one place
   */
  public static Recipe of(String names) {
    Seq<String> all = List.of(names.split("\\" + AND, -1)).map(String::strip);
    return ScoredPreference.speaksOf(all) ? ScoredPreference.of(all) : ofPolicy(all);
  }

  private static Composition ofPolicy(Seq<String> all) {
    Problem.throwAll(
        all.filter(name -> Parts.named(name).isEmpty())
            .map(
                name ->
                    Problem.of(
                        "part",
                        "\""
                            + name
                            + "\", no part of an objective"
                            + Nearest.to(name, Parts.all().map(Part::name)),
                        Nearest.among(name, Parts.all().map(Part::name)),
                        "names of parts with " + AND + " between them")));
    Problem.throwAll(twice(all));
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

  /** A part named twice would count once only, so it is refused. */
  static Seq<Problem> twice(Seq<String> names) {
    return List.ofAll(names.groupBy(name -> name).filterValues(same -> same.size() > 1).keySet())
        .sorted()
        .map(
            name ->
                Problem.of(
                    "part",
                    name + " more than once in " + names.mkString(AND),
                    "each part once",
                    name + " once; the weight of a regulariser is its parameter beta_NAME"));
  }

  /** Of the claims of its parts, those that stand unless another is named too, what survives. */
  @Override
  public Card card() {
    return card.get();
  }

  private Card made() {
    return Card.of(
            parts.map(Part::name).mkString(AND),
            parts.map(Part::title).mkString("; "),
            parts.head().source())
        .claiming(Surviving.of(together(Conventions.paper()), everyPart()));
  }

  private Seq<Part<?>> everyPart() {
    return List.<Part<?>>of(one(Rewards.all()), one(AdvantageParts.all()), one(Surrogates.all()))
        .appendAll(every(Weights.all()))
        .appendAll(every(Selections.all()))
        .append(one(Reductions.all()))
        .appendAll(every(Regularisers.all()));
  }

  @Override
  public Loss loss(Conventions c) {
    return Diagnostics.policy(together(c).loss());
  }

  private Summed together(Conventions c) {
    return Qualified.of(names -> join(c, names));
  }

  private Summed join(Conventions c, Qualified names) {
    Part<Supplier<Detached<Sequence>>> rewards = one(Rewards.all());
    Detached<Sequence> reward = names.by(rewards.name(), rewards.make().get());
    Part<AdvantageParts.Estimator> estimator = one(AdvantageParts.all());
    Detached<Token> a = names.by(estimator.name(), estimator.make().apply(reward, c), reward);
    Part<Surrogates.Raised> surrogate = one(Surrogates.all());
    Seq<Detached<Token>> weights =
        every(Weights.all()).map(weight -> names.by(weight.name(), weight.make().get()));
    Term<Token> raised =
        weights.foldLeft(
            names.by(surrogate.name(), surrogate.make().apply(a, c), a), Term::weightedBy);
    Option<Condition<Token>> where =
        every(Selections.all())
            .map(selection -> names.by(selection.name(), selection.make().get()))
            .reduceOption(Condition::and);
    Function<Term<Token>, Term<Batch>> mean = x -> reduced(x, where, names);
    Seq<Tuple2<Part<Regularisers.Cost>, Term<Token>>> costs =
        every(Regularisers.all())
            .map(cost -> Tuple.of(cost, names.by(cost.name(), cost.make().term().apply(c))));
    return new Summed(
        reward,
        weights,
        where,
        mean,
        costs.map(Tuple2::_2).prepend(raised),
        mean.apply(raised),
        costs.map(cost -> cost.map2(term -> scaled(cost._1, mean.apply(term), names))));
  }

  private static Term<Batch> scaled(
      Part<Regularisers.Cost> cost, Term<Batch> reduced, Qualified names) {
    return names.by(cost.name(), reduced.scaledBy(beta(cost)), reduced);
  }

  private Term<Batch> reduced(Term<Token> x, Option<Condition<Token>> where, Qualified names) {
    Part<Reductions.Reduced> reduction = one(Reductions.all());
    Term<?>[] from = where.map(w -> new Term<?>[] {x, w.indicator()}).getOrElse(new Term<?>[] {x});
    return names.by(reduction.name(), reduction.make().apply(x, where), from);
  }

  private static Parameter beta(Part<Regularisers.Cost> cost) {
    return parameter("beta_" + cost.name(), cost.make().coefficient(), 0, 1e3);
  }

  /** The chosen part of a kind, or the first. */
  private <F> Part<F> one(Seq<Part<F>> kind) {
    return every(kind).headOption().getOrElse(kind::head);
  }

  /** The chosen parts of a kind. */
  private <F> Seq<Part<F>> every(Seq<Part<F>> kind) {
    return kind.filter(part -> parts.exists(chosen -> chosen.name().equals(part.name())));
  }
}

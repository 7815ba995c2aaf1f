package lossmith.blackbox;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.Lazy;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Detached;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Graph;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Node;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Composition;

/**
 * A way to make advantages of rewards, by which another can be exchanged.
 *
 * @param words what it is
 * @param node the advantage of a token
 */
record Estimates(String words, Node node) {
  private static final Lazy<Seq<Estimates>> ALL = Lazy.of(Estimates::made);

  /** {@return those that people use, without a column that is not a reward} */
  static Seq<Estimates> all() {
    return ALL.get();
  }

  /** {@return what an advantage is, where it is one of these} */
  static Option<String> words(Node advantage) {
    String fingerprint = Fingerprint.of(advantage);
    return all().find(one -> Fingerprint.of(one.node).equals(fingerprint)).map(Estimates::words);
  }

  private static Seq<Estimates> made() {
    return spread("(reward − mean of its prompt) / std of its prompt", "group-normalised")
        .appendAll(spread("(reward − mean of its prompt) / std of the batch", "batch-scaled"))
        .appendAll(
            List.of(
                    new Tuple2<>("the reward itself", "reward-to-go"),
                    new Tuple2<>("reward − mean of its prompt", "group-centred"),
                    new Tuple2<>("reward − mean of the others of its prompt", "leave-one-out"),
                    new Tuple2<>(
                        "(reward − mean of its prompt) / mean of its prompt",
                        "pass-rate-normalised"),
                    new Tuple2<>(
                        "reward − mean of its prompt, weighted by length",
                        "optimal-reward-baseline"),
                    new Tuple2<>("that of GPG, by the share of what is not 0", "gpg-scaled"),
                    new Tuple2<>("that of pass@k, by the lead of the best", "pass-at-k"))
                .map(one -> new Estimates(one._1, node(one._2, Conventions.paper()))))
        .appendAll(
            spread("reward − mean of its prompt, whitened over all tokens", "whitened")
                .filter(one -> !one.words.contains("added")))
        .append(new Estimates("reward − mean of the batch", named(overAll())))
        .append(new Estimates("(reward − mean of the batch) / std of the batch", named(scaled(0))))
        .append(
            new Estimates(
                "(reward − mean of the batch) / std of the batch with ddof 1", named(scaled(1))))
        .append(
            new Estimates(
                "that of GPG, by the share of rewards that are not 0, and not of advantages",
                named(byScores())))
        .appendAll(
            GUARDS.flatMap(
                guard ->
                    List.of(0, 1)
                        .flatMap(
                            ddof ->
                                List.of(
                                    new Estimates(
                                        "reward − (mean / std of its prompt), the bracket about the"
                                            + " difference missing"
                                            + convention(ddof, guard),
                                        named(dividedFirst(ddof, guard))),
                                    new Estimates(
                                        "(reward − mean of its prompt) / std of its prompt,"
                                            + " normalised once more over all responses"
                                            + convention(ddof, guard),
                                        named(twice(ddof, guard)))))));
  }

  /** What people add to a std. */
  private static final Seq<Double> GUARDS = List.of(0.0, 1e-9, 1e-8, 1e-6, 1e-5, 1e-4);

  private static String convention(int ddof, double guard) {
    return (ddof == 0 ? "" : " with ddof 1") + (guard == 0 ? "" : " and " + guard + " added");
  }

  /** One with each std that trainers have. */
  private static Seq<Estimates> spread(String words, String part) {
    return GUARDS.flatMap(
        epsilon ->
            List.of(0, 1)
                .map(
                    ddof ->
                        new Estimates(
                            words + convention(ddof, epsilon),
                            node(part, Conventions.paper().dividing(ddof, epsilon)))));
  }

  /** The advantage of a token that a part of the catalogue makes. */
  static Node node(String part, Conventions c) {
    return Graph.below(Composition.of(part + Composition.AND + "log-prob").loss(c))
        .find(RecipeBox::isAdvantage)
        .get();
  }

  private static Node named(Detached<Sequence> a) {
    return a.per(TOKEN).as(RecipeBox.SYMBOL).node();
  }

  private static Detached<Sequence> overAll() {
    return reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Sequence> scaled(int ddof) {
    return select(
        reward().differs(ALL_SEQUENCES).per(SEQUENCE),
        overAll().dividedBy(reward().std(ALL_SEQUENCES, ddof).per(SEQUENCE)),
        constant(0, SEQUENCE));
  }

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  /** x over a deviation; 0 where this is 0. */
  private static Detached<Sequence> over(Detached<Sequence> x, Detached<Sequence> deviation) {
    return select(deviation.positive(), x.dividedBy(deviation), constant(0, SEQUENCE));
  }

  private static Detached<Sequence> dividedFirst(int ddof, double guard) {
    Detached<Sequence> std = reward().std(SEQUENCES, ddof).shiftedBy(guard).per(SEQUENCE);
    return reward().minus(over(reward().mean(SEQUENCES).per(SEQUENCE), std));
  }

  private static Detached<Sequence> twice(int ddof, double guard) {
    Detached<Sequence> std = reward().std(SEQUENCES, ddof).shiftedBy(guard).per(SEQUENCE);
    Detached<Sequence> once = over(centred(), std);
    return over(
        once.minus(once.mean(ALL_SEQUENCES).per(SEQUENCE)),
        once.std(ALL_SEQUENCES, ddof).shiftedBy(guard).per(SEQUENCE));
  }

  private static Detached<Sequence> byScores() {
    Detached<Batch> scores =
        max(
            reward().equalTo(constant(0, SEQUENCE)).not().indicator().sum(ALL_SEQUENCES),
            constant(1, BATCH));
    return centred().times(count(ALL_SEQUENCES).dividedBy(scores).per(SEQUENCE));
  }
}

package lossmith.export;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.print.Formula;
import lossmith.dsl.python.GradientReach;
import lossmith.dsl.python.Signature;
import lossmith.dsl.schedule.TokenSum;
import lossmith.export.Trainer.Hands;

/**
 * An objective cut for a trainer: what is computed where the whole batch is, and what its hook
 * computes. An objective that the trainer cannot run, or would scale wrongly, is refused.
 */
final class TrainerCut {
  private final Trainer trainer;
  private final Objective objective;
  private final Either<String, TokenSum> cut;
  private final Loss live;
  private final Signature signature;
  private final Map<String, Tuple2<Weighting, Double>> weights;

  TrainerCut(Trainer trainer, Objective objective) {
    this.trainer = trainer;
    this.objective = objective;
    this.cut = trainer.hands() == Hands.BATCH ? Either.left("it is handed over") : cut();
    if (cut.isLeft() && trainer.hands().ofRows()) {
      throw refused(
          "rows have no share of the loss by themselves: " + cut.getLeft(),
          "an objective of which each response has its share, or an export to "
              + (trainer.hands() == Hands.DATUM ? "tinker" : "trl")
              + " or pytorch");
    }
    this.live =
        trainer.hands() == Hands.TOKENS
            ? ofEachToken(cut.get())
            : cut.map(TokenSum::live).getOrElse(objective.loss());
    this.signature = Signature.of(live);
    refuseOtherStatistics();
    this.weights =
        trainer.hands().ofAdvantages() ? weights(cut.get().weights()) : LinkedHashMap.empty();
    refuseOtherAdvantages();
  }

  private Either<String, TokenSum> cut() {
    Set<String> handed = trainer.policy().appendAll(trainer.handed()).toLinkedSet();
    try {
      return TokenSum.of(read(), before(), handed);
    } catch (ProblemException e) {
      throw lacking(e);
    }
  }

  /** Its gradient by the weight of a token is what the token adds, which the hook returns. */
  private Loss ofEachToken(TokenSum sum) {
    Loss all = sum.live();
    Seq<Node> parts = List.ofAll(all.parts().values()).map(Term::node);
    boolean joins =
        Graph.below(parts, Node::children)
            .exists(node -> GradientReach.joins(node) && node.level() != Level.Name.BATCH);
    if (joins || sum.weights().exists(name -> isOfResponse(sum.prepared().get(name).get()))) {
      throw refused(
          "a token is handed over without the others of its response, which it reads",
          "an objective of which each token has its share, or an export to verl");
    }
    Rebuild trained =
        new Rebuild() {
          @Override
          public Node input(Node.Input node) {
            return sum.weights().contains(node.name())
                ? Nodes.trained(node.name(), node.level())
                : node;
          }
        };
    return Loss.of(
        all.parts().mapValues(part -> new Fold<Node>(trained).of(part.node())),
        all.metrics().mapValues(Term::node),
        all.trains().addAll(sum.weights()));
  }

  private static boolean isOfResponse(Node weight) {
    return weight.level() != Level.Name.TOKEN;
  }

  /** The objective, where a datum always has what is handed over and returns nothing but a loss. */
  private Loss read() {
    Loss all = objective.loss();
    if (trainer.hands() != Hands.DATUM) {
      return all;
    }
    Rebuild present =
        new Rebuild() {
          @Override
          public Node input(Node.Input node) {
            return trainer.handed().contains(node.name())
                ? Nodes.given(node.name(), node.level())
                : node;
          }
        };
    Fold<Node> fold = new Fold<>(present);
    return Loss.of(
        all.parts().mapValues(part -> fold.of(part.node())), LinkedHashMap.empty(), all.trains());
  }

  /** What is there of a whole batch before the policy is. */
  Set<String> before() {
    if (trainer.hands() != Hands.DATUM) {
      return LinkedHashSet.of(Columns.REWARD);
    }
    return Inputs.withDefaults(objective.loss())
        .columns()
        .filter(column -> !column.trained() && column.level() != Level.Name.VOCABULARY)
        .map(Node.Input::name)
        .removeAll(Signature.of(objective.loss()).ofPolicy().keySet().addAll(trainer.handed()))
        .toLinkedSet();
  }

  private ProblemException lacking(ProblemException e) {
    return lacking(
        e.problems().map(Problem::expected).distinct(),
        trainer.policy().appendAll(trainer.handed()).appendAll(before()));
  }

  private ProblemException lacking(Seq<String> read, Seq<String> there) {
    return refused(
        "it reads " + read.mkString(" and ") + ", which is not handed over",
        "an objective over " + trainer.policy().appendAll(there).distinct().mkString(", "));
  }

  private ProblemException refused(String wrote, String remedy) {
    return Problem.of(
            "export",
            objective.name() + " for " + trainer.title() + ", where " + wrote,
            "what its hook for a loss has and can scale",
            remedy)
        .exception();
  }

  /** The columns that the hook can read. */
  Seq<String> there() {
    if (trainer.hands() == Hands.BATCH) {
      Set<String> others = Signature.of(objective.loss()).ofPolicy().keySet();
      return signature
          .columns()
          .map(Node.Input::name)
          .removeAll(others.removeAll(trainer.policy()));
    }
    return trainer
        .policy()
        .appendAll(trainer.handed())
        .appendAll(cut.isLeft() ? before() : known().keySet());
  }

  private void refuseOtherStatistics() {
    Seq<String> lacking =
        signature
            .columns()
            .map(Node.Input::name)
            .reject(name -> there().contains(name) || isOptional(name));
    if (!lacking.isEmpty()) {
      throw lacking(lacking.map(this::described), there());
    }
  }

  /** Whether a column may be absent. */
  boolean isOptional(String column) {
    return signature.fallbacks().containsKey(column);
  }

  private String described(String column) {
    return Signature.of(objective.loss())
        .split()
        .statistics()
        .get(column)
        .map(this::written)
        .getOrElse(column);
  }

  /** A term over columns of statistics, with what each of them is in the place of its name. */
  private String written(Node node) {
    return Signature.of(objective.loss())
        .split()
        .statistics()
        .keySet()
        .filter(name -> name.startsWith(StatisticsSplit.UNNAMED))
        .foldLeft(
            Formula.line(node),
            (text, name) -> text.contains(name) ? text.replace(name, described(name)) : text);
  }

  /** How the tokens of each summand count, which must be one way for all. */
  private Map<String, Tuple2<Weighting, Double>> weights(Set<String> names) {
    Map<String, Tuple2<Weighting, Double>> all = LinkedHashMap.empty();
    for (String name : names) {
      Node weight = cut.get().prepared().get(name).get();
      Tuple2<Weighting, Double> known =
          Weighting.of(weight)
              .filter(one -> trainer.weightings().contains(one._1))
              .getOrElseThrow(
                  () ->
                      refused(
                          "a token counts " + written(weight),
                          trainer.weightings().toList().map(Weighting::words).mkString(" or ")));
      all = all.put(name, known);
    }
    if (all.values().map(Tuple2::_1).distinct().size() > 1) {
      throw refused(
          "its parts are different means: " + all.values().map(one -> one._1.words()).distinct(),
          "one mean for all parts");
    }
    return all;
  }

  private void refuseOtherAdvantages() {
    if (trainer.hands().ofAdvantages()) {
      new AdvantageHook(trainer, prepared())
          .lacks(live, needsEqualPrompts())
          .forEach(
              why -> {
                throw refused(why._1, why._2);
              });
    }
  }

  /** What is computed before the policy is known. */
  Map<String, Node> prepared() {
    Map<String, Node> all = cut.map(TokenSum::prepared).getOrElse(LinkedHashMap.empty());
    return trainer.hands().ofAdvantages() ? all.removeAll(cut.get().weights()) : all;
  }

  /** All columns of the objective that are known before its policy is. */
  Map<String, Node> known() {
    return cut.map(TokenSum::prepared).getOrElse(LinkedHashMap.empty());
  }

  /** What the hook computes. */
  Loss live() {
    return live;
  }

  /** What that reads. */
  Signature signature() {
    return signature;
  }

  /** A line about metrics that rows cannot tell, if there are any. */
  String notLogged() {
    return cut.toOption()
        .map(TokenSum::dropped)
        .filter(names -> !names.isEmpty())
        .map(names -> "\n\nNot logged, because rows cannot tell it: " + names.mkString(", "))
        .getOrElse("");
  }

  /** Why the hook needs the whole batch, if it does. */
  Option<String> whole() {
    return cut.swap().toOption();
  }

  /** Whether it is what it is only where every prompt has as many responses. */
  boolean needsEqualPrompts() {
    return weights.exists(
        one -> one._2._1.needsEqualPrompts(cut.get().prepared().get(one._1).get()));
  }

  /** Which mean each column of weights is, and its factor, where the hook computes them. */
  Map<String, Tuple2<Weighting, Double>> weights() {
    return weights;
  }
}

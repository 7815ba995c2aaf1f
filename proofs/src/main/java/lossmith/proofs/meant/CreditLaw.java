package lossmith.proofs.meant;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** At which token a response earns its reward, where a recurrence carries it back. */
final class CreditLaw {
  private static final Set<String> KNOWN = HashSet.of(Columns.REWARD, Columns.POSITION);

  private CreditLaw() {}

  /** The reward of a response is that of its last token: A_t = Σ_(u ≥ t) γ^(u − t) r_u. */
  static PartLaws.Presumed last() {
    return PartLaws.law(
        "reward-last",
        "the reward of a response comes with its last token, once: it is worth no more to an"
            + " earlier token than to the last one, to which nothing is discounted",
        "|∂A_t/∂R| ≤ |∂A_|y|/∂R|",
        1e-8,
        "a difference of numbers of order 1",
        role -> returns(role).nonEmpty(),
        CreditLaw::earned,
        Trial.Kind.ORDINARY);
  }

  /** Advantages of tokens that a recurrence makes of the rewards of responses alone. */
  private static Seq<Node> returns(PresumedRole role) {
    return role.role().policyGradient()
        ? role.estimates()
            .filter(
                node -> {
                  Seq<Node> below = Graph.below(List.of(node));
                  Seq<String> read = Graph.only(Node.Input.class, below).map(Node.Input::name);
                  return node.level() == Level.Name.TOKEN
                      && below.exists(Node.Scan.class::isInstance)
                      && read.contains(Columns.REWARD)
                      && KNOWN.containsAll(read);
                })
        : List.empty();
  }

  private static Seq<Violation> earned(Isolated part, Trial any, double tolerance) {
    Trial trial = PartLaws.usual(part, any);
    Samples samples = trial.samples();
    if (!samples.level(Columns.REWARD).contains(Level.Name.SEQUENCE)) {
      return List.empty(); // the objective's own, at another level
    }
    return returns(part.presumed())
        .flatMap(
            node ->
                List.range(0, samples.size(Level.Name.SEQUENCE))
                    .flatMap(i -> earned(part, node, trial, i, tolerance)))
        .take(1);
  }

  private static Seq<Violation> earned(
      Isolated part, Node node, Trial trial, int response, double tolerance) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    Trial more = PartLaws.moved(trial, Columns.REWARD, response, 1);
    double[] here = new Reference(trial.samples(), trial.parameters()).of(node);
    double[] there = new Reference(more.samples(), more.parameters()).of(node);
    Seq<Integer> tokens = List.range(0, of.length).filter(t -> of[t] == response);
    if (tokens.size() < 2) {
      return List.empty();
    }
    double last = there[tokens.last()] - here[tokens.last()];
    return tokens
        .filter(t -> Math.abs(there[t] - here[t]) > Math.abs(last) + tolerance)
        .take(1)
        .map(
            t ->
                PartLaws.at(
                    part,
                    "with a reward more by 1, the last token of the response is worth more by "
                        + last
                        + ", and before it token",
                    t,
                    "more by " + (there[t] - here[t])));
  }
}

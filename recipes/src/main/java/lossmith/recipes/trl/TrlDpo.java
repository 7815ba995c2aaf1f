package lossmith.recipes.trl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.referenceLogProb;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.preference.Aot;
import lossmith.recipes.preference.AotUnpaired;
import lossmith.recipes.preference.ApoDown;
import lossmith.recipes.preference.ApoZero;
import lossmith.recipes.preference.BcoPair;
import lossmith.recipes.preference.DiscoPop;
import lossmith.recipes.preference.Dpo;
import lossmith.recipes.preference.DpoHinge;
import lossmith.recipes.preference.DpoLengthNormalised;
import lossmith.recipes.preference.Exo;
import lossmith.recipes.preference.Ipo;
import lossmith.recipes.preference.LdDpo;
import lossmith.recipes.preference.Nca;
import lossmith.recipes.preference.PairScore;
import lossmith.recipes.preference.RobustDpo;
import lossmith.recipes.preference.Sft;
import lossmith.recipes.preference.Sppo;
import lossmith.recipes.preference.Wpo;

/**
 * TRL's DPO ({@code DPOTrainer._compute_loss}): Σ weight × loss, each a recipe of ours. Where TRL
 * differs from them: the divergence is read by neither aot, aot_unpaired, apo_zero nor sft, and by
 * apo_down in the margin alone; label smoothing by exo_pair, robust, aot and aot_unpaired alone;
 * what a token counts by every loss but sft.
 *
 * @param losses TRL's {@code loss_type} with the weight of each
 * @param score what is compared, TRL's {@code f_divergence_type}
 * @param parameters beta, label_smoothing and tau by the names of our parameters
 * @param tail what a token counts beyond the length of the other response ({@code ld_alpha})
 * @param weighted whether pairs are weighted by how likely they are ({@code use_weighting})
 */
public record TrlDpo(
    Seq<Weighed> losses,
    PairScore score,
    Map<String, Double> parameters,
    Option<Double> tail,
    boolean weighted) {

  /**
   * One of several losses.
   *
   * @param type TRL's name
   * @param weight what it is multiplied by, at least 0
   */
  public record Weighed(String type, double weight) {}

  /** {@return the loss, logging what TRL logs of log-probabilities} */
  public Loss loss() {
    Loss sum = losses.map(one -> loss(one.type()).scaledBy(one.weight())).reduce(Loss::plus);
    Term<Token> x = logProb().minus(referenceLogProb());
    Detached<Batch> chosen = chosen(x);
    Detached<Batch> rejected = rejected(x);
    double beta = parameters.get("beta").get();
    return sum.log("rewards/chosen", chosen.scaledBy(beta))
        .log("rewards/rejected", rejected.scaledBy(beta))
        .log("rewards/margins", chosen.minus(rejected).scaledBy(beta))
        .log("rewards/accuracies", better(x).mean(GROUPS)).log("logps/chosen", chosen(logProb()))
        .log("logps/rejected", rejected(logProb()));
  }

  private Loss loss(String type) {
    return named(type)
        .rewritten(node -> new Fold<>(new AsTrl(type.equals("sft"))).of(node))
        .as(type);
  }

  private Loss named(String type) {
    Conventions c = Conventions.paper();
    return switch (type) {
      case "sigmoid" -> new Dpo().loss(c, score);
      case "hinge" -> new DpoHinge().loss(c, score);
      case "ipo" -> new Ipo().loss(c, score);
      case "exo_pair" -> new Exo().loss(c, score);
      case "nca_pair" -> new Nca().loss(c, score);
      case "robust" -> new RobustDpo().loss(c, score);
      case "bco_pair" -> new BcoPair().loss(c, score);
      case "sppo_hard" -> new Sppo().loss(c, score);
      case "aot" -> new Aot().smoothed();
      case "aot_unpaired" -> new AotUnpaired().smoothed();
      case "apo_zero" -> new ApoZero().loss(c);
      case "apo_down" -> new ApoDown().loss(c, TrlScore.inMarginAlone(score));
      case "discopop" -> new DiscoPop().loss(c, score);
      case "sft" -> new Sft().loss(c);
      case "sigmoid_norm" -> new DpoLengthNormalised().loss(c, score);
      default ->
          throw Problem.of(
                  "loss_type",
                  type,
                  "sigmoid, hinge, ipo, exo_pair, nca_pair, robust, bco_pair, sppo_hard, aot,"
                      + " aot_unpaired, apo_zero, apo_down, discopop, sft or sigmoid_norm",
                  "one of them")
              .exception();
    };
  }

  private Detached<Token> counted() {
    return tail.map(alpha -> LdDpo.weight(constant(alpha, BATCH))).getOrElse(constant(1, TOKEN));
  }

  private Detached<Batch> chosen(Term<Token> x) {
    return PairScore.LOG_RATIO.chosen(x.weightedBy(counted())).stopGradient().mean(GROUPS);
  }

  private Detached<Batch> rejected(Term<Token> x) {
    return PairScore.LOG_RATIO.rejected(x.weightedBy(counted())).stopGradient().mean(GROUPS);
  }

  private Detached<Level.Group> better(Term<Token> x) {
    return PairScore.LOG_RATIO
        .margin(x.weightedBy(counted()))
        .stopGradient()
        .positive()
        .indicator();
  }

  /** Settings put in, tokens and pairs weighted: a mean over pairs is of each times its weight. */
  private final class AsTrl extends Rebuild {
    private final boolean plain;

    AsTrl(boolean plain) {
      this.plain = plain;
    }

    @Override
    public Node parameter(Node.ParameterValue node) {
      return Nodes.constant(parameters.get(node.name()).get(), node.level());
    }

    @Override
    public Node gather(Node.Gather node, Node of) {
      return counted(super.gather(node, of));
    }

    @Override
    public Node input(Node.Input node) {
      return node.name().equals(Columns.REFERENCE_LOG_PROB) ? counted(node) : node;
    }

    private Node counted(Node x) {
      return plain || tail.isEmpty() ? x : times(x, TrlDpo.this.counted().node());
    }

    @Override
    public Node reduce(Node.Reduce node, Node of, Option<Node> where) {
      boolean ofPairs = node.op() == ReduceOp.MEAN && of.level() == Level.Name.GROUP;
      return super.reduce(node, weighted && ofPairs ? times(of, Wpo.weight().node()) : of, where);
    }

    private static Node times(Node x, Node weight) {
      return Nodes.binary(BinaryOp.TIMES, x, weight);
    }
  }
}

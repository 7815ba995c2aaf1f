package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.print.Formula;

/** Which estimators a detached term is made of. */
final class EstimateReader {
  private static final int LONGEST = 60;

  private EstimateReader() {}

  /** {@return what it reads as; where it is like nothing known, what its summands do} */
  static Seq<EstimateReading> of(Node node) {
    Option<EstimateReading> whole = whole(node);
    Seq<EstimateReading> kept =
        leavesOut(node) && !whole.exists(EstimateReading::named)
            ? inner(node).flatMap(EstimateReader::of).filter(EstimateReading::named)
            : List.empty();
    return kept.nonEmpty()
        ? kept
        : whole.isDefined() ? whole.toList() : inner(node).flatMap(EstimateReader::of);
  }

  /** Whether a condition keeps an estimate at some places, and makes it 0 at the others. */
  private static boolean leavesOut(Node node) {
    return node instanceof Node.Select select && (isZero(select.left()) || isZero(select.right()));
  }

  private static boolean isZero(Node node) {
    return node instanceof Node.Broadcast spread
        ? isZero(spread.of())
        : node instanceof Node.Constant number && number.value() == 0;
  }

  /** Where to look on: under names, at the summands of a sum, at what a condition keeps. */
  private static Seq<Node> inner(Node node) {
    if (node instanceof Node.Named
        || node instanceof Node.Broadcast
        || node instanceof Node.StopGradient) {
      return List.of(((Node.Of) node).of());
    }
    if (node instanceof Node.Binary sum
        && (sum.op() == BinaryOp.PLUS || sum.op() == BinaryOp.MINUS)) {
      return List.of(sum.left(), sum.right());
    }
    if (node instanceof Node.Select select) {
      return List.of(select.left(), select.right());
    }
    return node instanceof Node.Clip clip ? List.of(clip.of()) : List.empty();
  }

  private static Option<EstimateReading> whole(Node node) {
    Seq<Node.Input> inputs = EstimateSources.inputs(node);
    boolean entries =
        inputs.exists(
            input ->
                input.level() == Level.Name.VOCABULARY && !input.name().equals(Columns.LOG_PI));
    boolean named =
        node instanceof Node.Named
            || node instanceof Node.Broadcast
            || node instanceof Node.StopGradient;
    if (entries || named || node.condition() || node.level() == Level.Name.BATCH) {
      return Option.none();
    }
    Seq<Double> constants = EstimateProbes.constants(node);
    return ofResponses(node, constants).orElse(() -> ofTokens(node, constants));
  }

  private static Option<EstimateReading> ofResponses(Node node, Seq<Double> constants) {
    return best(
        EstimateSources.ofResponses(node)
            .flatMap(
                source ->
                    EstimateProbes.of(node, Option.some(source))
                        .map(
                            probes ->
                                new EstimateComparison(
                                    probes, new ResponseEstimates(constants).all()))
                        .flatMap(EstimateComparison::found)
                        .map(found -> reading(found, source, false))));
  }

  private static Option<EstimateReading> ofTokens(Node node, Seq<Double> constants) {
    boolean reads =
        EstimateSources.reads(node, Columns.VALUE)
            || EstimateSources.reads(node, Columns.TOKEN_REWARD);
    if (!reads) {
      return Option.none();
    }
    Seq<TokenEstimate> all = new TokenEstimates(constants).all();
    return best(
        EstimateSources.ofTokens(node)
            .flatMap(
                source ->
                    EstimateProbes.of(node, Option.some(source))
                        .map(probes -> new EstimateComparison(probes, all))
                        .flatMap(EstimateComparison::found)
                        .map(found -> reading(found, source, true))));
  }

  /** A name where there is one, whatever else is near. */
  private static Option<EstimateReading> best(Seq<EstimateReading> readings) {
    return readings.find(EstimateReading::named).orElse(readings::headOption);
  }

  private static EstimateReading reading(
      EstimateComparison.Found found, Node source, boolean ofTokens) {
    boolean plain = source instanceof Node.Input;
    return new EstimateReading(
        ofTokens,
        found.named(),
        found.words() + (plain ? "" : ", of " + text(source)),
        found.within());
  }

  private static String text(Node node) {
    String line = List.of(Formula.unicode(node).split("\n", -1)).head().strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}

package lossmith.dsl.python;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.python.PythonCode.Binding;
import lossmith.dsl.python.PythonCode.Shape;

/**
 * What a node of the vocabulary is in PyTorch, over a few rows of logits: a tensor [rows,
 * vocabulary], and one of a token [rows, 1], so that going finer is not written. {@code token} are
 * the sampled entries, {@code sampled} says which entry that is.
 */
final class RowMeaning extends TorchMeaning {
  static final String TOKEN = "token";

  private static final String SAMPLED = "sampled";
  private static final String PI = "pi";
  private static final String NOWHERE = "nowhere";

  /** What tells of each row which of its entries are among the k largest. */
  static final Seq<String> LEAST = List.of("least", "last");

  private static final Pattern RANKED = Pattern.compile("row_rank\\((.*)\\)");

  /** Nothing at any entry. */
  static final PythonCode ZERO = PythonCode.atom("torch.zeros_like(log_pi)", Shape.EACH);

  private final Seq<String> variables;
  private final Seq<Tuple2<String, String>> shared;
  private Option<String> least;

  /**
   * What nodes are to a function.
   *
   * @param names what it calls columns and parameters
   * @param least the call that is known to have found {@link #LEAST}, if any has
   */
  RowMeaning(Map<String, String> names, Option<String> least) {
    super(names);
    this.variables = names.values();
    this.shared =
        variables
            .flatMap(of -> List.of(exp(of), zeros(of)))
            .prepend(
                Tuple.of(
                    SAMPLED, "torch.arange(log_pi.shape[-1], device=log_pi.device) == " + TOKEN));
    this.least = least;
  }

  /** {@return what the function calls columns and parameters} */
  Seq<String> variables() {
    return variables;
  }

  /**
   * {@return the call that finds {@link #LEAST}, where something reads it: the least of the largest
   * entries of a given column, which are the same whenever a row is looked at}
   */
  Option<String> least() {
    return least;
  }

  @Override
  public PythonCode compare(Node.Compare node, PythonCode left, PythonCode right) {
    Matcher ranked = RANKED.matcher(left.text());
    boolean among = node.op() == CompareOp.BELOW && right.shape() == Shape.NUMBER;
    return among && ranked.matches() && !left.text().contains("where=")
        ? top(ranked.group(1), right.text())
        : super.compare(node, left, right);
  }

  /** Whether an entry is among the k largest of its row, without an order of all. */
  private PythonCode top(String of, String k) {
    String call = "row_least(" + of + ", " + k + ")";
    boolean shared =
        !of.equals(Columns.LOG_PI) && variables.contains(of) && least.forAll(call::equals);
    least = shared ? Option.some(call) : least;
    String with = shared ? LEAST.mkString(", ") : "*" + call;
    return PythonCode.atom("row_top(" + of + ", " + with + ")", Shape.EACH);
  }

  static boolean reads(String line, String name) {
    return line.matches(".*\\b" + name + "\\b.*");
  }

  /**
   * {@return the names of what is computed once of a row, where anything reads it: which entry is
   * the sampled one, the probabilities of a column, and which of them are 0, so that what is under
   * these is not read}
   */
  Seq<String> shared() {
    return shared.map(Tuple2::_1);
  }

  /** {@return lines after those that compute what they read of {@link #shared}} */
  Seq<String> withShared(Seq<String> lines) {
    Seq<Tuple2<String, String>> read =
        shared.filter(one -> lines.exists(line -> reads(line, one._1)));
    Seq<String> shorter =
        lines.map(line -> read.foldLeft(line, (text, one) -> text.replaceAll(again(one), one._1)));
    return read.map(one -> one._1 + " = " + one._2).appendAll(shorter);
  }

  /** Where it is written again, but for what is then changed in its place. */
  private static String again(Tuple2<String, String> one) {
    return Pattern.quote(one._2) + "(?!\\.\\w+_\\()";
  }

  private static Tuple2<String, String> exp(String of) {
    return Tuple.of(of.equals(Columns.LOG_PI) ? PI : "exp_" + of, "torch.exp(" + of + ")");
  }

  private static Tuple2<String, String> zeros(String of) {
    return Tuple.of(of.equals(Columns.LOG_PI) ? NOWHERE : "zeros_" + of, "zeros(" + of + ")");
  }

  @Override
  public PythonCode input(Node.Input node) {
    return switch (node.level()) {
      case VOCABULARY -> PythonCode.atom(variable(node.name()), Shape.EACH);
      case TOKEN -> PythonCode.atom(variable(node.name()), Shape.ROW);
      case BATCH -> PythonCode.atom(variable(node.name()), Shape.ONE);
      case SEQUENCE, GROUP ->
          throw refused("reads " + node.name() + ", a number per " + node.level());
    };
  }

  @Override
  public PythonCode binary(Node.Binary node, PythonCode left, PythonCode right) {
    String of = left.text();
    boolean once =
        node.op() == BinaryOp.PROB_TIMES && variables.contains(of) && !right.text().equals("1");
    return once
        ? PythonCode.call("under", Shape.EACH, List.of(exp(of)._1, zeros(of)._1, right.text()))
        : super.binary(node, left, right);
  }

  @Override
  public PythonCode sampled(Node.Sampled node) {
    return PythonCode.atom(SAMPLED, Shape.EACH);
  }

  @Override
  public PythonCode gather(Node.Gather node, PythonCode of) {
    return of.shape() == Shape.EACH
        ? PythonCode.call(of.within(Binding.ATOM) + ".gather", Shape.ROW, List.of("-1", TOKEN))
        : of;
  }

  @Override
  public PythonCode broadcast(Node.Broadcast node, PythonCode of) {
    return of;
  }

  @Override
  public PythonCode reduce(Node.Reduce node, PythonCode of, Option<PythonCode> where) {
    if (node.to() != Level.Name.TOKEN) {
      throw refused("takes a " + node.op() + " to the " + node.to());
    }
    String wide = wide(of);
    Option<String> summed =
        where.isEmpty() ? variables.find(x -> exp(x)._2.equals(wide)) : Option.none();
    if (node.op() == ReduceOp.SUM && summed.isDefined()) {
      return PythonCode.call("row_mass", Shape.ROW, List.of(wide, summed.get()));
    }
    return switch (node.op()) {
      case SUM ->
          row(where.map(w -> where(w, wide, "0")).getOrElse(wide) + ".sum(-1, keepdim=True)");
      case MAX, MIN -> extreme(node.op(), wide, where);
      case MEAN ->
          where.isEmpty()
              ? row(wide + ".mean(-1, keepdim=True)")
              : throwing("takes a mean of some entries");
      case STD, ULP -> throwing("takes a " + node.op() + " of entries");
    };
  }

  private static PythonCode extreme(ReduceOp op, String of, Option<PythonCode> where) {
    return where.isEmpty()
        ? row(of + (op == ReduceOp.MAX ? ".amax" : ".amin") + "(-1, keepdim=True)")
        : throwing("takes the " + op + " of some entries");
  }

  @Override
  public PythonCode count(Node.Count node, Option<PythonCode> where) {
    return where
        .map(w -> row("b.indicator(" + wide(w) + ").sum(-1, keepdim=True)"))
        .getOrElse(() -> PythonCode.atom("log_pi.shape[-1]", Shape.NUMBER));
  }

  @Override
  public PythonCode rank(Node.Rank node, PythonCode of, Option<PythonCode> where) {
    return PythonCode.call(
        "row_rank", Shape.EACH, List.of(wide(of)).appendAll(where.map(w -> "where=" + wide(w))));
  }

  @Override
  public PythonCode permute(Node.Permute node, PythonCode of, PythonCode key) {
    List<String> arguments = List.of(wide(of), wide(key));
    return PythonCode.call(
        "row_permuted", Shape.EACH, node.inverse() ? arguments.append("undo=True") : arguments);
  }

  @Override
  public PythonCode sumByKey(Node.SumByKey node, PythonCode of, PythonCode key) {
    List<String> arguments = List.of("b", wide(of), wide(key));
    return PythonCode.call(
        "row_sum_by_key",
        Shape.EACH,
        node.cumulative() ? arguments.append("up_to=True") : arguments);
  }

  @Override
  public PythonCode quantile(
      Node.Quantile node, PythonCode of, PythonCode fraction, Option<PythonCode> where) {
    throw refused("takes a quantile of entries");
  }

  @Override
  public PythonCode neighbour(Node.Neighbour node, PythonCode of) {
    throw refused("reads the next token");
  }

  @Override
  public PythonCode scan(Node.Scan node, PythonCode addend, PythonCode coefficient) {
    throw refused("runs along the tokens");
  }

  @Override
  public PythonCode uniform(Node.Uniform node, PythonCode seed, PythonCode step) {
    throw refused("draws a number for each token");
  }

  private static PythonCode row(String text) {
    return PythonCode.atom(text, Shape.ROW);
  }

  private static String where(PythonCode where, String of, String other) {
    return "torch.where(" + where.text() + ", " + of + ", " + other + ")";
  }

  /** A number for each entry, of what may be one for all of a row. */
  static String wide(PythonCode of) {
    return of.tensor().within(Binding.ATOM)
        + (of.shape() == Shape.EACH ? "" : ".expand_as(log_pi)");
  }

  /** A number for each row, of what may be one for all. */
  static String ofToken(PythonCode of) {
    return of.shape() == Shape.ROW
        ? of.text()
        : of.tensor().within(Binding.ATOM) + ".expand_as(token)";
  }

  private static PythonCode throwing(String what) {
    throw refused(what);
  }

  static RuntimeException refused(String what) {
    return Problem.of(
            "export",
            "a statistic of the policy that " + what,
            "sums, means, extremes, ranks and orders over the entries of a row",
            "the objective over statistics, without logits")
        .exception();
  }
}

package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.python.PythonCode.Binding;
import lossmith.dsl.python.PythonCode.Shape;

/**
 * What a node is in PyTorch, given what its operands are: tensors of one number for each existing
 * element of their level, of a {@code Batch} named {@code b}. Nothing is differentiated by what
 * runs it, so that a stopped gradient is the value itself.
 */
class TorchMeaning implements Algebra<PythonCode> {
  private final Map<String, String> names;

  /**
   * The meaning over variables.
   *
   * @param names the variable of each column and parameter
   */
  TorchMeaning(Map<String, String> names) {
    this.names = names;
  }

  /** A number as Python writes it. */
  static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "math.inf" : "-math.inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.valueOf((long) value)
        : String.valueOf(value).replace(".0E", "e").replace("E", "e");
  }

  /** The variable of an input. */
  final String variable(String name) {
    return names.get(name).getOrElseThrow(() -> new IllegalStateException(name + " is no input"));
  }

  @Override
  public PythonCode input(Node.Input node) {
    if (node.level() == Level.Name.VOCABULARY) {
      throw vocabulary(node);
    }
    boolean one = node.level() == Level.Name.BATCH;
    return PythonCode.atom(variable(node.name()), one ? Shape.ONE : Shape.EACH);
  }

  @Override
  public PythonCode sampled(Node.Sampled node) {
    throw vocabulary(node);
  }

  @Override
  public PythonCode gather(Node.Gather node, PythonCode of) {
    throw vocabulary(node);
  }

  private static RuntimeException vocabulary(Node node) {
    return Problem.of(
            "level",
            "a " + node.level() + " node in an objective over the statistics of tokens",
            "statistics of each token",
            "an objective whose reductions over the vocabulary come first")
        .exception();
  }

  @Override
  public PythonCode constant(Node.Constant node) {
    String text = number(node.value());
    Binding binds = text.startsWith("-") ? Binding.SIGN : Binding.ATOM;
    return new PythonCode(text, binds, Shape.NUMBER);
  }

  @Override
  public PythonCode truth(Node.Truth node) {
    return node.value()
        ? PythonCode.atom("b.one.bool()", Shape.ONE)
        : new PythonCode("~b.one.bool()", Binding.SIGN, Shape.ONE);
  }

  @Override
  public PythonCode parameter(Node.ParameterValue node) {
    return PythonCode.atom(variable(node.name()), Shape.NUMBER);
  }

  @Override
  public PythonCode uniform(Node.Uniform node, PythonCode seed, PythonCode step) {
    return PythonCode.call("uniform", Shape.EACH, List.of(seed.text(), step.text(), "b"));
  }

  @Override
  public PythonCode named(Node.Named node, PythonCode of) {
    return of;
  }

  @Override
  public PythonCode unary(Node.Unary node, PythonCode of) {
    return TorchFunctions.of(node.op(), of);
  }

  @Override
  public PythonCode not(Node.Not node, PythonCode of) {
    return new PythonCode("~" + of.within(Binding.SIGN), Binding.SIGN, of.shape());
  }

  @Override
  public PythonCode stopGradient(Node.StopGradient node, PythonCode of) {
    return of;
  }

  @Override
  public PythonCode broadcast(Node.Broadcast node, PythonCode of) {
    return of.shape() == Shape.EACH
        ? PythonCode.atom(
            of.within(Binding.ATOM) + "[" + over(node.to(), node.of().level()) + ".of]", Shape.EACH)
        : of;
  }

  @Override
  public PythonCode neighbour(Node.Neighbour node, PythonCode of) {
    return PythonCode.call(
        "shifted",
        Shape.EACH,
        List.of(of.tensor().text(), "b.tokens", step(node.from()), number(node.edge())));
  }

  @Override
  public PythonCode binary(Node.Binary node, PythonCode left, PythonCode right) {
    return TorchFunctions.of(node.op(), left, right);
  }

  @Override
  public PythonCode compare(Node.Compare node, PythonCode left, PythonCode right) {
    return TorchFunctions.of(node.op(), left, right);
  }

  @Override
  public PythonCode logic(Node.Logic node, PythonCode left, PythonCode right) {
    Binding binds = node.all() ? Binding.AND : Binding.OR;
    return PythonCode.infix(left, node.all() ? "&" : "|", binds, right);
  }

  @Override
  public PythonCode scan(Node.Scan node, PythonCode addend, PythonCode coefficient) {
    return PythonCode.call(
        "scan",
        Shape.EACH,
        List.of(
            addend.tensor().text(),
            coefficient.tensor().text(),
            "b.tokens",
            step(node.direction())));
  }

  @Override
  public PythonCode sumByKey(Node.SumByKey node, PythonCode of, PythonCode key) {
    return ordered(
        "sum_by_key", node, of, key, node.within(), node.cumulative() ? "up_to=True" : "");
  }

  @Override
  public PythonCode permute(Node.Permute node, PythonCode of, PythonCode key) {
    return ordered("permuted", node, of, key, node.within(), node.inverse() ? "undo=True" : "");
  }

  private static PythonCode ordered(
      String function, Node node, PythonCode of, PythonCode key, Level.Name within, String how) {
    List<String> arguments =
        List.of(of.tensor().text(), key.tensor().text(), over(node.level(), within));
    return PythonCode.call(function, Shape.EACH, how.isEmpty() ? arguments : arguments.append(how));
  }

  @Override
  public PythonCode clip(Node.Clip node, PythonCode of, PythonCode low, PythonCode high) {
    return TorchFunctions.clip(of, low, high);
  }

  @Override
  public PythonCode select(Node.Select node, PythonCode when, PythonCode left, PythonCode right) {
    if (left.text().equals("1") && right.text().equals("0")) {
      return PythonCode.call("b.indicator", when.shape(), List.of(when.text()));
    }
    PythonCode first = right.shape() == Shape.NUMBER ? left.tensor() : left;
    Shape shape = List.of(when, first, right).map(PythonCode::shape).maxBy(Enum::ordinal).get();
    return PythonCode.call("torch.where", shape, List.of(when.text(), first.text(), right.text()));
  }

  @Override
  public PythonCode reduce(Node.Reduce node, PythonCode of, Option<PythonCode> where) {
    Option<String> ddof = Option.when(node.ddof() != 0, () -> "ddof=" + node.ddof());
    return PythonCode.call(
        TorchFunctions.of(node.op()),
        shape(node.to()),
        List.of(of.tensor().text(), over(node.of().level(), node.to()))
            .appendAll(where(where))
            .appendAll(ddof));
  }

  @Override
  public PythonCode count(Node.Count node, Option<PythonCode> where) {
    return PythonCode.call(
        "count", shape(node.to()), List.of(over(node.from(), node.to())).appendAll(where(where)));
  }

  @Override
  public PythonCode rank(Node.Rank node, PythonCode of, Option<PythonCode> where) {
    return PythonCode.call(
        "rank",
        Shape.EACH,
        List.of(of.tensor().text(), over(node.level(), node.within())).appendAll(where(where)));
  }

  @Override
  public PythonCode quantile(
      Node.Quantile node, PythonCode of, PythonCode fraction, Option<PythonCode> where) {
    return PythonCode.call(
        "quantile_of",
        shape(node.to()),
        List.of(of.tensor().text(), fraction.tensor().text(), over(node.of().level(), node.to()))
            .appendAll(where(where)));
  }

  private static Option<String> where(Option<PythonCode> where) {
    return where.map(of -> "where=" + of.text());
  }

  private static Shape shape(Level.Name level) {
    return level == Level.Name.BATCH ? Shape.ONE : Shape.EACH;
  }

  private static String step(Direction direction) {
    return switch (direction) {
      case FORWARD -> "-1";
      case BACKWARD -> "1";
    };
  }

  /** The members of a level within a coarser one. */
  private static String over(Level.Name from, Level.Name to) {
    return switch (from) {
      case TOKEN ->
          switch (to) {
            case SEQUENCE -> "b.tokens";
            case GROUP -> "b.group_tokens";
            default -> "b.all_tokens";
          };
      case SEQUENCE -> to == Level.Name.GROUP ? "b.sequences" : "b.all_sequences";
      case GROUP, BATCH, VOCABULARY -> "b.groups";
    };
  }
}

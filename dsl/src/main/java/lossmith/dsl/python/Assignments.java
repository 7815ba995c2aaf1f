package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;
import lossmith.dsl.Rebuild;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.derivative.Derivative;
import lossmith.dsl.python.PythonCode.Shape;

/**
 * Nodes as lines of assignments. What its author named is a variable of that name; so is, under a
 * name that tells what it is, what is used more than once or would make a line too long.
 */
final class Assignments {
  /** What is longer gets a line of its own. */
  private static final int LONG = 46;

  /** What is shorter is written again rather than named. */
  private static final int SHORT = 16;

  private final Identifiers names;
  private final HashConsing sharing = new HashConsing();
  private final java.util.Map<Node, String> symbols = new HashMap<>();
  private final IdentityHashMap<Node, Integer> uses = new IdentityHashMap<>();
  private final IdentityHashMap<Node, String> hints = new IdentityHashMap<>();
  private final java.util.List<CodeLine> lines = new ArrayList<>();
  private final Fold<PythonCode> fold;

  /**
   * No lines yet.
   *
   * @param meaning what a node is
   * @param names names that are free
   */
  Assignments(TorchMeaning meaning, Identifiers names) {
    this.names = names;
    this.fold = new Fold<>(meaning, this::assigned);
  }

  /**
   * {@return a node as it is written here: its value alone, without names; what its author named is
   * remembered}
   *
   * @param node any node
   */
  Node read(Node node) {
    return new Fold<>(new Bare(), sharing::intern).of(Derivative.detached(node));
  }

  /** Counts where nodes are used, and keeps the names of authors free, before any is written. */
  void use(Iterable<Node> roots) {
    Seq<Node> all = Graph.below(roots, Node::children);
    all.flatMap(Node::children).forEach(child -> uses.merge(child, 1, Integer::sum));
    roots.forEach(root -> uses.merge(root, 1, Integer::sum));
    all.filter(symbols::containsKey)
        .forEach(node -> symbols.computeIfPresent(node, (known, symbol) -> names.free(symbol)));
  }

  /** {@return a node that was read, in terms of the lines so far and of lines added for it} */
  PythonCode of(Node read) {
    return fold.of(read);
  }

  /** Adds a line that gives a name to an expression. */
  void line(String name, String code) {
    lines.add(new CodeLine(name + " = " + code));
  }

  /** Adds a comment, after a line left empty. */
  void comment(String text) {
    lines.add(new CodeLine(""));
    lines.add(new CodeLine("# " + text + "."));
  }

  /** Adds lines between brackets. */
  void lines(String open, Seq<String> between, String close) {
    between.prepend(open).append(close).forEach(text -> lines.add(new CodeLine(text)));
  }

  /** {@return a name that nothing has} */
  String free(String text) {
    return names.free(text);
  }

  /** {@return the lines, a name that is read once left out where its line has the room} */
  Seq<String> lines() {
    Seq<CodeLine> joined = CodeLine.joined(List.ofAll(lines));
    Seq<String> texts = joined.map(CodeLine::text);
    for (CodeLine line : joined.filter(line -> !line.name().isEmpty())) {
      String name = names.free(line.name().replaceFirst("__\\d+$", ""));
      texts = texts.map(text -> text.replaceAll("\\b" + line.name() + "\\b", name));
    }
    return texts;
  }

  /** {@return the lines, after which a result is returned} */
  Seq<String> returning(String result) {
    lines.add(new CodeLine("return " + result));
    return lines();
  }

  /** Says what to call a node that was read, should it need a name. */
  void hint(Node read, String name) {
    hints.putIfAbsent(read, name);
  }

  private PythonCode assigned(Node node, PythonCode code) {
    String symbol = symbols.get(node);
    if (symbol == null && (code.plain() || !worthNaming(node, code))) {
      return code;
    }
    String name = symbol == null ? Identifiers.of(hint(node, code)) + "__" + lines.size() : symbol;
    lines.add(
        symbol == null
            ? new CodeLine(name + " = " + code.text(), name, code)
            : new CodeLine(name + " = " + code.text()));
    return PythonCode.atom(name, code.shape());
  }

  private String hint(Node node, PythonCode code) {
    String known = hints.get(node);
    return known == null ? node.match(new Hint(code)) : known;
  }

  private boolean worthNaming(Node node, PythonCode code) {
    boolean cheap =
        code.shape() == Shape.NUMBER
            || code.text().length() < SHORT
            || (node instanceof Node.Broadcast && code.text().length() < LONG);
    return code.text().length() > LONG || (!cheap && uses.getOrDefault(node, 0) > 1);
  }

  /** Takes names off. */
  private final class Bare extends Rebuild {
    @Override
    public Node named(Node.Named node, Node of) {
      UnaryOp op = of instanceof Node.Unary unary ? unary.op() : UnaryOp.NEGATE;
      symbols.putIfAbsent(of, op == UnaryOp.EXP_SLOPE ? node.symbol() + "_slope" : node.symbol());
      if (op == UnaryOp.EXP) {
        hints.putIfAbsent(of.children().head(), "log_" + node.symbol());
      }
      return of;
    }
  }

  /** A name for what has none. */
  private static final class Hint extends Otherwise<String> {
    private final PythonCode code;

    Hint(PythonCode code) {
      this.code = code;
    }

    @Override
    protected String otherwise(Node node) {
      return node.condition() ? "holds" : "x";
    }

    @Override
    public String binary(Node.Binary node) {
      return switch (node.op()) {
        case TIMES -> code.text().startsWith("clip(") ? "bounded" : "product";
        case DIVIDE -> "quotient";
        case MINUS -> "difference";
        default -> "x";
      };
    }

    @Override
    public String clip(Node.Clip node) {
      return ofFirst("clipped");
    }

    @Override
    public String select(Node.Select node) {
      return "selected";
    }

    @Override
    public String reduce(Node.Reduce node) {
      return ofFirst(TorchFunctions.of(node.op()));
    }

    @Override
    public String count(Node.Count node) {
      return "n";
    }

    @Override
    public String rank(Node.Rank node) {
      return ofFirst("rank");
    }

    @Override
    public String quantile(Node.Quantile node) {
      return ofFirst("quantile");
    }

    /** A function with the variable that it is of. */
    private String ofFirst(String function) {
      String first = code.text().replaceFirst("^[\\w.]+\\(([\\w]+)[,)].*", "$1");
      return function + "_" + (first.equals(code.text()) ? "x" : first.replaceFirst("__\\d+$", ""));
    }
  }
}

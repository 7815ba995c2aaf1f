package lossmith.explain;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.TreePath;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.explain.Shape.Sort;

/** Operators of Java between terms, which have verbs instead. */
final class Operators {
  private static final Map<Tree.Kind, String> VERBS =
      HashMap.of(
              Tree.Kind.PLUS, "plus",
              Tree.Kind.MINUS, "minus",
              Tree.Kind.MULTIPLY, "times",
              Tree.Kind.DIVIDE, "dividedBy",
              Tree.Kind.GREATER_THAN, "above",
              Tree.Kind.LESS_THAN, "below",
              Tree.Kind.GREATER_THAN_EQUAL, "atLeast",
              Tree.Kind.LESS_THAN_EQUAL, "atMost")
          .put(Tree.Kind.EQUAL_TO, "equalTo")
          .put(Tree.Kind.CONDITIONAL_AND, "and")
          .put(Tree.Kind.AND, "and")
          .put(Tree.Kind.CONDITIONAL_OR, "or")
          .put(Tree.Kind.OR, "or")
          .put(Tree.Kind.UNARY_MINUS, "negated")
          .put(Tree.Kind.LOGICAL_COMPLEMENT, "not")
          .put(Tree.Kind.BITWISE_COMPLEMENT, "not");

  private final Attributed read;
  private final Ways ways;

  Operators(Attributed read) {
    this.read = read;
    this.ways = new Ways(new Names(read.imported(true)));
  }

  Option<Mistake> of(TreePath path) {
    Tree tree = path.getLeaf();
    return VERBS
        .get(tree.getKind())
        .map(
            verb ->
                new Mistake(
                    read.start(tree),
                    read.end(tree),
                    operands(path),
                    "the verb " + verb,
                    suggested(path, verb)
                        .map(text -> Suggestion.of(read.start(tree), read.end(tree), text, ""))));
  }

  private String operands(TreePath path) {
    return path.getLeaf() instanceof BinaryTree binary
        ? side(path, binary.getLeftOperand())
            + " and "
            + side(path, binary.getRightOperand())
            + " have no operator of Java"
        : path.getLeaf() instanceof UnaryTree unary
            ? side(path, unary.getExpression()) + " has no operator of Java"
            : "";
  }

  private String side(TreePath path, ExpressionTree operand) {
    return shape(path, operand).sort() == Sort.UNKNOWN
        ? read.written(operand)
        : shape(path, operand).name();
  }

  private Shape shape(TreePath path, ExpressionTree operand) {
    return read.shape(new TreePath(path, operand));
  }

  private Seq<String> suggested(TreePath path, String verb) {
    if (path.getLeaf() instanceof UnaryTree unary) {
      return List.of(read.bracketed(new TreePath(path, unary.getExpression())) + "." + verb + "()");
    }
    BinaryTree binary = (BinaryTree) path.getLeaf();
    TreePath left = new TreePath(path, binary.getLeftOperand());
    TreePath right = new TreePath(path, binary.getRightOperand());
    String x = read.written(left.getLeaf());
    String y = read.written(right.getLeaf());
    if (read.shape(left).sort() == Sort.NUMBER) {
      Seq<String> constant =
          read.shape(right)
              .level()
              .toList()
              .map(at -> ways.constant(x, at) + "." + verb + "(" + y + ")");
      return withNumberFirst(verb, x, read.bracketed(right)).appendAll(constant);
    }
    String first = read.bracketed(left);
    if (read.shape(right).sort() == Sort.NUMBER) {
      Seq<String> constant =
          read.shape(left)
              .level()
              .toList()
              .map(at -> first + "." + verb + "(" + ways.constant(y, at) + ")");
      return withNumberLast(verb, first, y).appendAll(constant);
    }
    return List.of(first + "." + verb + "(" + y + ")");
  }

  /** An operation of a number with a term. */
  static Seq<String> withNumberFirst(String verb, String number, String term) {
    return switch (verb) {
      case "plus" -> List.of(term + ".shiftedBy(" + number + ")");
      case "minus" -> List.of(term + ".negated().shiftedBy(" + number + ")");
      case "times" -> List.of(term + ".scaledBy(" + number + ")");
      default -> List.empty();
    };
  }

  /** An operation of a term with a number. */
  static Seq<String> withNumberLast(String verb, String term, String number) {
    return switch (verb) {
      case "plus" -> List.of(term + ".shiftedBy(" + number + ")");
      case "minus" ->
          List.of(
              term
                  + ".shiftedBy("
                  + (number.startsWith("-") ? number.substring(1) : "-" + number)
                  + ")");
      case "times" -> List.of(term + ".scaledBy(" + number + ")");
      case "dividedBy" -> List.of(term + ".scaledBy(1.0 / " + number + ")");
      default -> List.empty();
    };
  }
}

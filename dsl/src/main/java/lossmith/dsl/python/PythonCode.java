package lossmith.dsl.python;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * An expression in Python.
 *
 * @param text how it is written
 * @param binds how strongly its outermost operator binds
 * @param shape what it is when it runs
 */
record PythonCode(String text, Binding binds, Shape shape) {
  /** Python's operators, the loosest first. */
  enum Binding {
    COMPARISON,
    OR,
    AND,
    SUM,
    PRODUCT,
    SIGN,
    ATOM
  }

  /** What a value is when it runs. */
  enum Shape {
    /** A Python number, the same everywhere. */
    NUMBER,
    /** A tensor of one number, the same everywhere. */
    ONE,
    /** A column of a number for each row of logits. */
    ROW,
    /** A tensor of a number for each element of its level. */
    EACH
  }

  static PythonCode atom(String text, Shape shape) {
    return new PythonCode(text, Binding.ATOM, shape);
  }

  /** A call; what is given must be tensors where the function needs them. */
  static PythonCode call(String function, Shape shape, Seq<String> arguments) {
    return atom(function + arguments.mkString("(", ", ", ")"), shape);
  }

  /** Two sides of an operator that groups from the left. */
  static PythonCode infix(PythonCode left, String operator, Binding binds, PythonCode right) {
    String text = left.within(binds) + " " + operator + " " + right.beyond(binds);
    return new PythonCode(text, binds, left.with(right));
  }

  /** The same, as a tensor: what is a number becomes one of the batch. */
  PythonCode tensor() {
    return shape == Shape.NUMBER ? atom("b.number(" + text + ")", Shape.ONE) : this;
  }

  PythonCode shaped(Shape other) {
    return new PythonCode(text, binds, other);
  }

  /** The shape of what is made of this and another. */
  Shape with(PythonCode other) {
    return List.of(shape, other.shape).maxBy(Enum::ordinal).get();
  }

  /** This as an operand of an operator, in brackets if it binds less. */
  String within(Binding operator) {
    return binds.compareTo(operator) < 0 ? "(" + text + ")" : text;
  }

  /** This as the right operand of an operator that groups from the left. */
  String beyond(Binding operator) {
    return binds.compareTo(operator) <= 0 ? "(" + text + ")" : text;
  }

  /** A variable or a number, which costs nothing to write again. */
  boolean plain() {
    return text.matches("[\\w.]+");
  }
}

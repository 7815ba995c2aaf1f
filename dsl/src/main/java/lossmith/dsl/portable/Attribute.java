package lossmith.dsl.portable;

import java.io.Serializable;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Something that nodes of a kind have beside their operands.
 *
 * @param name what it is called, part of the form that files have
 * @param type what it is: a text, a number, yes or no, or one of the constants of an enum
 */
public record Attribute(String name, Class<?> type) implements Serializable {
  static final Attribute NAME = new Attribute("name", String.class);
  static final Attribute SYMBOL = new Attribute("symbol", String.class);
  static final Attribute LEVEL = new Attribute("level", Level.Name.class);
  static final Attribute FROM = new Attribute("from", Level.Name.class);
  static final Attribute TO = new Attribute("to", Level.Name.class);
  static final Attribute WITHIN = new Attribute("within", Level.Name.class);
  static final Attribute TRAINED = new Attribute("trained", Boolean.class);
  static final Attribute NUMBER = new Attribute("value", Double.class);
  static final Attribute ANSWER = new Attribute("value", Boolean.class);
  static final Attribute DEFAULT = new Attribute("default", Double.class);
  static final Attribute LOW = new Attribute("low", Double.class);
  static final Attribute HIGH = new Attribute("high", Double.class);
  static final Attribute EDGE = new Attribute("edge", Double.class);
  static final Attribute DDOF = new Attribute("ddof", Integer.class);
  static final Attribute DIRECTION = new Attribute("direction", Direction.class);
  static final Attribute CUMULATIVE = new Attribute("cumulative", Boolean.class);
  static final Attribute INVERSE = new Attribute("inverse", Boolean.class);
  static final Attribute ALL = new Attribute("all", Boolean.class);
  static final Attribute UNARY = new Attribute("op", UnaryOp.class);
  static final Attribute BINARY = new Attribute("op", BinaryOp.class);
  static final Attribute COMPARE = new Attribute("op", CompareOp.class);
  static final Attribute REDUCE = new Attribute("op", ReduceOp.class);
}

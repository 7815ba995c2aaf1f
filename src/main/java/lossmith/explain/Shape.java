package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.control.Option;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import lossmith.dsl.Level;
import org.jspecify.annotations.Nullable;

/**
 * What an expression is, as the algebra sees it.
 *
 * @param sort which of its types
 * @param level where it lives; of a reduction, where it starts
 * @param to where a reduction leads
 * @param variable the type variable that stands for the level, if one does
 * @param toVariable the type variable that stands for where a reduction leads
 * @param finest whether the variable may only be finer than the level
 * @param name the type as Java writes it, without packages
 */
record Shape(
    Sort sort,
    Option<Level.Name> level,
    Option<Level.Name> to,
    Option<String> variable,
    Option<String> toVariable,
    boolean finest,
    String name) {
  /** The types of the algebra, and what stands beside them. */
  enum Sort {
    /** A number per element. */
    TERM,
    /** The same without gradient. */
    DETACHED,
    /** A number that is fed. */
    PARAMETER,
    /** A yes or no per element. */
    CONDITION,
    /** What a reduction runs over. */
    OVER,
    /** The name of a level. */
    AXIS,
    /** Two bounds. */
    CLIP,
    /** What is minimised. */
    LOSS,
    /** A number of Java. */
    NUMBER,
    /** A String. */
    TEXT,
    /** A boolean of Java. */
    TRUTH,
    /** Of a method without a result. */
    NOTHING,
    /** Any other class. */
    OTHER,
    /** What could not be typed. */
    UNKNOWN;

    boolean isTerm() {
      return this == TERM || this == DETACHED || this == PARAMETER;
    }
  }

  static Shape of(@Nullable TypeMirror type) {
    if (type == null || type.getKind() == TypeKind.ERROR || type.getKind() == TypeKind.EXECUTABLE) {
      return plain(Sort.UNKNOWN, "?");
    }
    if (type.getKind() == TypeKind.BOOLEAN) {
      return plain(Sort.TRUTH, "boolean");
    }
    if (type.getKind().isPrimitive()) {
      return plain(Sort.NUMBER, type.toString());
    }
    if (type.getKind() == TypeKind.VOID) {
      return plain(Sort.NOTHING, "void");
    }
    return type instanceof DeclaredType declared
        ? declared(declared)
        : plain(Sort.OTHER, bare(type.toString()));
  }

  private static Shape declared(DeclaredType type) {
    String name = ((TypeElement) type.asElement()).getQualifiedName().toString();
    Sort sort =
        switch (name) {
          case "lossmith.dsl.Term" -> Sort.TERM;
          case "lossmith.dsl.Detached" -> Sort.DETACHED;
          case "lossmith.dsl.Parameter" -> Sort.PARAMETER;
          case "lossmith.dsl.Condition" -> Sort.CONDITION;
          case "lossmith.dsl.Over" -> Sort.OVER;
          case "lossmith.dsl.Axis" -> Sort.AXIS;
          case "lossmith.dsl.Clip" -> Sort.CLIP;
          case "lossmith.dsl.Loss" -> Sort.LOSS;
          case "java.lang.String" -> Sort.TEXT;
          case "java.lang.Boolean" -> Sort.TRUTH;
          case "java.lang.Double", "java.lang.Integer", "java.lang.Float", "java.lang.Long" ->
              Sort.NUMBER;
          default -> Sort.OTHER;
        };
    List<TypeMirror> of = List.ofAll(type.getTypeArguments());
    Option<TypeVariable> variable =
        of.headOption().filter(TypeVariable.class::isInstance).map(TypeVariable.class::cast);
    Option<Level.Name> level =
        sort == Sort.PARAMETER
            ? Option.some(Level.Name.BATCH)
            : of.headOption().flatMap(Shape::level);
    Option<Level.Name> bound = variable.flatMap(v -> level(v.getUpperBound()));
    return new Shape(
        sort,
        level.orElse(bound),
        of.drop(1).headOption().flatMap(Shape::level),
        variable.map(TypeVariable::toString),
        of.drop(1).headOption().filter(TypeVariable.class::isInstance).map(TypeMirror::toString),
        bound.isDefined(),
        bare(type.toString()));
  }

  private static Option<Level.Name> level(TypeMirror type) {
    String name = type.toString();
    return List.of(Level.Name.values())
        .find(one -> name.equalsIgnoreCase("lossmith.dsl.Level." + one.name()));
  }

  private static Shape plain(Sort sort, String name) {
    return new Shape(sort, Option.none(), Option.none(), Option.none(), Option.none(), false, name);
  }

  /** A live number at a level. */
  static Shape at(Level.Name level) {
    String name = "Term<" + level.type() + ">";
    return new Shape(
        Sort.TERM, Option.some(level), Option.none(), Option.none(), Option.none(), false, name);
  }

  /** Nothing that is known. */
  static Shape unknown() {
    return plain(Sort.UNKNOWN, "?");
  }

  /** A type as Java writes it, without packages. */
  static String bare(String type) {
    return type.replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "")
        .replace("Level.", "")
        .replaceAll(",(?=\\S)", ", ");
  }

  Shape at(Option<Level.Name> other) {
    if (variable.isEmpty() || other.isEmpty()) {
      return this;
    }
    String type = name.replaceAll("\\b" + variable.get() + "\\b", other.get().type());
    return new Shape(sort, other, to, Option.none(), toVariable, finest, type);
  }

  Shape as(Sort other) {
    return new Shape(other, level, to, variable, toVariable, finest, name);
  }

  /** Whether a value of the other shape may stand where this one is asked for. */
  boolean takes(Shape other) {
    boolean fits =
        switch (sort) {
          case TERM -> other.sort.isTerm();
          case DETACHED -> other.sort == Sort.DETACHED || other.sort == Sort.PARAMETER;
          case NUMBER ->
              other.sort == Sort.NUMBER
                  && (!name.equals("int") || other.name.equals("int") || other.name.equals("?"));
          case OTHER -> name.equals("Object") || name.equals(other.name);
          case UNKNOWN -> true;
          default -> other.sort == sort;
        };
    return fits
        && (to.isEmpty() || to.equals(other.to))
        && (level.isEmpty()
            || level.equals(other.level)
            || (finest && other.level.exists(of -> of.finerThan(level.get()))));
  }

  /** The element that a number of the level belongs to. */
  static String element(Level.Name level) {
    return switch (level) {
      case VOCABULARY -> "vocabulary entry";
      case TOKEN -> "token";
      case SEQUENCE -> "response";
      case GROUP -> "prompt";
      case BATCH -> "batch";
    };
  }

  /** What there is one of it for. */
  String each() {
    return level
        .map(of -> of == Level.Name.BATCH ? " of the whole batch" : " per " + element(of))
        .getOrElse("");
  }

  /** What it is, in words. */
  String words() {
    return switch (sort) {
      case TERM -> name + ", a live number" + each();
      case DETACHED -> name + ", a detached number" + each();
      case PARAMETER -> "a Parameter, a number of the whole batch that is fed by name";
      case CONDITION -> name + ", a yes or no" + each();
      case OVER ->
          name
              + ", which reduces numbers"
              + each()
              + to.map(of -> " to one" + (of == Level.Name.BATCH ? "" : " per " + element(of)))
                  .getOrElse("");
      case AXIS -> name + ", the name of a level";
      case CLIP -> "a Clip, two bounds";
      case LOSS -> "a Loss";
      case NUMBER -> "a plain number";
      case TEXT -> "a text";
      case TRUTH -> "a boolean of Java";
      case NOTHING -> "nothing";
      case OTHER, UNKNOWN -> name;
    };
  }

  /** What is asked for, in words. */
  String asked() {
    return switch (sort) {
      case TERM -> name + ", a number" + each();
      case NUMBER -> name.equals("int") ? "a whole number" : "a plain number";
      case OVER -> name + ", which reduces numbers" + each();
      default -> words();
    };
  }
}

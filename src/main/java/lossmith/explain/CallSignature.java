package lossmith.explain;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.ExecutableType;
import lossmith.dsl.Level;

/**
 * What a method asks for.
 *
 * @param name its name
 * @param parameters what is asked for
 * @param words what each is called
 * @param gives what comes back
 * @param many whether the last parameter stands for any number of arguments
 */
record CallSignature(
    String name, Seq<Shape> parameters, Seq<String> words, Shape gives, boolean many) {
  static CallSignature of(ExecutableElement method, ExecutableType type) {
    return new CallSignature(
        method.getSimpleName().toString(),
        List.ofAll(type.getParameterTypes()).map(Shape::of),
        List.ofAll(method.getParameters()).map(Element::getSimpleName).map(Object::toString),
        Shape.of(type.getReturnType()),
        method.isVarArgs());
  }

  /** The same with each type variable at the finest level that an argument has in its place. */
  CallSignature given(Seq<Shape> arguments) {
    CallSignature fixed = this;
    for (String variable : parameters.flatMap(Shape::variable).distinct()) {
      Option<Level.Name> finest =
          parameters
              .zip(arguments)
              .flatMap(pair -> level(variable, pair._1, pair._2))
              .minBy(Level.Name::ordinal);
      fixed =
          new CallSignature(
              name,
              fixed.parameters.map(
                  shape -> shape.variable().contains(variable) ? shape.at(finest) : shape),
              words,
              gives,
              many);
    }
    return fixed;
  }

  private static Option<Level.Name> level(String variable, Shape asked, Shape given) {
    if (asked.toVariable().contains(variable)) {
      return given.to();
    }
    return asked.variable().contains(variable) && !asked.finest() ? given.level() : Option.none();
  }

  boolean takes(Seq<Shape> arguments) {
    return many
        || (parameters.size() == arguments.size() && given(arguments).misfits(arguments).isEmpty());
  }

  /** The places of the arguments that do not fit. */
  Seq<Integer> misfits(Seq<Shape> arguments) {
    return List.range(0, parameters.size()).reject(i -> parameters.get(i).takes(arguments.get(i)));
  }

  /** What it asks for, in brackets. */
  String asked() {
    return parameters.isEmpty()
        ? "no argument"
        : "(" + parameters.zip(words).map(one -> one._1.name() + " " + one._2).mkString(", ") + ")";
  }
}

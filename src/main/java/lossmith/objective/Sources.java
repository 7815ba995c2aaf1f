package lossmith.objective;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.explain.Framed;
import lossmith.export.Objective;
import lossmith.export.ObjectiveJson;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Objectives that were written down: as JSON, or in Java that nobody compiled: a source file, of
 * which every class that implements {@link Recipe} and every static method that returns a {@link
 * Loss} is one (without arguments, or of {@link Conventions}); or an expression. Imports may be
 * left out: then those of the shell count. In an expression {@code r} is the importance ratio,
 * {@code A} the group-normalised advantage and {@code c} the conventions.
 */
final class Sources {
  private static final String IMPORTS =
      "import static lossmith.dsl.Terms.*; import static lossmith.dsl.Over.*; import static"
          + " lossmith.dsl.Axis.*; import lossmith.dsl.*; import lossmith.dsl.Level.*; import"
          + " lossmith.recipes.*; import lossmith.recipes.advantage.*; import"
          + " lossmith.recipes.surrogate.*; import io.vavr.collection.List; import"
          + " io.vavr.collection.Seq; import io.vavr.control.Option; ";

  /** What the usual names stand for; {@code conventions} are those of the objective. */
  private static final Map<String, String> NAMES =
      LinkedHashMap.of(
          "c", "conventions",
          "r", "ratio().as(\"r\")",
          "A", "Advantages.groupNormalised(reward(), conventions)");

  private static final String METHOD = "expression";

  private Sources() {}

  /** Whether a text can only be an expression: no name has brackets. */
  static boolean isExpression(String text) {
    return text.contains("(");
  }

  static Recipe expression(String text) {
    Class<?> type = SourceCompiler.classes(framed(text, "Loss")).head();
    return List.of(type.getDeclaredMethods())
        .filter(Sources::returnsLoss)
        .map(method -> written(text, "the expression", method))
        .head();
  }

  /** An expression in the method of a class. */
  static Framed framed(String text, String type) {
    return framed(text, type, List.empty());
  }

  /** The same beside values with names, before which the usual ones give way. */
  static Framed framed(String text, String type, Seq<NamedValue> given) {
    return new Framed(
        "",
        "Expression",
        IMPORTS
            + "public final class Expression { public static "
            + type
            + " "
            + METHOD
            + given
                .map(one -> one.type() + " " + one.name())
                .prepend("Conventions conventions")
                .mkString("(", ", ", ") { ")
            + NAMES
                .removeAll(given.map(NamedValue::name))
                .map(one -> "var " + one._1 + " = " + one._2 + "; ")
                .mkString()
            + "return\n",
        text,
        "\n; } }",
        1);
  }

  /** What an expression of any type is, of values with names. */
  static Object value(String text, Seq<NamedValue> given) {
    Class<?> type = SourceCompiler.classes(framed(text, "Object", given)).head();
    Object[] arguments =
        given.map(NamedValue::value).prepend(Conventions.paper()).toJavaArray(Object[]::new);
    try {
      return List.of(type.getDeclaredMethods())
          .find(method -> method.getName().equals(METHOD))
          .get()
          .invoke(null, arguments);
    } catch (InvocationTargetException | LinkageError e) {
      throw failed("the expression", "it", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a method that was just compiled: " + type, e);
    }
  }

  /** The objective of a JSON file, under the conventions that it was written with. */
  static Recipe json(Path path) {
    Objective read =
        ObjectiveJson.read(SourceFile.read(path, "an objective as JSON"), path.toString());
    return new WrittenLoss(read.name(), read.title(), path.toString(), c -> read.loss());
  }

  /** The objectives of a source file. */
  static Seq<Recipe> file(Path path) {
    String stem = SourceFile.stem(path);
    Seq<Class<?>> classes = SourceFile.classes(path, IMPORTS);
    Seq<Recipe> recipes =
        classes.filter(Sources::isRecipe).map(type -> instance(path.toString(), type));
    Seq<Method> methods =
        classes.flatMap(type -> List.of(type.getDeclaredMethods())).filter(Sources::returnsLoss);
    Seq<Recipe> losses =
        methods.map(
            method ->
                written(methods.size() == 1 ? stem : method.getName(), path.toString(), method));
    Seq<Recipe> all = recipes.appendAll(losses);
    if (all.isEmpty()) {
      throw Problem.of(
              "source",
              path + ", in which nothing is an objective",
              "a class that implements Recipe, or a static method that returns a Loss",
              "static Loss mine() { return maximise(...); }")
          .exception();
    }
    return all;
  }

  /** Whether a class is a recipe that can be made; asking runs nothing of it. */
  static boolean isRecipe(Class<?> type) {
    return Recipe.class.isAssignableFrom(type)
        && !Modifier.isAbstract(type.getModifiers())
        && List.of(type.getDeclaredConstructors()).exists(c -> c.getParameterCount() == 0);
  }

  /** The recipe that a class makes; what its own code throws is a problem. */
  static Recipe instance(String place, Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Recipe) constructor.newInstance();
    } catch (InvocationTargetException | LinkageError e) {
      throw failed(place, "new " + type.getSimpleName() + "()", e);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw new IllegalStateException("a class with such a constructor: " + type, e);
    }
  }

  private static boolean returnsLoss(Method method) {
    Class<?>[] arguments = method.getParameterTypes();
    return Modifier.isStatic(method.getModifiers())
        && method.getReturnType().equals(Loss.class)
        && !method.isSynthetic()
        && (arguments.length == 0
            || (arguments.length == 1 && arguments[0].equals(Conventions.class)));
  }

  private static Recipe written(String name, String place, Method method) {
    method.setAccessible(true);
    return new WrittenLoss(
        name,
        "written in " + place,
        place,
        c -> {
          try {
            Object[] arguments = method.getParameterCount() == 0 ? new Object[0] : new Object[] {c};
            return (Loss) method.invoke(null, arguments);
          } catch (InvocationTargetException | LinkageError e) {
            throw failed(place, method.getName() + "(...)", e);
          } catch (IllegalAccessException e) {
            throw new IllegalStateException("a method that was made accessible: " + method, e);
          }
        });
  }

  /** What the user's code threw: problems are passed on, anything else is reported in one line. */
  private static RuntimeException failed(String place, String what, Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    if (cause instanceof ProblemException problems) {
      return problems;
    }
    if (cause instanceof OutOfMemoryError memory) {
      throw memory;
    }
    return Problem.of(
            "source",
            place + ", where " + what + " throws " + cause,
            "a loss",
            "one that can be made without samples")
        .exception();
  }
}

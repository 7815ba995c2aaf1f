package lossmith.proofs.museum;

import io.vavr.Value;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import lossmith.dsl.Term;
import lossmith.recipes.Recipe;

/** An expression in the words of the term language, as the Java compiler sees it. */
final class TypedExpression {
  private static final String HEAD =
      """
      import static lossmith.dsl.Axis.*;
      import static lossmith.dsl.Over.*;
      import static lossmith.dsl.Terms.*;
      import lossmith.dsl.*;
      class Objective {
        Loss loss =
      """;

  private TypedExpression() {}

  /** The compiler's error for an expression of type Loss; empty if it compiles. */
  static Seq<String> errors(String expression) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("a runtime without a Java compiler; use a JDK");
    }
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    JavaCompiler.CompilationTask task =
        compiler.getTask(
            null,
            compiler.getStandardFileManager(said, Locale.ROOT, null),
            said,
            List.of(
                "-proc:none",
                "-implicit:none",
                "-d",
                System.getProperty("java.io.tmpdir"),
                "-cp",
                classPath()),
            null,
            List.of(source(HEAD + expression + ";}")));
    boolean compiles = task.call();
    return compiles
        ? List.empty()
        : List.ofAll(said.getDiagnostics())
            .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
            .map(d -> d.getMessage(Locale.ROOT).replaceAll("lossmith\\.dsl\\.(Level\\.)?", ""));
  }

  private static JavaFileObject source(String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///Objective.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Where this library and Vavr were loaded from. */
  private static String classPath() {
    return HashSet.<Class<?>>of(Term.class, Recipe.class, Seq.class, Value.class)
        .map(TypedExpression::location)
        .mkString(java.io.File.pathSeparator);
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}

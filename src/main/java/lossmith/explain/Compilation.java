package lossmith.explain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import io.vavr.collection.List;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import lossmith.dsl.Problem;

/** The Java compiler, asked for types and errors; it writes nothing. */
public final class Compilation implements AutoCloseable {
  private final JavaCompiler compiler;
  private final StandardJavaFileManager files;
  private final String classPath;

  Compilation(String place, String classPath) {
    this.compiler = compiler(place);
    this.files = compiler.getStandardFileManager(null, Locale.ROOT, null);
    this.classPath = classPath;
  }

  /**
   * {@return the compiler of the JDK that runs}
   *
   * @param place what is to be compiled
   */
  public static JavaCompiler compiler(String place) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw Problem.of(
              "compiler",
              place + ", on a Java runtime without a compiler",
              "a JDK, version 17 or newer",
              "the name of a compiled class, or start with a JDK's java")
          .exception();
    }
    return compiler;
  }

  Attributed of(Framed text) {
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null,
                files,
                found,
                List.of("-proc:none", "-parameters", "-Xlint:none", "-classpath", classPath).asJava(),
                null,
                List.of(new MemorySource(text.name(), text.source())).asJava());
    try {
      CompilationUnitTree unit = task.parse().iterator().next();
      if (found.getDiagnostics().stream().noneMatch(Compilation::isError)) {
        var unused = task.analyze();
      }
      return new Attributed(
          text, task, unit, List.ofAll(found.getDiagnostics()).filter(Compilation::isError));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isError(Diagnostic<? extends JavaFileObject> diagnostic) {
    return diagnostic.getKind() == Diagnostic.Kind.ERROR;
  }

  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

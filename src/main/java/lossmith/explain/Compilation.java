package lossmith.explain;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    this.files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
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
    return task(List.of(text)).head();
  }

  /**
   * Texts, each as if it were alone. Expressions are read together, which takes little longer than
   * one, unless one of them is no Java, at which the compiler stops.
   */
  Seq<Attributed> all(Seq<Framed> texts) {
    if (texts.exists(text -> !text.place().isEmpty())) {
      return texts.map(this::of).toList();
    }
    Seq<Attributed> together =
        task(texts.zipWithIndex().map(one -> one._1.in("text" + one._2)).toList());
    boolean stopped = together.exists(one -> one.errors().exists(MistakeFinder::isSyntax));
    return stopped ? texts.map(this::of).toList() : together;
  }

  private Seq<Attributed> task(Seq<Framed> texts) {
    Seq<MemorySource> sources =
        texts.map(text -> new MemorySource(text.name(), text.source())).toList();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null,
                files,
                found,
                List.of("-proc:none", "-parameters", "-Xlint:none", "-classpath", classPath)
                    .asJava(),
                null,
                sources.asJava());
    try {
      Seq<CompilationUnitTree> units = List.ofAll(task.parse());
      if (List.ofAll(found.getDiagnostics()).forAll(one -> !isError(one))) {
        var unused = task.analyze();
      }
      Seq<Diagnostic<? extends JavaFileObject>> errors =
          List.ofAll(found.getDiagnostics()).filter(Compilation::isError);
      return List.range(0, texts.size())
          .map(
              i ->
                  new Attributed(
                      texts.get(i),
                      task,
                      units.get(i),
                      errors.filter(error -> error.getSource() == sources.get(i))));
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

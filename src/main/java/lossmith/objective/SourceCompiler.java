package lossmith.objective;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Either;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.explain.Compilation;
import lossmith.explain.Explainer;
import lossmith.explain.Framed;
import lossmith.explain.MemorySource;
import lossmith.recipes.Recipe;

/** Compiles one Java source in memory, against the class path of this program. */
final class SourceCompiler {
  private SourceCompiler() {}

  /**
   * The classes of a source, loaded, in the order the compiler wrote them.
   *
   * @throws ProblemException with what is wrong and what to write, if it does not compile
   */
  static Seq<Class<?>> classes(Framed text) {
    Either<Seq<String>, Seq<Class<?>>> few = compiled(text, narrow());
    Either<Seq<String>, Seq<Class<?>>> all =
        few.isLeft() && few.getLeft().exists(SourceCompiler::isUnknown)
            ? compiled(text, wide())
            : few;
    return all.getOrElseThrow(
        errors ->
            Explainer.of(text, errors.equals(few.getLeft()) ? narrow() : wide())
                .problem()
                .exception());
  }

  /** Whether an error may be that of a name which is in another library. */
  private static boolean isUnknown(String code) {
    return code.startsWith("compiler.err.cant.resolve") || code.equals("compiler.err.doesnt.exist");
  }

  /** Its classes, or the codes of its errors. */
  private static Either<Seq<String>, Seq<Class<?>>> compiled(Framed text, String classPath) {
    JavaCompiler compiler = Compilation.compiler(text.place());
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager standard =
            compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
        InMemory memory = new InMemory(standard)) {
      boolean fine =
          compiler
              .getTask(
                  null,
                  memory,
                  diagnostics,
                  List.of("-proc:none", "-Xlint:none", "-classpath", classPath).asJava(),
                  null,
                  List.of(new MemorySource(text.name(), text.source())).asJava())
              .call();
      return fine
          ? Either.right(memory.loaded())
          : Either.left(List.ofAll(diagnostics.getDiagnostics()).map(Diagnostic::getCode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the words of a loss are, and what its user added: all that most losses need. */
  static String narrow() {
    return own().appendAll(added()).distinct().mkString(File.pathSeparator);
  }

  /** The same, with all the libraries of this program, which take the compiler long to look at. */
  private static String wide() {
    return own()
        .appendAll(List.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1)))
        .appendAll(added())
        .distinct()
        .mkString(File.pathSeparator);
  }

  private static Seq<String> own() {
    return List.of(Loss.class, Recipe.class, SourceCompiler.class, Seq.class)
        .map(type -> Path.of(uri(type.getProtectionDomain().getCodeSource().getLocation())))
        .map(Path::toString);
  }

  private static Seq<String> added() {
    Seq<String> added = List.empty();
    for (ClassLoader loader = Thread.currentThread().getContextClassLoader();
        loader != null;
        loader = loader.getParent()) {
      if (loader instanceof URLClassLoader urls) {
        added =
            added.appendAll(
                List.of(urls.getURLs())
                    .filter(url -> url.getProtocol().equals("file"))
                    .map(url -> Path.of(uri(url)).toString()));
      }
    }
    return added;
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path entry that is no address: " + url, e);
    }
  }

  /** A class file that is kept as bytes. */
  private static final class Written extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Written(String name) {
      super(URI.create("bytes:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    private Map<String, Written> written = LinkedHashMap.empty();

    private InMemory(JavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      Written file = new Written(name);
      written = written.put(name, file);
      return file;
    }

    private Seq<Class<?>> loaded() {
      java.util.Map<String, byte[]> bytes = new HashMap<>();
      written.forEach((name, file) -> bytes.put(name, file.bytes.toByteArray()));
      InMemoryLoader loader = new InMemoryLoader(bytes);
      return written.keySet().toList().map(loader::load);
    }
  }

  private static final class InMemoryLoader extends ClassLoader {
    private final java.util.Map<String, byte[]> bytes;

    private InMemoryLoader(java.util.Map<String, byte[]> bytes) {
      super(Thread.currentThread().getContextClassLoader());
      this.bytes = bytes;
    }

    private Class<?> load(String name) {
      try {
        return loadClass(name);
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("a class that was just compiled: " + name, e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] code = bytes.get(name);
      if (code == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, code, 0, code.length);
    }
  }
}

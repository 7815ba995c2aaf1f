package lossmith.ops.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Field;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;

/**
 * Loads TensorFlow, once, and keeps its start-up messages off the screen, because nobody can act on
 * them.
 *
 * <p>Three sources, three remedies. Most lines obey the variable {@code TF_CPP_MIN_LOG_LEVEL}, set
 * here inside the process before the library is loaded. Five lines obey nothing and come once per
 * process, with the first session and the first XLA compilation; each happens here on two scalars,
 * with the native standard error away, the compilation only when somebody needs XLA. From Java 24
 * the first use of {@code sun.misc.Unsafe} warns; the jar's manifest opens the place where that is
 * decided. Errors still show. A user who sets {@code TF_CPP_MIN_LOG_LEVEL} hears everything that
 * level lets through; so does one who calls {@link #verbose}.
 */
public final class TensorFlowRuntime {

  private static final String LEVEL = "TF_CPP_MIN_LOG_LEVEL";
  private static volatile boolean wanted = System.getenv(LEVEL) == null && !Platform.isWindows();
  private static volatile boolean apart;
  private static final String NATIVE_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final int STANDARD_ERROR = 2;
  private static final int WRITE_ONLY = 1;

  /** Who holds it has the native standard error for itself. */
  private static final ReentrantLock ERROR = new ReentrantLock();

  @GuardedBy("ERROR")
  private static int screen;

  private TensorFlowRuntime() {}

  /**
   * Lets TensorFlow talk, or not; before its first use.
   *
   * @param talk whether its start-up talk is wanted
   */
  public static void verbose(boolean talk) {
    wanted = wanted && !talk;
  }

  /**
   * Lets no two sessions share the threads that cut operations up, which is quicker where each
   * processor has a session of its own to run; before TensorFlow's first use, after which nothing
   * changes. No number depends on it.
   */
  public static void threadsApart() {
    apart = !Platform.isWindows();
  }

  /** Whether no two sessions share them. */
  static boolean isApart() {
    return apart;
  }

  /** Loads TensorFlow, silently; every call after the first does nothing. */
  public static void start() {
    Started.once();
  }

  /** Readies XLA, silently; every call after the first does nothing. */
  static void startXla() {
    start();
    XlaStarted.once();
  }

  /**
   * Begins to load TensorFlow beside other work; whoever calls {@link #start} waits for it. What
   * Java prints to standard error meanwhile must go through {@link #heard}. The process ends after
   * it.
   */
  public static void startBeside() {
    Thread loading =
        new Thread(
            () -> {
              try {
                start();
              } catch (LinkageError unable) {
                // Whoever needs it is told.
                return;
              }
            },
            "tensorflow");
    loading.setDaemon(true);
    loading.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    loading.join();
                  } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }

  /** {@return a writer of which nothing is lost while native code is kept from standard error} */
  public static PrintWriter heard(Writer error) {
    return new PrintWriter(
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            ERROR.lock();
            try {
              error.write(text, from, length);
              error.flush();
            } finally {
              ERROR.unlock();
            }
          }

          @Override
          public void flush() {
            // What was written is out.
          }

          @Override
          public void close() throws IOException {
            error.close();
          }
        },
        true);
  }

  /**
   * Does work during which native code cannot print to standard error. Java's {@code System.err}
   * shares the file, so keep the work short: opening a session, a first compilation.
   */
  @CanIgnoreReturnValue
  public static <T> T during(Supplier<T> work) {
    ERROR.lock();
    try {
      hide();
      try {
        return work.get();
      } finally {
        show();
      }
    } finally {
      ERROR.unlock();
    }
  }

  /** Waits, for two seconds at most, until standard error is no longer kept from native code. */
  public static void awaitError() {
    try {
      if (ERROR.tryLock(2, TimeUnit.SECONDS)) {
        ERROR.unlock();
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@return whether TensorFlow had too little memory for a tensor} */
  public static boolean isOutOfMemory(Throwable thrown) {
    return thrown instanceof TFResourceExhaustedException;
  }

  private static final class Started {
    static {
      plainDigits();
      allowUnsafe();
      // Matrices are not Java's: without this they are refused beyond twice Java's own heap, and
      // the process is asked for its size with every pointer.
      var unused = System.getProperties().putIfAbsent(NATIVE_LIMIT, "0");
      if (wanted) {
        c("setenv", LEVEL, "2", 1);
      }
      if (apart) {
        c("setenv", "TF_OVERRIDE_GLOBAL_THREADPOOL", "1", 1);
      }
      // Not silenced: the user must see that TensorFlow does not support the processor.
      String loaded = TensorFlow.version();
      if (wanted && !loaded.isEmpty()) {
        during(() -> squareRoot(false));
      }
    }

    static void once() {}
  }

  private static final class XlaStarted {
    static {
      if (wanted) {
        during(() -> squareRoot(true));
      }
    }

    static void once() {}
  }

  @GuardedBy("ERROR")
  private static void hide() {
    if (wanted && ERROR.getHoldCount() == 1) {
      System.err.flush();
      int nowhere = c("open", "/dev/null", WRITE_ONLY);
      screen = c("dup", STANDARD_ERROR);
      c("dup2", nowhere, STANDARD_ERROR);
      c("close", nowhere);
    }
  }

  @GuardedBy("ERROR")
  private static void show() {
    if (wanted && ERROR.getHoldCount() == 1) {
      System.err.flush();
      c("dup2", screen, STANDARD_ERROR);
      c("close", screen);
    }
  }

  @CanIgnoreReturnValue
  private static int c(String function, Object... arguments) {
    return NativeLibrary.getProcess().getFunction(function).invokeInt(arguments);
  }

  /** A session that does two operations, so that its once-per-process lines are spent. */
  private static boolean squareRoot(boolean compiled) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Output<?> squared = operation(graph, "Square", tf.constant(2f).asOutput(), compiled);
      Output<?> root = operation(graph, "Sqrt", squared, compiled);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(root).run()) {
        return result.size() == 1;
      }
    } catch (TensorFlowException unable) {
      // The first real session then reports it.
      return false;
    }
  }

  private static Output<?> operation(Graph graph, String kind, Output<?> of, boolean compiled) {
    OperationBuilder operation =
        graph.opBuilder(kind, "quiet" + kind, graph.baseScope()).addInput(of);
    if (compiled) {
      operation.setAttr("_XlaCompile", true).setAttr("_XlaScope", "quiet");
    }
    return operation.build().output(0);
  }

  /**
   * TensorFlow for Java numbers the nodes of a graph in the digits of the default locale, and
   * refuses those that are not 0 to 9. Such a locale stays as it is, but for its digits.
   */
  private static void plainDigits() {
    Locale locale = Locale.getDefault(Locale.Category.FORMAT);
    if (DecimalFormatSymbols.getInstance(locale).getZeroDigit() != '0') {
      Locale.setDefault(
          Locale.Category.FORMAT,
          new Locale.Builder().setLocale(locale).setUnicodeLocaleKeyword("nu", "latn").build());
    }
  }

  /** What {@code --sun-misc-unsafe-memory-access=allow} does, where the module is open to us. */
  private static void allowUnsafe() {
    if (Runtime.version().feature() < 24) {
      return;
    }
    try {
      Field saved = Class.forName("jdk.internal.misc.VM").getDeclaredField("savedProps");
      saved.setAccessible(true);
      @SuppressWarnings("unchecked")
      Map<String, String> properties = (Map<String, String>) saved.get(null);
      if (properties != null) {
        properties.putIfAbsent("sun.misc.unsafe.memory.access", "allow");
      }
    } catch (ReflectiveOperationException | RuntimeException closed) {
      // The module is not open, or the place has moved: Java's own warning stays.
      return;
    }
  }
}

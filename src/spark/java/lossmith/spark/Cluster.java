package lossmith.spark;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** A cluster that works for this process. */
final class Cluster implements AutoCloseable {
  /** What a task threw, at the end of Spark's sentence about it. */
  private static final Pattern THROWN =
      Pattern.compile("\\(TID \\d+\\)[^:]*: (?:[\\w.$]+(?:Exception|Error): )*([^\\n]+)");

  /** Jars of Lossmith, and of libraries that Spark does not bring. */
  private static final Pattern OWN =
      Pattern.compile(
          ".*/(lossmith|vavr|tensorflow|ndarray|javacpp|jna|duckdb|jspecify"
              + "|jackson-dataformat-csv|aircompressor|error_prone)[^/]*");

  private final SparkSession session;
  private final JavaSparkContext context;

  private Cluster(SparkSession session) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** Work on one item, on some machine. */
  interface Work<T, R> extends Serializable {
    R on(T item) throws Exception;
  }

  static Cluster at(Master master) {
    master.check();
    SparkConf conf = new SparkConf().setMaster(master.url());
    conf.setIfMissing("spark.app.name", "lossmith");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Results are taken one by one as they come; together they may be large.
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    conf.set("spark.sql.caseSensitive", "true");
    if (master.isHere()) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    if (!master.isLocal() && !conf.contains("spark.executor.extraClassPath")) {
      conf.setIfMissing("spark.jars", jars().mkString(","));
    }
    try {
      return new Cluster(SparkSession.builder().config(conf).getOrCreate());
    } catch (Exception e) {
      throw problem("--master " + master.url() + ": " + e.getMessage()).exception();
    }
  }

  /** The jars of this process that a cluster does not have by itself. */
  private static List<String> jars() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(path -> path.endsWith(".jar"))
        .flatMap(Cluster::withNamed)
        .filter(path -> OWN.matcher(path).matches())
        .distinct();
  }

  /** A jar and those that its manifest names. */
  private static List<String> withNamed(String jar) {
    Path path = Path.of(jar).toAbsolutePath();
    try (JarFile file = new JarFile(path.toFile())) {
      Option<String> named =
          Option.of(file.getManifest())
              .flatMap(all -> Option.of(all.getMainAttributes().getValue(Name.CLASS_PATH)));
      return List.ofAll(named)
          .flatMap(all -> List.of(all.split(" ", -1)))
          .reject(String::isBlank)
          .map(one -> Path.of(path.toUri().resolve(one)).toString())
          .prepend(path.toString());
    } catch (IOException e) {
      return List.of(path.toString());
    }
  }

  SparkSession session() {
    return session;
  }

  JavaSparkContext context() {
    return context;
  }

  /**
   * Does work on each item, somewhere.
   *
   * @param items what is worked on, a task for each
   * @param work what is done
   * @param each takes the number of an item and its result, once for each, one at a time and in any
   *     order, as they come
   */
  <T, R> void run(List<T> items, Work<T, R> work, BiConsumer<Integer, R> each) {
    if (items.isEmpty()) {
      return;
    }
    java.util.List<Object> all = List.range(0, items.size()).<Object>map(i -> i).asJava();
    try {
      context
          .sc()
          .runJob(
              context.parallelize(items.asJava(), items.size()).rdd(),
              new Task<>(work),
              CollectionConverters.asScala(all).toSeq(),
              new AbstractFunction2<Object, Outcome<R>, BoxedUnit>() {
                @Override
                public BoxedUnit apply(Object index, Outcome<R> outcome) {
                  each.accept((Integer) index, outcome.value());
                  return BoxedUnit.UNIT;
                }
              },
              ClassTag$.MODULE$.apply(Outcome.class));
    } catch (Exception e) {
      throw failed(e);
    }
  }

  /** What failed, without Spark around it. */
  static RuntimeException failed(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problems) {
        return problems;
      }
    }
    String message = String.valueOf(e.getMessage());
    Matcher thrown = THROWN.matcher(message);
    return problem(thrown.find() ? thrown.group(1) : message.lines().findFirst().orElse(""))
        .exception();
  }

  private static Problem problem(String wrote) {
    return Problem.of(
        "spark",
        wrote,
        "a cluster on which the work can be done",
        "the same command again, or look into the logs of its workers");
  }

  /** What became of an item: a mistake of the user is no reason to try again. */
  private record Outcome<R>(@Nullable R result, java.util.List<Problem> problems)
      implements Serializable {
    R value() {
      Problem.throwAll(List.ofAll(problems));
      return Objects.requireNonNull(result);
    }
  }

  private static final class Task<T, R>
      extends AbstractFunction2<TaskContext, Iterator<T>, Outcome<R>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Work<T, R> work;

    Task(Work<T, R> work) {
      this.work = work;
    }

    @Override
    public Outcome<R> apply(TaskContext context, Iterator<T> items) {
      try {
        return new Outcome<>(work.on(items.next()), java.util.List.of());
      } catch (ProblemException e) {
        return new Outcome<>(null, List.ofAll(e.problems()).asJava());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    session.stop();
  }
}

package lossmith.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lossmith.Main;
import org.jspecify.annotations.Nullable;

/** Gives seeds to a worker, which is ended and replaced when it hangs, dies or has done enough. */
final class FuzzRun implements AutoCloseable {
  private static final int INPUTS_OF_A_WORKER = 500;
  private static final long SECONDS = 60;

  private final Path folder;
  private final Consumer<String> faults;
  private final Map<String, Integer> kinds = new TreeMap<>();
  private int past;
  private int inputs;
  private int failed;
  private int workers;
  private @Nullable Process worker;
  private @Nullable PrintWriter seeds;
  private BlockingQueue<String> answers = new ArrayBlockingQueue<>(8);
  private int given;

  /**
   * A run in which nothing happened.
   *
   * @param folder for files
   * @param faults is told of each fault, with its seed
   */
  FuzzRun(Path folder, Consumer<String> faults) {
    this.folder = folder;
    this.faults = faults;
  }

  /** Runs the input of a seed in a worker. */
  void run(long seed) throws IOException, InterruptedException {
    if (worker == null || given == INPUTS_OF_A_WORKER) {
      close();
      start();
    }
    given++;
    inputs++;
    java.util.Objects.requireNonNull(seeds).println(seed);
    String answer = answers.poll(SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      fault(seed, "hangs");
      close();
    } else if (answer.isEmpty()) {
      fault(seed, "ends the process with " + java.util.Objects.requireNonNull(worker).waitFor());
      close();
    } else {
      String[] parts = answer.split("\t", 3);
      count(parts[0], Boolean.parseBoolean(parts[1]));
      if (!parts[2].isEmpty()) {
        fault(seed, parts[0] + ": " + parts[2]);
      }
    }
  }

  private void count(String kind, boolean isPast) {
    kinds.merge(kind.split(" ", 2)[0], 1, Integer::sum);
    past += isPast ? 1 : 0;
  }

  private void fault(long seed, String what) {
    failed++;
    faults.accept("seed " + seed + ": " + what);
  }

  private static List<String> java(Path temporary, String heap) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx" + heap,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dfile.encoding=UTF-8",
        "-Djava.io.tmpdir=" + temporary,
        "-cp",
        System.getProperty("java.class.path"));
  }

  /** Where outputs lie that were asked for under a name without a folder. */
  private Path here() throws IOException {
    return Files.createDirectories(folder.resolve("here"));
  }

  private void start() throws IOException {
    workers++;
    given = 0;
    Path temporary = Files.createDirectory(folder.resolve("tmp" + workers));
    List<String> command = new ArrayList<>(java(temporary, "512m"));
    command.addAll(List.of(FuzzWorker.class.getName(), folder.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(here().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("stderr").toFile()));
    String unused = builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3");
    Process started = builder.start();
    BlockingQueue<String> lines = new ArrayBlockingQueue<>(8);
    Thread reader = new Thread(() -> read(started, lines), "answers");
    reader.setDaemon(true);
    reader.start();
    worker = started;
    answers = lines;
    seeds = new PrintWriter(started.outputWriter(StandardCharsets.UTF_8), true);
  }

  /** Passes lines on; an empty one is the end. */
  private static void read(Process worker, BlockingQueue<String> lines) {
    try (BufferedReader from = worker.inputReader(StandardCharsets.UTF_8)) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        lines.put(line);
      }
      lines.put("");
    } catch (IOException | InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs the input of a seed as a process of its own. */
  void process(long seed) throws IOException, InterruptedException {
    inputs++;
    Path own = Files.createDirectory(folder.resolve("process" + seed));
    Path temporary = Files.createDirectory(folder.resolve("tmp-process" + seed));
    FuzzCase drawn = FuzzCases.of(seed, own);
    Map<String, String> before = Verdict.files(own);
    List<String> command = new ArrayList<>(java(temporary, "256m"));
    command.add(Main.class.getName());
    command.addAll(drawn.args());
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(here().toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    String unused = builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      fault(seed, "hangs as a process");
      process.destroyForcibly();
      return;
    }
    Verdict verdict =
        Verdict.of(
            drawn, process.exitValue(), Files.readString(out), Files.readString(err), own, before);
    count(drawn.kind(), verdict.past());
    if (!verdict.faults().isEmpty()) {
      fault(seed, "process, " + drawn.kind() + ": " + String.join(" | ", verdict.faults()));
    }
    Map<String, String> left = Verdict.files(temporary);
    if (!left.isEmpty()) {
      fault(seed, "left in the temporary folder: " + left.keySet());
    }
    FuzzWorker.remove(own);
  }

  /** {@return what was run, in one line} */
  String summary() {
    return inputs
        + " inputs "
        + kinds
        + ", "
        + past
        + " past the first check, "
        + workers
        + " workers, "
        + failed
        + " with faults";
  }

  int past() {
    return past;
  }

  /** Ends the worker, if there is one. */
  @Override
  public void close() {
    if (worker != null) {
      Process unused = worker.destroyForcibly();
      worker = null;
    }
  }
}

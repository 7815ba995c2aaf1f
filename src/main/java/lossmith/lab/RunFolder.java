package lossmith.lab;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lossmith.console.Output;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Problem;
import lossmith.lab.policy.Network;
import lossmith.lab.task.Task;

/**
 * What a run leaves: {@code settings.txt}, by which it is known again, {@code metrics.jsonl},
 * {@code metrics.parquet}, {@code batch.jsonl} and {@code checkpoint.npz}.
 *
 * @param folder where all of it is
 */
public record RunFolder(Path folder) {
  /** So much of a name is read at a glance, and is allowed everywhere. */
  private static final int LONGEST = 80;

  private static final int CUT = 50;
  private static final int HASH = 8;

  /**
   * {@return a name that a folder can have: a long one is cut, as is one with a slash, and a hash
   * of the whole tells it from others}
   *
   * @param name of an objective, which may be an expression
   */
  public static String name(String name) {
    if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))) {
      return name;
    }
    String plain = name.replaceAll("[^A-Za-z0-9.+_]+", "-");
    return plain.substring(0, Math.min(CUT, plain.length()))
        + "-"
        + Fingerprint.hash(name).substring(0, HASH);
  }

  /** {@return a line of JSON for each step} */
  public Path lines() {
    return folder.resolve("metrics.jsonl");
  }

  /** {@return the same as a table} */
  public Path table() {
    return folder.resolve("metrics.parquet");
  }

  /** {@return the batch of the last step, as rollouts} */
  public Path batch() {
    return folder.resolve("batch.jsonl");
  }

  /** {@return the rollouts of a step, where they are kept} */
  public Path rollouts(long step) {
    return folder.resolve("rollouts").resolve(step + ".parquet");
  }

  /** {@return the tokens of a step, where they are kept} */
  public Path tokens(long step) {
    return folder.resolve("tokens").resolve(step + ".parquet");
  }

  /** {@return the page about the run} */
  public Path report() {
    return folder.resolve("report.html");
  }

  /** {@return what the run goes on from} */
  public Path checkpoint() {
    return folder.resolve("checkpoint.npz");
  }

  private Path settings() {
    return folder.resolve("settings.txt");
  }

  /**
   * Begins a run, or goes on with one.
   *
   * @param described all that decides the numbers of the run
   * @param resume whether it goes on where there is one
   * @return the checkpoint to go on from, if there is one
   */
  Option<Path> open(String described, boolean resume) throws IOException {
    Files.createDirectories(folder);
    if (resume && Files.exists(settings())) {
      Output.removeLeft(settings());
      Output.removeLeft(rollouts(0));
      Output.removeLeft(tokens(0));
      String before = Files.readString(settings());
      if (!before.equals(described)) {
        throw Problem.of(
                "out",
                "--resume with other settings than "
                    + folder
                    + " has: "
                    + differing(before, described),
                "the recipe and settings of the run that is there",
                "the same, or another --out")
            .exception();
      }
      return Option.when(Files.exists(checkpoint()), this::checkpoint);
    }
    refuseTaken();
    Output.write(settings(), described);
    return Option.none();
  }

  /**
   * Refuses a place where a run cannot begin, or go on; nothing is written.
   *
   * @param resume whether it goes on where there is one
   */
  public void refuse(boolean resume) throws IOException {
    if (Files.exists(folder) && !(resume && Files.exists(settings()))) {
      refuseTaken();
    }
  }

  private void refuseTaken() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw refused("which is a file").exception();
    }
    try (Stream<Path> there = Files.list(folder)) {
      if (there.anyMatch(file -> !file.getFileName().toString().startsWith("."))) {
        throw refused("which is not empty").exception();
      }
    }
  }

  private Problem refused(String why) {
    return Problem.of(
        "out",
        folder + ", " + why,
        "a folder that is new or empty, or that of a run with --resume",
        "another folder, or --resume");
  }

  /**
   * {@return the weights of the policy that the run here has come to}
   *
   * @param task what the run must have learnt
   * @param network what it must have trained
   * @throws lossmith.dsl.ProblemException where there is no such run
   */
  public float[] policy(Task task, Network network) throws IOException {
    if (!Files.exists(checkpoint()) || !Files.exists(settings())) {
      throw noReference("which has no run").exception();
    }
    Seq<String> lines = List.ofAll(Files.readAllLines(settings()));
    Problem.throwAll(
        List.of(Run.task(task), Run.network(network))
            .reject(lines::contains)
            .map(line -> noReference("which is not of " + line.replace(": ", " "))));
    return NumberFile.read(checkpoint()).floats(TrainingState.POLICY);
  }

  private Problem noReference(String why) {
    return Problem.of(
        "reference",
        "--reference " + folder + ", " + why,
        "the folder of a run of the same task and size",
        "a run that 'train' has made, or no --reference: then the start policy is the reference");
  }

  private static String differing(String before, String now) {
    String[] old = before.split("\n", -1);
    String[] other = now.split("\n", -1);
    for (int i = 0; i < Math.min(old.length, other.length); i++) {
      if (!old[i].equals(other[i])) {
        return other[i] + " instead of " + old[i];
      }
    }
    return "other lines";
  }
}

package lossmith.lab.task;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import lossmith.dsl.Problem;

/** Prompts of a task, apart by what they are for. */
public final class Prompts {
  /** Of so many prompts in a row some are of either kind, unless there are none. */
  private static final int TRIES = 100_000;

  /** What held-out prompts are drawn by: they are the same for every run. */
  private static final long HELD_OUT = 8_191;

  private Prompts() {}

  /** {@return a prompt to train on} */
  public static String training(Task task, RandomGenerator random) {
    for (int tries = 0; tries < TRIES; tries++) {
      String prompt = asked(task, random);
      if (!isHeldOut(task, prompt)) {
        return fitting(task, prompt);
      }
    }
    throw none(task, "trained on");
  }

  /**
   * {@return different prompts that are never trained on; fewer where the task has no more}
   *
   * @param task the task
   * @param count how many
   */
  public static Seq<String> heldOut(Task task, int count) {
    RandomGenerator random = Seeds.random(HELD_OUT);
    Set<String> found = new LinkedHashSet<>();
    for (int tries = 0; tries < TRIES && found.size() < count; tries++) {
      String prompt = asked(task, random);
      if (isHeldOut(task, prompt)) {
        found.add(prompt);
      }
    }
    if (found.isEmpty()) {
      throw none(task, "held out");
    }
    return Vector.ofAll(found).map(prompt -> fitting(task, prompt));
  }

  private static String asked(Task task, RandomGenerator random) {
    return OwnCode.of(task, "prompt(random)", () -> task.prompt(random));
  }

  private static boolean isHeldOut(Task task, String prompt) {
    return OwnCode.of(task, "isHeldOut(\"" + prompt + "\")", () -> task.isHeldOut(prompt));
  }

  private static String fitting(Task task, String prompt) {
    int symbols = task.symbols().encode(prompt).length;
    if (symbols < 1 || symbols > task.longestPrompt()) {
      throw Problem.of(
              "task",
              "a prompt of "
                  + symbols
                  + " symbols, \""
                  + prompt
                  + "\", of the task "
                  + task.name()
                  + ", whose longestPrompt() is "
                  + task.longestPrompt(),
              "prompts of 1 symbol to as many as longestPrompt() says",
              "a larger longestPrompt(), or shorter prompts")
          .exception();
    }
    return prompt;
  }

  private static RuntimeException none(Task task, String use) {
    return Problem.of(
            "task",
            "the task " + task.name() + ", of whose prompts none is " + use,
            "prompts of both kinds",
            "isHeldOut(prompt) that is true of some prompts and false of others")
        .exception();
  }
}

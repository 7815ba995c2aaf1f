package lossmith.lab;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.HashSet;
import java.util.Set;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler;
import lossmith.lab.task.OwnCode;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import lossmith.lab.task.Task;
import lossmith.metric.HeldOut;

/** What a policy can do on prompts that it was never trained on. */
final class Passing {
  private static final double RIGHT = 1;

  private final Task task;
  private final Seq<String> prompts;
  private final TrainingSettings settings;

  Passing(Task task, TrainingSettings settings) {
    this.task = task;
    this.prompts = Prompts.heldOut(task, settings.measuring().prompts());
    this.settings = settings;
  }

  private String solution(String prompt, String response) {
    return OwnCode.of(
        task,
        "solution(\"" + prompt + "\", \"" + response + "\")",
        () -> task.solution(prompt, response));
  }

  /**
   * {@return the probability that one of k tries is right, estimated without bias from n tries of
   * which some were: 1 − C(n − right, k) / C(n, k) (Chen et al., 2021, eq 1)}
   *
   * @param n how many tries were made
   * @param right how many of them were right
   * @param k at most n
   */
  static double passAt(int n, int right, int k) {
    double none = 1;
    for (int i = 0; i < k; i++) {
      none *= Math.max(0, n - right - i) / (double) (n - i);
    }
    return 1 - none;
  }

  /** Samples responses to every prompt, the same random numbers at every step. */
  Map<String, Double> measure(Sampler sampler, NetworkWeights weights) {
    int tries = settings.measuring().samples();
    Seq<String> each = prompts.flatMap(prompt -> Vector.fill(tries, prompt));
    Batch batch =
        new Answers(sampler, task, settings.sampling().temperature())
            .of(weights, each, tries, row -> Seeds.random(settings.seed(), Streams.HELD_OUT, row));
    Seq<Integer> ks = settings.measuring().tries().prepend(1).distinct();
    double[] passed = new double[ks.size()];
    double solutions = 0;
    for (int group = 0; group < prompts.size(); group++) {
      int right = 0;
      Set<String> found = new HashSet<>();
      for (int row = group * tries; row < (group + 1) * tries; row++) {
        if (batch.rewards().get(row) >= RIGHT) {
          right++;
          found.add(solution(each.get(row), Batch.text(task, batch.drawn().get(row))));
        }
      }
      for (int k = 0; k < passed.length; k++) {
        passed[k] += passAt(tries, right, ks.get(k)) / prompts.size();
      }
      solutions += (double) found.size() / prompts.size();
    }
    Map<String, Double> measured =
        LinkedHashMap.of(
            named("reward/mean@" + tries), batch.rewards().sum().doubleValue() / each.size());
    for (int k = 0; k < passed.length; k++) {
      measured = measured.put(named("pass@" + ks.get(k)), passed[k]);
    }
    return measured.put(named("distinct_solutions"), solutions);
  }

  private String named(String number) {
    return HeldOut.name(task.name(), number);
  }
}

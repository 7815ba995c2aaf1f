package lossmith.lab;

import io.vavr.collection.Seq;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler;
import lossmith.lab.task.Task;

/**
 * What policies answer to prompts of a task, judged.
 *
 * @param sampler draws responses
 * @param task judges them
 * @param temperature the logits are divided by it
 */
record Answers(Sampler sampler, Task task, double temperature) {
  /**
   * {@return a response to each prompt, with its reward}
   *
   * @param weights of the policy that answers
   * @param prompts each as often as it is answered, one after another
   * @param group how often each is answered
   * @param random the random numbers of each response, by its index
   */
  Batch of(
      NetworkWeights weights, Seq<String> prompts, int group, IntFunction<RandomGenerator> random) {
    return Batch.judged(
        task,
        prompts,
        sampler.draw(
            weights,
            prompts.map(task.symbols()::encode),
            task.longestResponse(),
            temperature,
            random),
        group);
  }
}

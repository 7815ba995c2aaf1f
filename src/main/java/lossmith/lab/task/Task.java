package lossmith.lab.task;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * Something to learn by trying: prompts, a verifier that knows what a response is worth, and
 * demonstrations of which a policy learns enough to be right sometimes. All texts are {@link
 * #symbols} one after another. Everything random comes from the generator that is given, so that a
 * seed fixes it.
 */
public interface Task {
  /** One prompt in so many is never trained on. */
  int HELD_OUT = 4;

  /** {@return the name to type, such as {@code addition}} */
  String name();

  /** {@return what it is, in one line} */
  String title();

  /** {@return the symbols of prompts and responses} */
  Alphabet symbols();

  /** {@return how many symbols a prompt has at most} */
  int longestPrompt();

  /** {@return how many symbols a response may have, that which ends it included} */
  int longestResponse();

  /** {@return how many steps of demonstrations leave a start policy that is right now and then} */
  int warmSteps();

  /** {@return any prompt} */
  String prompt(RandomGenerator random);

  /**
   * {@return a response to imitate, without the symbol that ends it} It need not be right: what the
   * start policy is unsure of is what is left to be learnt.
   */
  String demonstration(String prompt, RandomGenerator random);

  /**
   * {@return what a response is worth, from 0 to 1}
   *
   * @param prompt the prompt
   * @param response the response without the symbol that ends it
   */
  double reward(String prompt, String response);

  /** {@return what two right responses have in common that are the same solution} */
  default String solution(String prompt, String response) {
    return response;
  }

  /** {@return whether a prompt is kept for measuring; this depends on its text alone} */
  default boolean isHeldOut(String prompt) {
    CRC32 sum = new CRC32();
    sum.update(prompt.getBytes(StandardCharsets.UTF_8));
    return sum.getValue() % HELD_OUT == 0;
  }
}

package lossmith.proofs.presumed;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Stream;
import io.vavr.control.Option;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/**
 * What a token may be divided by in a mean or a sum: counts of tokens, responses and prompts, once
 * of all that are there and once of those that have a gradient.
 */
final class Denominators {
  private final double[] slope;
  private final int[] responses;
  private final int[] prompts;
  private final Counts all;
  private final Counts kept;

  Denominators(Samples samples, double[] slope) {
    this.slope = slope;
    this.responses = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    this.prompts = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    boolean[] tokens = new boolean[slope.length];
    boolean[] counting = new boolean[prompts.length];
    for (int t = 0; t < slope.length; t++) {
      tokens[t] = slope[t] != 0;
      counting[responses[t]] |= tokens[t];
    }
    this.all =
        counts(
            IntStream.range(0, slope.length).toArray(),
            IntStream.range(0, prompts.length).toArray(),
            samples.size(Level.Name.GROUP));
    int[] members = IntStream.range(0, prompts.length).filter(i -> counting[i]).toArray();
    this.kept =
        counts(
            IntStream.range(0, slope.length).filter(t -> tokens[t]).toArray(),
            members,
            (int) IntStream.of(members).map(i -> prompts[i]).distinct().count());
  }

  /** How many there are: in all, and of each response and prompt. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
  private record Counts(
      double tokens,
      double[] ofResponse,
      double[] ofPrompt,
      double members,
      double[] size,
      double groups) {}

  private Counts counts(int[] tokens, int[] members, int groups) {
    double[] ofResponse = new double[prompts.length];
    double[] ofPrompt = new double[prompts.length];
    double[] size = new double[prompts.length];
    for (int t : tokens) {
      ofResponse[responses[t]]++;
      ofPrompt[prompts[responses[t]]]++;
    }
    for (int i : members) {
      size[prompts[i]]++;
    }
    return new Counts(tokens.length, ofResponse, ofPrompt, members.length, size, groups);
  }

  /** The tokens whose gradient is neither 0 nor −1 over one of the denominators. */
  int[] none(double tolerance) {
    return IntStream.range(0, slope.length)
        .filter(t -> slope[t] != 0 && !of(t).exists(n -> Math.abs(-slope[t] * n - 1) <= tolerance))
        .toArray();
  }

  /** What the step of each of these tokens has in excess of one that is right, if that shows. */
  Option<String> excess(int[] some, double tolerance) {
    return Stream.of("its response has tokens", "the batch has tokens", "there are responses")
        .find(
            words ->
                IntStream.of(some).allMatch(t -> isTimes(t, number(words, t), tolerance))
                    && IntStream.of(some).anyMatch(t -> number(words, t) != 1))
        .map(words -> "as many times too much as " + words)
        .orElse(
            () ->
                Stream.of("the batch has tokens", "there are responses")
                    .find(
                        words ->
                            IntStream.of(some)
                                .allMatch(t -> isTimes(t, 1 / number(words, t), tolerance)))
                    .map(words -> "divided once more by how many " + plural(words)));
  }

  private static String plural(String words) {
    return words.startsWith("there") ? "responses there are" : "tokens the batch has";
  }

  private double number(String words, int token) {
    return words.startsWith("its")
        ? all.ofResponse[responses[token]]
        : words.startsWith("the ") ? all.tokens : all.members;
  }

  private boolean isTimes(int token, double times, double tolerance) {
    return of(token).exists(n -> Math.abs(-slope[token] * n / times - 1) <= tolerance);
  }

  /**
   * The tokens of which that is so where only prompts are counted, and the tokens of a response.
   */
  int[] noneOfPrompts(double tolerance) {
    return IntStream.range(0, slope.length)
        .filter(
            t ->
                slope[t] != 0
                    && !ofPrompts(t).exists(n -> Math.abs(-slope[t] * n - 1) <= tolerance))
        .toArray();
  }

  private Set<Double> ofPrompts(int token) {
    int i = responses[token];
    Set<Double> lengths = HashSet.of(1.0, all.ofResponse[i], kept.ofResponse[i]);
    return HashSet.of(1.0, all.groups, kept.groups).flatMap(n -> lengths.map(length -> n * length));
  }

  private Set<Double> of(int token) {
    int i = responses[token];
    int g = prompts[i];
    Set<Double> found = HashSet.of(1.0);
    for (Counts tokens : new Counts[] {all, kept}) {
      found = found.add(tokens.tokens).add(tokens.groups);
      for (Counts of : new Counts[] {all, kept}) {
        double length = tokens.ofResponse[i];
        found =
            found
                .add(of.members)
                .add(length)
                .add(of.members * length)
                .add(of.groups * of.size[g])
                .add(of.groups * of.size[g] * length)
                .add(of.groups * tokens.ofPrompt[g])
                .add(of.groups * length);
      }
    }
    return found;
  }
}

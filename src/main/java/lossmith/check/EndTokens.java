package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;

/**
 * {@code finished} against the last token: responses that ended by themselves end with the end
 * token, the others do not. The end token is the one with which most finished responses end; one
 * that ends two or more and stands nowhere else is another.
 */
final class EndTokens implements RolloutCheck {
  /** Where fewer end alike, the end token was left out of the tokens. */
  private static final double MOST = 0.5;

  @Override
  public Seq<RolloutFinding> of(Recorded recorded) {
    return recorded
        .perResponse(Columns.FINISHED)
        .toList()
        .flatMap(
            finished ->
                recorded.samples().sampled().toList().flatMap(ids -> of(recorded, finished, ids)));
  }

  private static Seq<RolloutFinding> of(Recorded recorded, double[] finished, int[] ids) {
    int[] filled =
        IntStream.range(0, recorded.responses()).filter(s -> recorded.length(s) > 0).toArray();
    int[] ended = Arrays.stream(filled).filter(s -> finished[s] != 0).toArray();
    if (ended.length < 2) {
      return List.empty();
    }
    int[] last = new int[recorded.responses()];
    Arrays.stream(filled).forEach(s -> last[s] = ids[recorded.start(s + 1) - 1]);
    Map<Integer, Integer> lasts = counts(Arrays.stream(ended).map(s -> last[s]));
    int end = mode(lasts);
    double share = lasts.getOrDefault(end, 0) / (double) ended.length;
    Set<Integer> ends = ends(recorded, ids, filled, lasts);
    if (share > MOST) {
      boolean unused = ends.add(end);
    }
    int[] without = Arrays.stream(ended).filter(s -> !ends.contains(last[s])).toArray();
    if (without.length >= MOST * ended.length) {
      return recorded.ofResponses(
          ended,
          RolloutFinding.warning(
                  "end-token-missing",
                  "finished responses end with "
                      + lasts.size()
                      + " different tokens, at most "
                      + Counted.percent(share)
                      + " with the same: the end token is not among the tokens",
                  "keep the end token and its log-prob: without it, when to stop is not trained")
              .with("share", share));
    }
    int[] with =
        Arrays.stream(filled).filter(s -> finished[s] == 0 && ends.contains(last[s])).toArray();
    String named = "the end token (" + List.ofAll(ends).mkString(", ") + ")";
    return recorded
        .ofResponses(
            without,
            RolloutFinding.warning(
                    "finished-without-end-token",
                    Counted.responses(without.length)
                        + " of "
                        + ended.length
                        + " finished "
                        + (without.length == 1 ? "does" : "do")
                        + " not end with "
                        + named,
                    "set finished to false where a response was cut off")
                .with("end_token", end))
        .appendAll(
            recorded.ofResponses(
                with,
                RolloutFinding.warning(
                        "unfinished-with-end-token",
                        Counted.responses(with.length)
                            + " not finished "
                            + (with.length == 1 ? "ends" : "end")
                            + " with "
                            + named,
                        "set finished to true where a response ended by itself")
                    .with("end_token", end)));
  }

  /** Tokens that end two finished responses or more, and stand nowhere but at an end. */
  private static Set<Integer> ends(
      Recorded recorded, int[] ids, int[] filled, Map<Integer, Integer> lasts) {
    int[] often =
        lasts.entrySet().stream()
            .filter(id -> id.getValue() > 1)
            .mapToInt(Map.Entry::getKey)
            .sorted()
            .toArray();
    boolean[] inside = new boolean[often.length];
    for (int s : filled) {
      for (int t = recorded.start(s); t < recorded.start(s + 1) - 1; t++) {
        int at = Arrays.binarySearch(often, ids[t]);
        if (at >= 0) {
          inside[at] = true;
        }
      }
    }
    return IntStream.range(0, often.length)
        .filter(i -> !inside[i])
        .mapToObj(i -> often[i])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<Integer, Integer> counts(IntStream ids) {
    Map<Integer, Integer> counts = new HashMap<>();
    ids.forEach(
        id -> {
          Integer unused = counts.merge(id, 1, Integer::sum);
        });
    return counts;
  }

  private static int mode(Map<Integer, Integer> counts) {
    return counts.entrySet().stream()
        .max(
            Map.Entry.<Integer, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(0);
  }
}

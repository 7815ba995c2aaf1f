package lossmith.proofs.trial;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.data.Samples;

/**
 * One case that a law is tried on: samples and parameters, drawn from a seed.
 *
 * @param seed what reproduces it
 * @param kind what sort of data it is
 * @param samples the data, with logits and with every statistic of the policy
 * @param parameters values by name
 */
public record Trial(long seed, Kind kind, Samples samples, Map<String, Double> parameters) {
  /** What sort of data. */
  public enum Kind {
    /** Log-ratios below 0.6, distinct numbers: smooth almost everywhere. */
    ORDINARY,
    /** Log-ratios up to ±20, parameters far from their defaults: beyond every bound. */
    WIDE,
    /** Equal rewards; what only rounding would decide is drawn again. */
    TIED,
    /** Ratios of exactly 1, parameters at the ends of their ranges: ties that are no rounding. */
    KINK,
    /** Log-ratios and logits up to ±1e4, −inf at entries that were not sampled. */
    EXTREME,
    /**
     * A batch of one response to one prompt, with ordinary numbers; of one pair, where pairs are.
     */
    ONE_RESPONSE,
    /** A batch of several responses to one prompt, with ordinary numbers. */
    ONE_PROMPT,
    /** A batch of one token, with ordinary numbers; of one pair of one token each. */
    ONE_TOKEN;

    /** {@return the kind of the case of a seed: they take turns} */
    public static Kind of(long seed) {
      Kind[] all = values();
      return all[Math.floorMod(seed, all.length)];
    }

    /** {@return the kind whose numbers it has: a batch of one of something has ordinary ones} */
    public Kind numbers() {
      return switch (this) {
        case ONE_RESPONSE, ONE_PROMPT, ONE_TOKEN -> ORDINARY;
        default -> this;
      };
    }

    /**
     * {@return the same seeds, of those of each whole round of kinds the ordinary one first: most
     * laws speak of it, and what is extreme follows at once}
     *
     * @param seeds seeds that follow each other
     */
    public static Seq<Long> ordinaryFirst(Seq<Long> seeds) {
      int round = values().length;
      return List.ofAll(
          seeds
              .grouped(round)
              .flatMap(
                  some -> some.size() < round ? some : some.sortBy(seed -> of(seed) != ORDINARY)));
    }
  }
}

package lossmith.dsl.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;

/**
 * The columns of a part of a batch: a micro-batch, a shard, or several of them joined. Parts are
 * joined in any order and grouping, {@code a.and(b).and(c) = a.and(b.and(c)) = c.and(a).and(b)}, to
 * the same numbers in the same order: by group, sequence and position. A response may be torn
 * between its tokens, a group between its responses, a pair between its sides. Grids stay where
 * they are; only columns travel: some numbers per token, sequence and group.
 */
public final class Partial {
  private final Samples samples;
  private final long[] groups;

  private Partial(Samples samples, long[] groups) {
    this.samples = samples;
    this.groups = groups;
  }

  /**
   * {@return the columns of one piece}
   *
   * @param samples the piece, every response with its id (see {@link SamplesBuilder#ids}), tokens
   *     with their positions in the response
   * @param groups the id of each of the piece's groups, the same in every piece for the same group
   * @throws lossmith.dsl.ProblemException where there is not one id per group
   */
  public static Partial of(Samples samples, long... groups) {
    int expected = samples.size(Level.Name.GROUP);
    if (Arrays.stream(groups).distinct().count() != expected || groups.length != expected) {
      throw Problem.of(
              "groups",
              groups.length + " group ids " + Arrays.toString(groups),
              expected + " distinct ids, one for each group of the piece",
              "the prompt's number in the whole batch")
          .exception();
    }
    return new Partial(samples, groups.clone());
  }

  /**
   * {@return both parts as one}
   *
   * @param other a part without a token of this one
   * @throws lossmith.dsl.ProblemException where the parts share a token, or disagree on one
   *     sequence, group or batch
   */
  public Partial and(Partial other) {
    return new Joined(this, other).partial();
  }

  /**
   * {@return the same with a column}
   *
   * @param column its name
   * @param values a number per token
   */
  public Partial with(String column, double[] values) {
    return new Partial(samples.with(column, Level.Name.TOKEN, values), groups);
  }

  /**
   * {@return these parts as samples, without grids}
   *
   * @throws lossmith.dsl.ProblemException where a pair lacks a side
   */
  public Samples samples() {
    return copy().build();
  }

  /** {@return these parts for another process, without grids} */
  public byte[] bytes() {
    return PartialBytes.write(this);
  }

  /**
   * {@return the parts of another process}
   *
   * @param bytes what {@link #bytes()} gave there
   * @throws lossmith.dsl.ProblemException where the bytes are anything else
   */
  public static Partial of(byte[] bytes) {
    return PartialBytes.read(bytes);
  }

  /** {@return these parts as they are: a pair may lack a side} */
  public Samples piece() {
    return samples;
  }

  /** {@return the ids of the groups, in order} */
  public long[] groups() {
    return groups.clone();
  }

  /**
   * {@return where each token of a piece is among the tokens of these parts}
   *
   * @param piece a piece of these parts
   * @throws lossmith.dsl.ProblemException where the piece is none of these
   */
  public int[] tokens(Samples piece) {
    Map<String, Integer> places = new HashMap<>();
    String[] here = places(samples);
    for (int t = 0; t < here.length; t++) {
      places.put(here[t], t);
    }
    String[] wanted = places(piece);
    int[] found = new int[wanted.length];
    for (int t = 0; t < wanted.length; t++) {
      Integer place = places.get(wanted[t]);
      if (place == null) {
        throw Problem.of(
                "piece",
                "a piece with " + wanted[t] + ", which was not joined",
                "a piece of these parts",
                "partial.and(Partial.of(piece, groups)) for every piece first")
            .exception();
      }
      found[t] = place;
    }
    return found;
  }

  private static String[] places(Samples samples) {
    long[] ids = samples.sequenceIds();
    int[] positions = samples.positions();
    return IntStream.range(0, positions.length)
        .mapToObj(
            t -> {
              int s = samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE);
              return "sequence " + ids[s] + ", position " + positions[t];
            })
        .toArray(String[]::new);
  }

  private SamplesBuilder copy() {
    SamplesBuilder copy =
        new SamplesBuilder(
                samples.lengths(), samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP))
            .ids(samples.sequenceIds())
            .positions(samples.positions());
    for (int[] sampled : samples.sampled()) {
      copy = copy.sampled(sampled);
    }
    for (String name : samples.columns().remove(Columns.POSITION)) {
      copy = copy.column(name, samples.level(name).get(), samples.column(name).get());
    }
    return copy;
  }
}

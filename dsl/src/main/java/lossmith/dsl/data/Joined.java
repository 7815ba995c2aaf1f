package lossmith.dsl.data;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.TreeMap;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Problem;

/** Two parts of a batch as one, ordered by group, sequence and position. */
final class Joined {
  private final Partial[] parts;
  private final int[][] positions;
  private final int[][] starts;
  private final TreeMap<Key, java.util.List<Place>> sequences =
      new TreeMap<>(Comparator.comparingLong(Key::group).thenComparingLong(Key::sequence));
  private final java.util.List<Place> tokens = new ArrayList<>();
  private Seq<Problem> problems = List.empty();

  /** A sequence of the whole batch. */
  private record Key(long group, long sequence) {}

  /** An element of one of the parts. */
  private record Place(int part, int index) {}

  Joined(Partial left, Partial right) {
    this.parts = new Partial[] {left, right};
    this.positions = new int[][] {left.piece().positions(), right.piece().positions()};
    this.starts = new int[][] {starts(left.piece()), starts(right.piece())};
    checkColumns();
    Problem.throwAll(problems);
    enter(0);
    enter(1);
    checkIds();
    Problem.throwAll(problems);
  }

  /** The first token of each sequence, and the end. */
  private static int[] starts(Samples samples) {
    int[] starts = new int[samples.size(Level.Name.SEQUENCE) + 1];
    for (int s : samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE)) {
      starts[s + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return starts;
  }

  private void report(String code, String wrote, String expected, String remedy) {
    problems = problems.append(Problem.of(code, wrote, expected, remedy));
  }

  private void checkColumns() {
    Samples left = parts[0].piece();
    Samples right = parts[1].piece();
    io.vavr.collection.Set<String> apart =
        left.columns().diff(right.columns()).union(right.columns().diff(left.columns()));
    if (apart.nonEmpty()) {
      String wrote =
          "parts that disagree about "
              + apart.toList().sorted().mkString(", ")
              + ": one with, one without";
      report("columns", wrote, "the same columns in each part", "the missing columns");
    }
    for (String name : left.columns().intersect(right.columns()).toList().sorted()) {
      if (!left.level(name).equals(right.level(name))) {
        String wrote =
            name
                + " with one number per "
                + left.level(name).get()
                + " and one per "
                + right.level(name).get();
        report("column", wrote, "one level in each part", "the same column in each part");
      }
    }
    if (left.sampled().isDefined() != right.sampled().isDefined()) {
      report(
          "tokens",
          "token ids in one part alone",
          "token ids in all parts or none",
          "SamplesBuilder.sampled(…) in each part");
    }
  }

  private void enter(int part) {
    Samples piece = parts[part].piece();
    long[] ids = piece.sequenceIds();
    long[] groups = parts[part].groups();
    int[] groupOf = piece.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    for (int s = 0; s < ids.length; s++) {
      sequences
          .computeIfAbsent(new Key(groups[groupOf[s]], ids[s]), k -> new ArrayList<>())
          .add(new Place(part, s));
    }
  }

  private void checkIds() {
    java.util.Map<Long, Long> group = new HashMap<>();
    for (Key key : sequences.keySet()) {
      Long other = group.put(key.sequence, key.group);
      if (other != null) {
        report(
            "ids",
            "sequence " + key.sequence + " in group " + other + " and in group " + key.group,
            "an id of its own for each response of the whole batch",
            "SamplesBuilder.ids(…)");
      }
    }
  }

  Partial partial() {
    int[] lengths =
        sequences.entrySet().stream().mapToInt(e -> take(e.getKey(), e.getValue())).toArray();
    long[] groups = sequences.keySet().stream().mapToLong(Key::group).distinct().toArray();
    int[] groupOf =
        sequences.keySet().stream()
            .mapToInt(key -> Arrays.binarySearch(groups, key.group))
            .toArray();
    SamplesBuilder joined =
        new SamplesBuilder(lengths, groupOf)
            .ids(sequences.keySet().stream().mapToLong(Key::sequence).toArray())
            .positions(tokens.stream().mapToInt(this::position).toArray());
    Seq<int[]> sampled = List.of(parts).flatMap(part -> part.piece().sampled());
    if (sampled.size() == parts.length) {
      int[][] ids = sampled.toJavaArray(int[][]::new);
      joined = joined.sampled(tokens.stream().mapToInt(p -> ids[p.part][p.index]).toArray());
    }
    for (var column : columns(groups)) {
      joined = joined.column(column._1, parts[0].piece().level(column._1).get(), column._2);
    }
    Problem.throwAll(problems);
    return Partial.of(joined.piece(), groups);
  }

  private int position(Place token) {
    return positions[token.part][token.index];
  }

  /** Takes the tokens of a sequence by position; returns how many. */
  private int take(Key key, java.util.List<Place> places) {
    java.util.List<Place> own = new ArrayList<>();
    for (Place place : places) {
      int[] start = starts[place.part];
      for (int t = start[place.index]; t < start[place.index + 1]; t++) {
        own.add(new Place(place.part, t));
      }
    }
    own.sort(Comparator.comparingInt(this::position));
    for (int t = 1; t < own.size(); t++) {
      if (position(own.get(t)) == position(own.get(t - 1))) {
        report(
            "piece",
            "sequence " + key.sequence + ", position " + position(own.get(t)) + ", twice",
            "each token in one part",
            "an id of its own for each response: SamplesBuilder.ids(…)");
        break;
      }
    }
    tokens.addAll(own);
    return own.size();
  }

  private Map<String, double[]> columns(long[] groups) {
    Map<Long, java.util.List<Place>> byGroup = LinkedHashMap.empty();
    for (long id : groups) {
      byGroup = byGroup.put(id, new ArrayList<>());
    }
    for (int part = 0; part < parts.length; part++) {
      long[] own = parts[part].groups();
      for (int g = 0; g < own.length; g++) {
        byGroup.get(own[g]).get().add(new Place(part, g));
      }
    }
    Map<String, double[]> columns = LinkedHashMap.empty();
    for (String name : parts[0].piece().columns().remove(Columns.POSITION)) {
      Column column = new Column(name);
      double[] values =
          switch (parts[0].piece().level(name).get()) {
            case TOKEN -> tokens.stream().mapToDouble(column::at).toArray();
            case SEQUENCE ->
                sequences.entrySet().stream()
                    .mapToDouble(e -> column.one("sequence " + e.getKey().sequence, e.getValue()))
                    .toArray();
            case GROUP ->
                List.ofAll(byGroup)
                    .toJavaStream()
                    .mapToDouble(e -> column.one("group " + e._1, e._2))
                    .toArray();
            default ->
                new double[] {column.one("the batch", List.of(new Place(0, 0), new Place(1, 0)))};
          };
      columns = columns.put(name, values);
    }
    return columns;
  }

  /** A column of both parts. */
  private final class Column {
    private final String name;
    private final double[][] values;

    Column(String name) {
      this.name = name;
      this.values =
          List.of(parts).map(part -> part.piece().column(name).get()).toJavaArray(double[][]::new);
    }

    double at(Place place) {
      return values[place.part][place.index];
    }

    /** The number of one element; a problem where parts disagree. */
    double one(String element, Iterable<Place> places) {
      Seq<Double> values = List.ofAll(places).map(this::at).distinct();
      if (values.size() > 1) {
        report(
            "column",
            name + " of " + element + " given as " + values.mkString(" and "),
            "the same number in each part",
            "one number");
      }
      return values.head();
    }
  }
}

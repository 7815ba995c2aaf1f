package lossmith.proofs.independent;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.Window;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.proofs.independent.loops.Given;
import lossmith.proofs.independent.loops.PlainBatch;

/** A batch cut anywhere, between any two tokens, and read piece by piece. */
final class CutBatch {
  private CutBatch() {}

  /** A piece: which tokens of the batch it has, its matrices, and what it knows so far. */
  @SuppressWarnings("ArrayRecordComponent") // read where it is made, and nowhere else
  private record Piece(
      int[] tokens, Partial part, Matrix logits, Map<String, Matrix> grids, Matrix gradient) {
    Policy policy() {
      return new Policy.Logits(logits, grids, gradient);
    }

    Piece knowing(Partial more) {
      return new Piece(tokens, more, logits, grids, gradient);
    }

    void close() {
      logits.close();
      grids.values().forEach(Matrix::close);
      gradient.close();
    }
  }

  /** Value and gradients of the whole batch, read in pieces. */
  static Found window(
      FusedLoss loss, Map<String, Double> values, PlainBatch numbers, Random random) {
    Seq<Piece> pieces = cut(numbers, random);
    try {
      Partial whole = joined(pieces);
      Window window = loss.window(whole, values);
      for (int pass = 0; pass < window.passes(); pass++) {
        int now = pass;
        Partial before = whole;
        pieces = pieces.map(p -> p.knowing(window.read(now, before, p.part, p.policy()))).toList();
        whole = joined(pieces);
      }
      Window.Closed closed = window.close(whole);
      double[] gradient = new double[numbers.size(Level.Name.VOCABULARY)];
      int width = numbers.vocabulary();
      for (Piece piece : pieces) {
        closed.gradient(piece.part.piece(), piece.policy());
        double[] own = piece.gradient.numbers();
        for (int i = 0; i < piece.tokens.length; i++) {
          System.arraycopy(own, i * width, gradient, piece.tokens[i] * width, width);
        }
      }
      Evaluation found = closed.evaluation();
      return new Found(
          found.value(),
          inOrder(found.gradients(), whole, numbers).put(PlainBatch.LOGITS, gradient));
    } finally {
      pieces.forEach(Piece::close);
    }
  }

  private static Partial joined(Seq<Piece> pieces) {
    return pieces.map(piece -> Partial.of(piece.part.bytes())).reduce(Partial::and);
  }

  /** Gradients of columns as the batch came: the joined parts have an order of their own. */
  private static Map<String, double[]> inOrder(
      Map<String, double[]> gradients, Partial whole, PlainBatch numbers) {
    Samples joined = whole.samples();
    Map<String, double[]> all = LinkedHashMap.empty();
    for (var gradient : gradients) {
      int[] at =
          switch (numbers.levels().get(gradient._1).getOrElse(Level.Name.BATCH)) {
            case TOKEN -> whole.tokens(Given.columns(numbers));
            case SEQUENCE -> places(numbers.layout().ids(), joined.sequenceIds());
            case GROUP ->
                places(
                    IntStream.range(0, numbers.prompts()).asLongStream().toArray(), whole.groups());
            case BATCH, VOCABULARY -> IntStream.range(0, gradient._2.length).toArray();
          };
      all = all.put(gradient._1, Arrays.stream(at).mapToDouble(i -> gradient._2[i]).toArray());
    }
    return all;
  }

  private static int[] places(long[] wanted, long[] all) {
    return Arrays.stream(wanted)
        .mapToInt(
            id -> IntStream.range(0, all.length).filter(i -> all[i] == id).findFirst().orElse(-1))
        .toArray();
  }

  private static Seq<Piece> cut(PlainBatch numbers, Random random) {
    int count = 1 + random.nextInt(3);
    int[] of = random.ints(numbers.tokens(), 0, count).toArray();
    List<Integer> filled = List.ofAll(Arrays.stream(of).boxed().toList()).distinct();
    Seq<Integer> order = random.nextBoolean() ? filled : filled.reverse();
    return order.map(piece -> piece(numbers, of, piece, piece.equals(filled.head()))).toList();
  }

  /** The tokens of a piece and their responses; with the empty responses in one piece. */
  private static Piece piece(PlainBatch numbers, int[] of, int piece, boolean withEmpty) {
    int[] tokens = IntStream.range(0, of.length).filter(t -> of[t] == piece).toArray();
    int[] lengths = numbers.layout().lengths();
    int[] responses =
        IntStream.range(0, numbers.responses())
            .filter(
                s ->
                    Arrays.stream(tokens).anyMatch(t -> numbers.response(t) == s)
                        || (withEmpty && lengths[s] == 0))
            .toArray();
    PlainBatch own = Given.piece(numbers, responses, tokens);
    int[] prompts = Given.prompts(numbers, responses);
    Partial part = Partial.of(Given.columns(own), Arrays.stream(prompts).asLongStream().toArray());
    return new Piece(
        tokens,
        part,
        Given.matrix(own.logits(), tokens.length),
        Given.matrices(own),
        Matrix.zeros(Precision.FLOAT64, tokens.length, numbers.vocabulary()));
  }
}

package lossmith.proofs.subject;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.data.Partial;
import lossmith.dsl.data.Samples;
import lossmith.ops.Compile;
import lossmith.ops.Evaluation;
import lossmith.ops.FusedLoss;
import lossmith.ops.Window;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.proofs.trial.Trials;

/** An objective that reads a few rows of the logits at a time, of a whole batch or of pieces. */
public final class Rowwise implements AutoCloseable {
  /** Rows of a chunk: most cases need several. */
  private static final int ROWS = 4;

  private final FusedLoss loss;

  /** A loss; one of which something is dead is looked at as it is, as a value. */
  Rowwise(Loss loss) {
    this.loss =
        Compile.of(loss.training())
            .precision(Precision.FLOAT64)
            .vocabulary(Trials.WIDTH)
            .rows(ROWS)
            .logits();
  }

  /** The tokens of a piece, and its sequences, some of them without a token. */
  public static final class Cut {
    private final int[] sequences;
    private final int[] tokens;

    private Cut(int[] sequences, int[] tokens) {
      this.sequences = sequences;
      this.tokens = tokens;
    }
  }

  /** A piece and its rows. */
  private record Piece(Cut cut, Partial part, Rows rows) {
    Piece with(Partial other) {
      return new Piece(cut, other, rows);
    }
  }

  /** The matrices of some tokens. */
  private record Rows(Matrix logits, Map<String, Matrix> grids, Matrix gradient)
      implements AutoCloseable {
    static Rows of(Samples samples) {
      return new Rows(
          matrix(samples, BoundLoss.LOGITS),
          samples
              .grids()
              .remove(BoundLoss.LOGITS)
              .toMap(name -> name, name -> matrix(samples, name)),
          Matrix.zeros(Precision.FLOAT64, samples.tokens(), Trials.WIDTH));
    }

    private static Matrix matrix(Samples samples, String name) {
      return Matrix.of(Precision.FLOAT64, samples.grid(name).get());
    }

    Policy.Logits policy() {
      return new Policy.Logits(logits, grids, gradient);
    }

    @Override
    public void close() {
      logits.close();
      grids.values().forEach(Matrix::close);
      gradient.close();
    }
  }

  private static Evaluation with(Evaluation found, double[] entries) {
    return new Evaluation(
        found.value(),
        found.parts(),
        found.metrics(),
        found.gradients().put(BoundLoss.LOGITS, entries),
        found.extras(),
        found.fallbacks());
  }

  /** All rows, a few at a time. */
  public Evaluation whole(Trial trial) {
    try (Rows rows = Rows.of(trial.samples())) {
      Evaluation found = loss.evaluate(trial.samples(), rows.policy(), trial.parameters());
      return with(found, rows.gradient().numbers());
    }
  }

  /** The batch in pieces, joined in their order; none may be without a token. */
  public Evaluation pieces(Trial trial, Seq<Cut> cuts) {
    Seq<Piece> pieces = cuts.map(cut -> piece(trial.samples(), cut)).toList();
    try {
      Partial whole = joined(pieces);
      Window window = loss.window(whole, trial.parameters());
      for (int pass = 0; pass < window.passes(); pass++) {
        int now = pass;
        Partial before = whole;
        pieces =
            pieces.map(p -> p.with(window.read(now, before, p.part, p.rows.policy()))).toList();
        whole = joined(pieces);
      }
      Window.Closed closed = window.close(whole);
      double[] gradient = new double[trial.samples().tokens() * Trials.WIDTH];
      for (Piece piece : pieces) {
        closed.gradient(piece.part.piece(), piece.rows.policy());
        double[] own = piece.rows.gradient().numbers();
        for (int i = 0; i < piece.cut.tokens.length; i++) {
          int to = piece.cut.tokens[i] * Trials.WIDTH;
          System.arraycopy(own, i * Trials.WIDTH, gradient, to, Trials.WIDTH);
        }
      }
      return with(closed.evaluation(), gradient);
    } finally {
      pieces.forEach(piece -> piece.rows.close());
    }
  }

  private static Partial joined(Seq<Piece> pieces) {
    return pieces.map(piece -> Partial.of(piece.part.bytes())).reduce(Partial::and);
  }

  private static Piece piece(Samples samples, Cut cut) {
    Samples own = Batches.of(samples, cut.sequences, cut.tokens);
    int[] groups = Batches.groups(samples, cut.sequences);
    Partial part = Partial.of(own, Arrays.stream(groups).asLongStream().toArray());
    return new Piece(cut, part, Rows.of(own));
  }

  /** Every token and every sequence without one, in one of some pieces. */
  public static Seq<Cut> cuts(Samples samples, int[] pieceOfToken, int[] pieceOfEmpty, int count) {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int sequences = samples.size(Level.Name.SEQUENCE);
    return List.range(0, count)
        .map(
            piece -> {
              int[] tokens =
                  IntStream.range(0, of.length).filter(t -> pieceOfToken[t] == piece).toArray();
              boolean[] own = new boolean[sequences];
              Arrays.stream(tokens).forEach(t -> own[of[t]] = true);
              boolean[] filled = new boolean[sequences];
              Arrays.stream(of).forEach(s -> filled[s] = true);
              int[] all =
                  IntStream.range(0, sequences)
                      .filter(s -> own[s] || (!filled[s] && pieceOfEmpty[s] == piece))
                      .toArray();
              return new Cut(all, tokens);
            })
        .filter(cut -> cut.tokens.length > 0);
  }

  @Override
  public void close() {
    loss.close();
  }
}

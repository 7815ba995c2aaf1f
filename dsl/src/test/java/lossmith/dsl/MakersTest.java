package lossmith.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every maker of terms refuses numbers that mean nothing there, in words, when they are written.
 */
final class MakersTest {
  private static final Detached<Token> X = Terms.given("x", Axis.TOKEN);
  private static final Term<Token> LIVE = Terms.logProb();
  private static final double INF = Double.POSITIVE_INFINITY;

  private static String refused(Supplier<?> making) {
    return String.valueOf(
        assertThrows(ProblemException.class, () -> assertEquals("nothing", making.get()))
            .getMessage());
  }

  private static void refuses(String code, Supplier<?> making) {
    String message = refused(making);
    assertTrue(message.startsWith(code + ": got "), message);
  }

  private static Parameter parameter(String name, double low, double high) {
    return Terms.parameter(name, low, low, high);
  }

  private static Detached<Batch> constant(double value) {
    return Terms.constant(value, Axis.BATCH);
  }

  @Test
  void widthsAroundOneAreNotNegative() {
    assertTrue(refused(() -> Clip.around(-0.2, 0.28)).contains("around 1, low = -0.2"));
    refuses("clip", () -> Clip.around(0.2, -0.1));
    refuses("clip", () -> Clip.around(Double.NaN, 0.2));
    refuses("clip", () -> Clip.around(0.2, Double.NaN));
    assertEquals(2, refused(() -> Clip.around(-1, -1)).lines().count());
    refuses("clip", () -> Clip.around(parameter("low", -0.1, 1), parameter("high", 0, 1)));
    refuses("clip", () -> Clip.around(parameter("low", 0, 1), parameter("high", -1, 1)));
    Clip all = Clip.around(parameter("low", 0, 1), parameter("high", 0, 10));
    assertEquals(all, all);
  }

  @Test
  void boundsDoNotCross() {
    refuses("clip", () -> Clip.between(1, 0.5));
    refuses("clip", () -> Clip.between(Double.NaN, 1));
    refuses("clip", () -> Clip.between(constant(2), constant(1)));
    refuses("clip", () -> new Clip(constant(2), constant(1)));
    refuses("clip", () -> Clip.between(parameter("a", 0, 1), parameter("b", 0.5, 2)));
    refuses("clip", () -> Clip.between(parameter("a", 0, 1), parameter("b", 0, 1).negated()));
    refuses("clip", () -> Clip.atMost(constant(-INF)).equals(Clip.between(INF, -INF)));
    refuses(
        "clip", () -> X.clipBetween(Terms.constant(1, Axis.TOKEN), Terms.constant(0, Axis.TOKEN)));
    refuses(
        "clip",
        () ->
            Nodes.clip(
                LIVE.node(),
                Nodes.broadcast(parameter("a", 1, 2).node(), Level.Name.TOKEN),
                Nodes.constant(0, Level.Name.TOKEN)));
    Parameter width = parameter("width", 0, 1);
    Clip symmetric = Clip.between(width.negated(), width);
    Clip scaled = Clip.between(constant(1e-8).log(), constant(2).scaledBy(parameter("k", 1, 3)));
    Clip data = Clip.between(X.mean(Over.ALL_TOKENS), constant(0));
    assertEquals(symmetric, symmetric);
    assertEquals(scaled, scaled);
    assertEquals(data, data);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void factorsAndOffsetsAreFinite(double x) {
    refuses("constant", () -> LIVE.scaledBy(x));
    refuses("constant", () -> LIVE.shiftedBy(x));
    refuses("constant", () -> X.scaledBy(x));
    refuses("constant", () -> X.shiftedBy(x));
    refuses("sign", () -> Terms.minimise(LIVE.mean(Over.ALL_TOKENS)).scaledBy(x));
  }

  @Test
  void aLossKeepsItsSign() {
    Loss loss = Terms.minimise(LIVE.mean(Over.ALL_TOKENS));
    refuses("sign", () -> loss.scaledBy(-1));
    refuses("sign", () -> loss.scaledBy(parameter("beta", -1, 1)));
    assertEquals(1, loss.scaledBy(parameter("beta", 0, 1)).parts().size());
  }

  @Test
  void sharesAreSharesAndNumbersAreNumbers() {
    for (double fraction : new double[] {-0.1, 1.1, INF}) {
      Detached<Sequence> wrong = Terms.constant(fraction, Axis.SEQUENCE);
      refuses("range", () -> X.quantile(wrong, Over.TOKENS));
    }
    refuses("range", () -> X.quantile(parameter("fraction", 0, 1.5), Over.ALL_TOKENS));
    refuses("range", () -> X.topFraction(parameter("fraction", -0.5, 1), 1, Over.ALL_TOKENS));
    refuses("range", () -> X.topFraction(parameter("fraction", 0, 2), 1, Over.ALL_TOKENS));
    refuses("range", () -> X.topFraction(parameter("fraction", 0, 1), -1, Over.ALL_TOKENS));
    refuses("range", () -> X.top(constant(-1), Over.ALL_TOKENS));
    refuses("range", () -> X.top(constant(2.5), Over.ALL_TOKENS));
    refuses("range", () -> X.top(parameter("k", -1, 3), Over.ALL_TOKENS));
  }

  @Test
  void degreesOfFreedomAreNotNegative() {
    refuses("ddof", () -> X.std(Over.TOKENS, -1));
    refuses("ddof", () -> LIVE.std(Over.TOKENS, -1));
    refuses(
        "ddof", () -> Nodes.reduce(ReduceOp.MEAN, X.node(), Level.Name.SEQUENCE, 1, Option.none()));
  }

  @Test
  void constantsAreNumbers() {
    refuses("constant", () -> constant(Double.NaN));
    refuses("constant", () -> Terms.next(X, Double.NaN));
    refuses("constant", () -> Terms.previous(LIVE, Double.NaN));
    refuses("constant", () -> constant(-1).log());
    refuses("constant", () -> constant(-1).sqrt());
    refuses("constant", () -> constant(-2).log1p());
    refuses("constant", () -> constant(0.5).log1mExp());
    refuses("constant", () -> parameter("x", -3, -1).log());
    refuses("constant", () -> X.dividedBy(Terms.constant(0, Axis.TOKEN)));
    refuses("constant", () -> LIVE.dividedBy(Terms.constant(0, Axis.TOKEN)));
    assertEquals(Level.Name.BATCH, constant(0).log().level()); // log 0 is a bound
  }

  @Test
  void rangesHoldTheirDefault() {
    refuses("range", () -> Terms.parameter("x", 2, 0, 1));
    refuses("range", () -> Terms.parameter("x", Double.NaN, 0, 1));
    refuses("range", () -> Terms.parameter("x", 0, 1, -1));
    refuses("range", () -> Terms.parameter("x", 0, Double.NaN, 1));
  }

  @Test
  void namesAreWords() {
    refuses("name", () -> Terms.parameter(" ", 0, 0, 1));
    refuses("name", () -> Terms.given("", Axis.TOKEN));
    refuses("name", () -> Terms.trainable("", Axis.BATCH));
    refuses("name", () -> X.as(""));
  }
}

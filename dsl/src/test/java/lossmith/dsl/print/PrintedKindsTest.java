package lossmith.dsl.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.Range;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import org.junit.jupiter.api.Test;

/**
 * Kinds that no arithmetic reads back: a function by its name, under it the index of what it runs
 * over (v entries, t tokens, i responses, g prompts), then the condition that narrows it.
 *
 * <p>Long because every kind of node is printed here once.
 */
final class PrintedKindsTest {
  private static final Level.Name TOKEN = Level.Name.TOKEN;
  private static final Level.Name SEQUENCE = Level.Name.SEQUENCE;
  private static final Level.Name GROUP = Level.Name.GROUP;
  private static final Level.Name BATCH = Level.Name.BATCH;
  private static final Level.Name ENTRY = Level.Name.VOCABULARY;
  private static final Node A = Nodes.given("a", TOKEN);
  private static final Node K = Nodes.given("k", TOKEN);
  private static final Node S = Nodes.given("s", SEQUENCE);
  private static final Node LOG_PI = Nodes.trained("log_pi", ENTRY);
  private static final Option<Node> KEPT =
      Option.some(Nodes.compare(CompareOp.BELOW, Nodes.constant(0, TOKEN), K));
  private static final Option<Node> ALL = Option.none();

  private static void prints(Node node, String unicode, String latex) {
    assertEquals(unicode, Formula.unicode(node));
    String display = Formula.latex(node);
    assertEquals("\\begin{aligned}\n" + latex + "\n\\end{aligned}", display);
  }

  private static Node reduce(ReduceOp op, Node of, Level.Name to, int ddof, Option<Node> where) {
    return Nodes.reduce(op, of, to, ddof, where);
  }

  @Test
  void reductionsNameWhatTheyRunOver() {
    prints(reduce(ReduceOp.MAX, A, SEQUENCE, 0, ALL), "max_t(a)", "\\max_{t}\\left(a\\right)");
    prints(reduce(ReduceOp.MIN, A, GROUP, 0, ALL), "min_{i,t}(a)", "\\min_{i,t}\\left(a\\right)");
    prints(
        reduce(ReduceOp.STD, A, SEQUENCE, 0, ALL),
        "std_t(a)",
        "\\operatorname{std}_{t}\\left(a\\right)");
    prints(
        reduce(ReduceOp.STD, S, GROUP, 1, ALL),
        "std_i(s, ddof 1)",
        "\\operatorname{std}_{i}\\left(s, \\text{ddof 1}\\right)");
    prints(
        reduce(ReduceOp.ULP, A, SEQUENCE, 0, ALL),
        "ulp_t(a)",
        "\\operatorname{ulp}_{t}\\left(a\\right)");
    prints(
        reduce(ReduceOp.MAX, A, SEQUENCE, 0, KEPT),
        "max_{t: k > 0}(a)",
        "\\max_{t: k > 0}\\left(a\\right)");
    prints(reduce(ReduceOp.MAX, S, BATCH, 0, ALL), "max_{g,i}(s)", "\\max_{g,i}\\left(s\\right)");
  }

  @Test
  void aConditionIsReadByItsName() {
    Node kept = Nodes.named(KEPT.get(), "kept");
    prints(
        Nodes.select(Nodes.not(kept), A, Nodes.constant(0, TOKEN)),
        "1[¬kept]·a\n  where kept ⇔ k > 0",
        "\\mathbf{1}[\\neg \\text{kept}] \\cdot a \\\\\n"
            + "\\text{where } \\text{kept} &\\iff k > 0");
    prints(
        Nodes.select(Nodes.and(kept, Nodes.not(kept)), A, Nodes.constant(0, TOKEN)),
        "1[kept ∧ ¬kept]·a\n  where kept ⇔ k > 0",
        "\\mathbf{1}[\\text{kept} \\wedge \\neg \\text{kept}] \\cdot a \\\\\n"
            + "\\text{where } \\text{kept} &\\iff k > 0");
  }

  @Test
  void meansDivideByHowManyThereAre() {
    Node prompts = Nodes.given("q", GROUP);
    Node entry = Nodes.given("u", ENTRY);
    String big = "\\frac{1}{\\sum |y|} \\sum_{i,t} a";
    prints(reduce(ReduceOp.MEAN, A, BATCH, 0, ALL), "(1/Σ|y|) Σ_{i,t} a", big);
    prints(
        reduce(ReduceOp.MEAN, A, GROUP, 0, ALL),
        "(1/Σ_i|y_i|) Σ_{i,t} a",
        "\\frac{1}{\\sum_{i}|y_i|} \\sum_{i,t} a");
    prints(
        reduce(ReduceOp.MEAN, S, BATCH, 0, ALL),
        "(1/ΣG) Σ_{g,i} s",
        "\\frac{1}{\\sum G} \\sum_{g,i} s");
    prints(reduce(ReduceOp.MEAN, S, GROUP, 0, ALL), "(1/G) Σ_i s", "\\frac{1}{G} \\sum_{i} s");
    prints(
        reduce(ReduceOp.MEAN, prompts, BATCH, 0, ALL), "(1/N) Σ_g q", "\\frac{1}{N} \\sum_{g} q");
    prints(
        reduce(ReduceOp.MEAN, entry, TOKEN, 0, ALL), "(1/|V|) Σ_v u", "\\frac{1}{|V|} \\sum_{v} u");
  }

  @Test
  void orderStatistics() {
    Node half = Nodes.constant(0.5, SEQUENCE);
    prints(
        Nodes.quantile(A, half, SEQUENCE, ALL),
        "quantile_t(a, 0.5)",
        "\\operatorname{quantile}_{t}\\left(a, 0.5\\right)");
    prints(
        Nodes.quantile(A, half, SEQUENCE, KEPT),
        "quantile_{t: k > 0}(a, 0.5)",
        "\\operatorname{quantile}_{t: k > 0}\\left(a, 0.5\\right)");
    prints(Nodes.rank(A, SEQUENCE, ALL), "rank_t(a)", "\\operatorname{rank}_{t}\\left(a\\right)");
    prints(
        Nodes.permute(A, K, SEQUENCE, false),
        "sorted_by_t(a, k)",
        "\\operatorname{sorted\\_by}_{t}\\left(a, k\\right)");
    prints(
        Nodes.permute(A, K, GROUP, true),
        "unsorted_by_{i,t}(a, k)",
        "\\operatorname{unsorted\\_by}_{i,t}\\left(a, k\\right)");
    prints(
        Nodes.sumByKey(A, K, SEQUENCE, false),
        "sum_by_key_t(a, k)",
        "\\operatorname{sum\\_by\\_key}_{t}\\left(a, k\\right)");
    prints(
        Nodes.sumByKey(A, K, GROUP, true),
        "cumulative_sum_{i,t}(a, k)",
        "\\operatorname{cumulative\\_sum}_{i,t}\\left(a, k\\right)");
  }

  @Test
  void neighboursAndRecurrences() {
    prints(
        Nodes.neighbour(A, Direction.BACKWARD, 0),
        "next(a, 0)",
        "\\operatorname{next}\\left(a, 0\\right)");
    prints(
        Nodes.neighbour(A, Direction.FORWARD, 0.5),
        "previous(a, 0.5)",
        "\\operatorname{previous}\\left(a, 0.5\\right)");
    prints(
        Nodes.scan(A, K, Direction.FORWARD),
        "S_t\n  where S_t = a + k·S_{t-1}",
        "S_t \\\\\n\\text{where } S_t &= a + k \\cdot S_{t-1}");
    Node twice = Nodes.scan(Nodes.scan(A, K, Direction.FORWARD), K, Direction.BACKWARD);
    assertEquals(
        "S'_t\n  where S_t = a + k·S_{t-1}\n  where S'_t = S_t + k·S'_{t+1}",
        Formula.unicode(twice));
  }

  @Test
  void countsAreSizesUnlessNarrowed() {
    Node perToken = Nodes.broadcast(Nodes.count(TOKEN, SEQUENCE, ALL), TOKEN);
    Node narrowed = Nodes.broadcast(Nodes.count(TOKEN, SEQUENCE, KEPT), TOKEN);
    prints(Nodes.binary(BinaryOp.DIVIDE, A, perToken), "(1/|y_i|)·a", "\\frac{1}{|y_i|} \\cdot a");
    prints(
        Nodes.binary(BinaryOp.DIVIDE, A, narrowed),
        "(1/(Σ_t 1[k > 0]))·a",
        "\\frac{1}{\\sum_{t} \\mathbf{1}[k > 0]} \\cdot a");
    assertEquals("(Σ_t 1[k > 0])·a", Formula.unicode(Nodes.binary(BinaryOp.TIMES, narrowed, A)));
  }

  /** H(π) = −Σ_v π(v) log π(v), however its sign is written. */
  @Test
  void theEntropyIsH() {
    Node plogp = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, LOG_PI);
    Node sum = reduce(ReduceOp.SUM, plogp, TOKEN, 0, ALL);
    prints(Nodes.unary(UnaryOp.NEGATE, sum), "H(π)", "H\\left(\\pi\\right)");
    prints(sum, "-H(π)", "-H\\left(\\pi\\right)");
    Node inside = Nodes.unary(UnaryOp.NEGATE, plogp);
    prints(reduce(ReduceOp.SUM, inside, TOKEN, 0, ALL), "H(π)", "H\\left(\\pi\\right)");
    Node deeper = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, Nodes.unary(UnaryOp.NEGATE, LOG_PI));
    prints(reduce(ReduceOp.SUM, deeper, TOKEN, 0, ALL), "H(π)", "H\\left(\\pi\\right)");
    Node other = Nodes.given("ref_log_pi", ENTRY);
    Node cross = Nodes.binary(BinaryOp.PROB_TIMES, LOG_PI, other);
    prints(
        reduce(ReduceOp.SUM, cross, TOKEN, 0, ALL),
        "Σ_v π(v)·log π_ref(v)",
        "\\sum_{v} \\pi(v) \\cdot \\log \\pi_{\\text{ref}}(v)");
  }

  /** π(v)^a is e^(a log π(v)) for a > 0. */
  @Test
  void powersOfThePolicy() {
    Node two = Nodes.constant(2, ENTRY);
    Node minus = Nodes.constant(-2, ENTRY);
    Node doubled = Nodes.binary(BinaryOp.TIMES, LOG_PI, two);
    prints(Nodes.unary(UnaryOp.EXP, doubled), "π(v)^2", "\\pi(v)^2");
    assertEquals(
        "exp(-2·log π(v))",
        Formula.unicode(Nodes.unary(UnaryOp.EXP, Nodes.binary(BinaryOp.TIMES, LOG_PI, minus))));
    Node u = Nodes.given("u", ENTRY);
    assertEquals(
        "exp(2·u)",
        Formula.unicode(Nodes.unary(UnaryOp.EXP, Nodes.binary(BinaryOp.TIMES, u, two))));
    prints(Nodes.unary(UnaryOp.EXP, Nodes.gather(LOG_PI)), "π(y_t)", "\\pi(y_t)");
    prints(Nodes.gather(u), "sampled(u)", "\\operatorname{sampled}\\left(u\\right)");
  }

  @Test
  void partsAndParametersAndNumbers() {
    Node coefficient = Nodes.broadcast(Nodes.parameter("kl_coef", new Range(0.1, 0, 1)), TOKEN);
    prints(Nodes.binary(BinaryOp.TIMES, A, coefficient), "kl_coef·a", "\\text{kl\\_coef} \\cdot a");
    Node tiny = Nodes.constant(1e-8, TOKEN);
    prints(Nodes.binary(BinaryOp.PLUS, A, tiny), "a + 1e-8", "a + 10^{-8}");
    Node large = Nodes.constant(-3e20, TOKEN);
    prints(Nodes.binary(BinaryOp.PLUS, A, large), "a - 3e20", "a - 3 \\times 10^{20}");
    prints(Nodes.constant(Double.NEGATIVE_INFINITY, TOKEN), "-∞", "-\\infty");
    Node key = Nodes.parameter("seed", new Range(1, 0, 9));
    Node step = Nodes.parameter("step", new Range(1, 0, 9));
    prints(
        Nodes.uniform(key, step),
        "uniform(seed, step)",
        "\\operatorname{uniform}\\left(\\text{seed}, \\text{step}\\right)");
  }

  /**
   * The slope of the ratio is the ratio below the bound where it saturates, and a remark says so.
   */
  @Test
  void theSaturatedSlopeHasARemark() {
    Node slope = Nodes.unary(UnaryOp.EXP_SLOPE, A);
    prints(
        slope,
        "exp(a)\nexp saturates at ±700 (float64), ±80 (float32); its slope is 0 there",
        "\\exp\\left(a\\right) \\\\\n&\\text{exp saturates at $\\pm$700 (float64), $\\pm$80"
            + " (float32); its slope is 0 there}");
  }

  @Test
  void listedKinds() {
    assertEquals(
        """
        %1 = given a : token
        %2 = given k : token
        %3 = sorted_by(%1, %2) within sequence : token
        %4 = unsorted_by(%3, %2) within sequence : token
        %5 = sum_by_key(%4, %2) within group : token
        %6 = next(%5, 0.5) : token
        %7 = previous(%6, -1) : token
        %8 = scan_forward(%7, %2) : token
        %9 = cumulative_sum(%8, %2) within batch : token
        %10 = rank(%9) within sequence : token
        """,
        Listing.of(
            Nodes.rank(
                Nodes.sumByKey(
                    Nodes.scan(
                        Nodes.neighbour(
                            Nodes.neighbour(
                                Nodes.sumByKey(
                                    Nodes.permute(
                                        Nodes.permute(A, K, SEQUENCE, false), K, SEQUENCE, true),
                                    K,
                                    GROUP,
                                    false),
                                Direction.BACKWARD,
                                0.5),
                            Direction.FORWARD,
                            -1),
                        K,
                        Direction.FORWARD),
                    K,
                    BATCH,
                    true),
                SEQUENCE,
                ALL)));
    Node half = Nodes.constant(0.5, SEQUENCE);
    assertEquals(
        """
        %1 = given a : token
        %2 = given k : token
        %3 = 0 < %2 : token condition
        %4 = quantile(%1, 0.5) where %3 : sequence
        """,
        Listing.of(Nodes.quantile(A, half, SEQUENCE, KEPT)));
    assertEquals("%1 = count(token) : batch\n", Listing.of(Nodes.count(TOKEN, BATCH, ALL)));
    assertEquals("2\n", Listing.of(Nodes.constant(2, BATCH)));
    Node never = Nodes.truth(false, TOKEN);
    assertEquals(
        """
        %1 = sampled : vocabulary condition
        %2 = not(%1) : vocabulary condition
        """,
        Listing.of(Nodes.not(Nodes.sampled())));
    assertEquals(
        """
        %1 = given k : token
        %2 = 0 < %1 : token condition
        %3 = and(%2, false) : token condition
        %4 = select(%3, %1, 0) : token
        """,
        Listing.of(
            Nodes.select(Nodes.logic(true, KEPT.get(), never), K, Nodes.constant(0, TOKEN))));
  }

  @Test
  void aConditionAloneIsItsText() {
    Node k = KEPT.get();
    prints(k, "k > 0", "k > 0");
    prints(Nodes.not(k), "k ≤ 0", "k \\le 0");
  }

  @Test
  void partsOfALossAreNamed() {
    Loss two =
        Terms.minimise(Terms.logProb().mean(Over.ALL_TOKENS))
            .as("policy")
            .plus(Terms.minimise(Terms.entropy().mean(Over.ALL_TOKENS)).as("entropy"));
    assertEquals(
        "L_policy = (1/Σ|y|) Σ_{i,t} log π(y_t)\nL_entropy = (1/Σ|y|) Σ_{i,t} H(π)",
        Formula.unicode(two));
    assertTrue(Formula.latex(two).contains("L_{\\text{policy}} &= "), Formula.latex(two));
  }

  @Test
  void slopesAreFractions() {
    assertEquals("∂L/∂log π(v) = u", Formula.unicode("log_pi", Nodes.given("u", ENTRY)));
    assertEquals(
        "\\begin{aligned}\n\\frac{\\partial L}{\\partial z_v} &= u\n\\end{aligned}",
        Formula.latex("logits", Nodes.given("u", ENTRY)));
    assertEquals("∂L/∂value = a", Formula.unicode("value", A));
  }

  @Test
  void whatIsNarrowedSaysSoInTheListing() {
    String kept = "%1 = given k : token\n%2 = 0 < %1 : token condition\n";
    assertEquals(
        kept + "%3 = count(token) where %2 : sequence\n",
        Listing.of(Nodes.count(TOKEN, SEQUENCE, KEPT)));
    assertEquals(
        kept + "%3 = rank(%1) within sequence where %2 : token\n",
        Listing.of(Nodes.rank(K, SEQUENCE, KEPT)));
  }
}

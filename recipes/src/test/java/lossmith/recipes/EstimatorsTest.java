package lossmith.recipes;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.reward;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.recipes.advantage.Alone;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.Earned;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.GpgAdvantage;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Opo;
import lossmith.recipes.advantage.OptimalTokenBaseline;
import lossmith.recipes.advantage.PassAtK;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.advantage.Whitening;
import org.junit.jupiter.api.Test;

/** Advantage estimators by hand and by their identities. */
class EstimatorsTest {
  private static final Detached<Token> R = given(Columns.TOKEN_REWARD, TOKEN);
  private static final Detached<Token> V = given(Columns.VALUE, TOKEN);
  private static final Condition<Token> ACTS = given("acts", TOKEN).positive();

  private static double[] of(Detached<?> term, Samples samples) {
    return new Reference(samples, HashMap.empty()).of(term.node());
  }

  /** One group of four responses of one token each, and a response that is alone. */
  private static Samples rewards(double... rewards) {
    int[] lengths = new int[rewards.length + 1];
    Arrays.fill(lengths, 1);
    int[] groups = new int[rewards.length + 1];
    groups[rewards.length] = 1;
    double[] all = Arrays.copyOf(rewards, rewards.length + 1);
    all[rewards.length] = 5;
    return new SamplesBuilder(lengths, groups)
        .column(Columns.REWARD, Level.Name.SEQUENCE, all)
        .build();
  }

  private static Samples walk(double[] reward, double[] value, double[] acts) {
    return new SamplesBuilder(new int[] {reward.length}, new int[] {0})
        .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, reward)
        .column(Columns.VALUE, Level.Name.TOKEN, value)
        .column("acts", Level.Name.TOKEN, acts)
        .build();
  }

  @Test
  void leaveOneOutComparesWithTheOthers() {
    // 1 − (0 + 0 + 1)/3, 0 − (1 + 0 + 1)/3, …; nothing to compare the last with
    assertArrayEquals(
        new double[] {2 / 3.0, -2 / 3.0, -2 / 3.0, 2 / 3.0, 0},
        of(LeaveOneOut.of(reward()), rewards(1, 0, 0, 1)),
        1e-15);
    assertEquals(5, of(LeaveOneOut.keepingSingle(reward()), rewards(1, 0))[2]);
  }

  @Test
  void centredRewardsSumToZeroInAGroup() {
    assertArrayEquals(
        new double[] {0.75, -0.25, -0.25, -0.25, 0},
        of(Centred.of(reward()), rewards(1, 0, 0, 0)),
        1e-15);
    assertEquals(5, of(Alone.keeps(reward(), Centred.of(reward())), rewards(1, 0))[2]);
  }

  @Test
  void opoWeighsTheBaselineByLength() {
    Samples samples =
        new SamplesBuilder(new int[] {3, 1}, new int[] {0, 0})
            .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {1, 0})
            .build();
    // baseline (3 · 1 + 1 · 0)/4
    assertArrayEquals(new double[] {0.25, -0.75}, of(Opo.of(reward()), samples), 1e-15);
  }

  @Test
  void passAtKGivesTheLeadToTheBest() {
    assertArrayEquals(
        new double[] {0, 2, 0, 0},
        Arrays.copyOf(of(PassAtK.lead(reward()), rewards(1, 5, 3, 0)), 4));
    assertArrayEquals(
        new double[] {0, 0, 0}, Arrays.copyOf(of(PassAtK.lead(reward()), rewards(4, 4, 1)), 3));
    // std of (1, 3) with n − 1 is √2
    assertArrayEquals(
        new double[] {0, 2 / Math.sqrt(2)},
        Arrays.copyOf(of(PassAtK.normalised(reward(), 0), rewards(1, 3)), 2),
        1e-15);
  }

  @Test
  void gpgGrowsWhereFewAreRewarded() {
    // 3 responses, 1 to another prompt: 2 to a prompt whose rewards differ, 2 with another than 0
    assertArrayEquals(
        new double[] {0.75, -0.75, 0},
        of(GpgAdvantage.of(reward(), Centred.of(reward())), rewards(1, 0)),
        1e-15);
    assertArrayEquals(
        new double[] {0, 0, 0},
        of(GpgAdvantage.of(reward(), Centred.of(reward())), rewards(1, 1)),
        0);
    assertArrayEquals(
        new double[] {0.375, -0.375, 0},
        of(GpgAdvantage.ofRewarded(reward(), Centred.of(reward()), 2), rewards(1, 0)),
        1e-15);
  }

  @Test
  void returnsAreDiscountedAndCarriedOverWhatThePolicyDidNotChoose() {
    Samples samples = walk(new double[] {1, 7, 2}, new double[3], new double[] {1, 0, 1});
    assertArrayEquals(new double[] {1 + 0.5 * (7 + 1), 8, 2}, of(Returns.of(R, 0.5), samples));
    // the tool's reward, 7, was earned by the token before it
    assertArrayEquals(new double[] {8 + 0.5 * 2, 2, 2}, of(Returns.of(R, 0.5, ACTS), samples));
    assertArrayEquals(
        new double[] {0.5, 1, 1},
        of(
            Returns.of(R, 0.5, ACTS),
            walk(new double[] {0, 0, 1}, new double[3], new double[] {1, 0, 1})));
  }

  @Test
  void gaeAtLambdaOneIsTheReturnLessTheValue() {
    Random random = new Random(3);
    double[] reward = random.doubles(6).toArray();
    double[] value = random.doubles(6).toArray();
    Samples samples = walk(reward, value, new double[] {1, 1, 1, 1, 1, 1});
    assertArrayEquals(
        of(Returns.of(R, 0.9).minus(V), samples), of(Gae.of(R, V, 0.9, 1), samples), 1e-14);
    assertArrayEquals(
        of(Gae.of(R, V, 0.9, 0.8), samples), of(Gae.of(R, V, 0.9, 0.8, ACTS), samples), 1e-14);
  }

  /** Rewards at tools are added, in a loop, to the policy's token before, or to its first. */
  private static double[] earned(double[] reward, double[] acts) {
    double[] earned = new double[reward.length];
    int first = 0;
    while (first < acts.length && acts[first] == 0) {
      first++;
    }
    int own = first;
    for (int t = 0; t < reward.length && first < acts.length; t++) {
      own = acts[t] > 0 ? t : own;
      earned[own] += reward[t];
    }
    return earned;
  }

  @Test
  void aToolsRewardBelongsToThePolicysTokenBeforeIt() {
    // [a t t a t] and [t t a t], a response whose first tokens are not the policy's, and [t t]
    Samples samples =
        new SamplesBuilder(new int[] {5, 4, 2}, new int[] {0, 0, 0})
            .column(
                Columns.TOKEN_REWARD,
                Level.Name.TOKEN,
                new double[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})
            .column("acts", Level.Name.TOKEN, new double[] {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0})
            .build();
    assertArrayEquals(
        new double[] {7, 0, 0, 24, 0, 0, 0, 480, 0, 0, 0}, of(Earned.of(R, ACTS), samples));
  }

  @Test
  void gaeIsItsRecursionOverTheTokensThatThePolicyChose() {
    Random random = new Random(5);
    for (int draw = 0; draw < 50; draw++) {
      int n = 1 + random.nextInt(7);
      double[] reward = random.doubles(n, -1, 1).toArray();
      double[] value = random.doubles(n, -1, 1).toArray();
      double[] acts = random.ints(n, 0, 2).asDoubleStream().toArray();
      double behind = random.nextDouble();
      double[] earned = earned(reward, acts);
      double[] expected = new double[n];
      double[] returns = new double[n];
      double nextValue = behind;
      double last = 0;
      double toGo = 0;
      for (int t = n - 1; t >= 0; t--) {
        if (acts[t] > 0) {
          last = earned[t] + 0.9 * nextValue - value[t] + 0.9 * 0.8 * last;
          nextValue = value[t];
          toGo = earned[t] + 0.9 * toGo;
        }
        expected[t] = last;
        returns[t] = toGo;
      }
      Samples samples = walk(reward, value, acts);
      Detached<Token> gae = Gae.of(R, V, 0.9, 0.8, ACTS, constant(behind, SEQUENCE));
      assertArrayEquals(expected, of(gae, samples), 1e-14);
      assertArrayEquals(returns, of(Returns.of(R, 0.9, ACTS), samples), 1e-14);
    }
  }

  @Test
  void aRewardOnAToolTokenDoesNotVanish() {
    Samples samples =
        walk(new double[] {0, 0, 1}, new double[] {0.1, 0.2, 0}, new double[] {1, 1, 0});
    assertArrayEquals(
        new double[] {-0.1, 0.8},
        Arrays.copyOf(of(Gae.of(R, V, 0, 0.95, ACTS), samples), 2),
        1e-15);
  }

  /** a a t t a, as if the tools' tokens were not there. */
  @Test
  void toolsNeitherDiscountNorCutNorHaveAValue() {
    double[] acts = {1, 1, 0, 0, 1};
    Samples samples = walk(new double[] {0, 0, 0, 0, 1}, new double[] {0.1, 0.2, 9, 9, 0.3}, acts);
    double[] a = of(Gae.of(R, V, 1, 0.95, ACTS), samples);
    assertArrayEquals(new double[] {0.82675, 0.765, 0.7}, new double[] {a[0], a[1], a[4]}, 1e-14);
  }

  /** γ = 1, λ = 0: behind the last token lies the end, or the value of the state that was cut. */
  @Test
  void behindACutTheValueGoesOn() {
    Samples samples =
        new SamplesBuilder(new int[] {2, 2}, new int[] {0, 0})
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[4])
            .column(Columns.VALUE, Level.Name.TOKEN, new double[] {0.5, 0.4, 0.5, 0.4})
            .column("acts", Level.Name.TOKEN, new double[] {1, 1, 1, 1})
            .column(Columns.FINISHED, Level.Name.SEQUENCE, new double[] {1, 0})
            .column("next_value", Level.Name.SEQUENCE, new double[] {0.6, 0.6})
            .build();
    Detached<Sequence> behind =
        Gae.behindCut(given(Columns.FINISHED, SEQUENCE), given("next_value", SEQUENCE));
    assertArrayEquals(
        new double[] {-0.1, -0.4, -0.1, 0.2}, of(Gae.of(R, V, 1, 0, ACTS, behind), samples), 1e-15);
    assertArrayEquals(
        new double[] {-0.1, -0.4, -0.1, -0.4}, of(Gae.of(R, V, 1, 0, ACTS), samples), 1e-15);
    assertArrayEquals(
        new double[] {-0.1, -0.4, -0.1, -0.4}, of(Gae.of(R, V, 1, 0), samples), 1e-15);
  }

  @Test
  void whiteningLeavesMeanZeroAndVarianceOne() {
    Samples samples = walk(new double[] {1, 2, 4, 100}, new double[4], new double[] {1, 1, 1, 0});
    double[] x = of(Whitening.unbiased(R, ACTS), samples);
    assertEquals(0, x[0] + x[1] + x[2], 1e-7);
    assertEquals(2, x[0] * x[0] + x[1] * x[1] + x[2] * x[2], 1e-6); // n − 1 = 2
    double[] y = of(Whitening.biased(R, ACTS), samples);
    assertEquals(0, y[0] + y[1] + y[2], 1e-14);
    assertEquals(3, y[0] * y[0] + y[1] * y[1] + y[2] * y[2], 1e-14);
  }

  @Test
  void theOptimalBaselineOfAPositionIsTheWeightedMeanOfTheReturnsThere() {
    Samples samples =
        new SamplesBuilder(new int[] {2, 1, 1}, new int[] {0, 0, 1})
            .column(Columns.TOKEN_REWARD, Level.Name.TOKEN, new double[] {0, 1, 3, 7})
            .column("w", Level.Name.TOKEN, new double[] {1, 2, 3, 1})
            .build();
    Detached<Token> returns = Returns.of(R, 1);
    Detached<Token> w = given("w", TOKEN);
    double[] a =
        of(
            OptimalTokenBaseline.of(returns, w, position(), OptimalTokenBaseline.alone(), 0, false),
            samples);
    // position 0: (1·1 + 3·3)/(1 + 3) = 2.5; position 1: the return itself; alone: no baseline
    assertArrayEquals(new double[] {1 - 2.5, 0, 3 - 2.5, 7}, a, 1e-15);
    double[] tail =
        of(
            OptimalTokenBaseline.of(returns, w, position(), OptimalTokenBaseline.alone(), 0, true),
            samples);
    assertArrayEquals(new double[] {-1.5, 1, 0.5, 7}, tail, 1e-15);
  }

  @Test
  void theScoreNormOfAnEvenChoiceOfTwoIsOneHalf() {
    Samples samples =
        new SamplesBuilder(new int[] {1}, new int[] {0})
            .column(Columns.OLD_LOG_PROB, Level.Name.TOKEN, new double[] {Math.log(0.5)})
            .build();
    // (1 − ½)² + ½² = 1 − 2·½ + ½
    assertEquals(0.5, of(OptimalTokenBaseline.scoreNorm(constant(0.5, TOKEN)), samples)[0], 1e-15);
  }
}

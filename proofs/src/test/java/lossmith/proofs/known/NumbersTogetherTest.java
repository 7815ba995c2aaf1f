package lossmith.proofs.known;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.sign;
import static lossmith.proofs.known.HandWritten.logRatio;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.subject.Violation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is said of the numbers of objectives that read like known ones in all else. */
final class NumbersTogetherTest {
  private static final Detached<Group> ONE = constant(1, GROUP);

  private static Term<Group> margin() {
    return HandWritten.margin(logRatio());
  }

  private static Detached<Group> beta() {
    return parameter("beta", 0.1, 1e-3, 10).per(GROUP);
  }

  private static Detached<Group> wrong() {
    return parameter("flipped", 0.1, 0, 0.4).per(GROUP);
  }

  private static Detached<Group> rest(Detached<Group> share) {
    return share.negated().shiftedBy(1);
  }

  /** DPO where some labels are the wrong way round. */
  private static Loss smoothed(
      Detached<Group> right, Detached<Group> wrong, Detached<Group> one, Detached<Group> other) {
    return maximise(
        margin()
            .times(one)
            .logSigmoid()
            .times(right)
            .plus(margin().times(other).negated().logSigmoid().times(wrong))
            .mean(GROUPS));
  }

  private static Loss halfSmoothed() {
    return maximise(
        margin()
            .times(beta())
            .logSigmoid()
            .times(rest(wrong()))
            .plus(margin().negated().logSigmoid().times(wrong()))
            .mean(GROUPS));
  }

  private static Loss robust(double twice) {
    Detached<Group> flipped = wrong();
    Term<Group> x = margin().times(beta());
    return minimise(
        x.negated()
            .logSigmoid()
            .times(flipped)
            .minus(x.logSigmoid().times(flipped.negated().shiftedBy(1)))
            .dividedBy(flipped.scaledBy(twice).negated().shiftedBy(1))
            .mean(GROUPS));
  }

  /** AlphaPO with the exponent as it is given. */
  private static Loss bent(Term<Sequence> exponent, String name) {
    Detached<Sequence> alpha = parameter(name, 0.25, 0.01, 10).per(SEQUENCE);
    Term<Sequence> f = constant(1, SEQUENCE).minus(exponent.negated().exp()).dividedBy(alpha);
    Term<Group> apart = f.weightedBy(sign()).sum(SEQUENCES);
    return maximise(
        apart
            .scaledBy(parameter("beta", 2.5, 1e-6, 1e3))
            .minus(parameter("gamma", 0.5, 0, 1e3).per(GROUP))
            .logSigmoid()
            .mean(GROUPS));
  }

  private static Term<Sequence> mean() {
    return logProb().mean(TOKENS);
  }

  private static Detached<Sequence> alpha(String name) {
    return parameter(name, 0.25, 0.01, 10).per(SEQUENCE);
  }

  private record Written(String name, Loss loss, String said) {}

  private static DynamicTest test(Written one) {
    return DynamicTest.dynamicTest(
        one.name(),
        () -> {
          Seq<Violation> found = KnownLaws.violations(one.loss());
          assertEquals(!one.said().isEmpty(), found.nonEmpty(), found::toString);
          assertTrue(found.forAll(it -> it.toString().contains(one.said())), found::toString);
        });
  }

  @TestFactory
  Stream<DynamicTest> oneNumberThatDoesNotGoWithTheOthersIsNamed() {
    return Stream.of(
            new Written(
                "both sides of a smoothed pair by one share",
                smoothed(rest(wrong()), rest(wrong()), beta(), beta()),
                "where cdpo has label_smoothing, this has 1 - flipped"),
            new Written(
                "a smoothed pair of which one side is without β",
                halfSmoothed(),
                "where cdpo has beta, this has 1"),
            new Written("a robust pair over 1 - ε", robust(1), "robust-dpo"),
            new Written(
                "an exponent divided by α",
                bent(mean().dividedBy(alpha("alpha")), "alpha"),
                "alphapo"))
        .map(NumbersTogetherTest::test);
  }

  @TestFactory
  Stream<DynamicTest> numbersOfOnesOwnAreNot() {
    Detached<Group> other = parameter("other", 0.2, 1e-3, 10).per(GROUP);
    return List.of(
            new Written("a smoothed pair", smoothed(rest(wrong()), wrong(), beta(), beta()), ""),
            new Written(
                "a smoothed pair with two temperatures",
                smoothed(rest(wrong()), wrong(), beta(), other),
                ""),
            new Written(
                "a smoothed pair without β", smoothed(rest(wrong()), wrong(), ONE, ONE), ""),
            new Written("two shares of one's own", smoothed(other, wrong(), beta(), beta()), ""),
            new Written("a robust pair", robust(2), ""),
            new Written(
                "an exponent of another parameter",
                bent(mean().dividedBy(alpha("width")), "alpha"),
                ""))
        .map(NumbersTogetherTest::test)
        .toJavaStream();
  }
}

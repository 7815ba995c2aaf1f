package lossmith.proofs.estimator;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.scanForward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.role.Presumption;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.advantage.Whitening;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What estimators read as, written as trainers write them, and what is said of wrong ones.
 *
 * <p>Long because every right and every wrong one is a row of one table.
 */
final class EstimateReadingsTest {
  private static final Detached<Sequence> R = reward();
  private static final Detached<Token> EARNED = given(Columns.TOKEN_REWARD, TOKEN);

  private static Detached<Token> v() {
    return value().stopGradient();
  }

  private static Detached<Sequence> mean() {
    return R.mean(SEQUENCES).per(SEQUENCE);
  }

  private static Detached<Sequence> batchMean() {
    return R.mean(ALL_SEQUENCES).per(SEQUENCE);
  }

  private static Detached<Sequence> std(int ddof) {
    return R.std(SEQUENCES, ddof).per(SEQUENCE);
  }

  private static Detached<Sequence> batchStd() {
    return R.std(ALL_SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE);
  }

  private static Detached<Sequence> n() {
    return groupSize().per(SEQUENCE);
  }

  private static Detached<Sequence> others(double less) {
    return max(n().shiftedBy(-less), constant(1, SEQUENCE));
  }

  private static Detached<Sequence> sum() {
    return R.sum(SEQUENCES).per(SEQUENCE);
  }

  private static Detached<Sequence> whereDiffers(Detached<Sequence> a, double otherwise) {
    return select(R.differs(SEQUENCES).per(SEQUENCE), a, constant(otherwise, SEQUENCE));
  }

  private static Detached<Sequence> whereCompared(
      Detached<Sequence> a, Detached<Sequence> otherwise) {
    return select(groupSize().above(constant(1, GROUP)).per(SEQUENCE), a, otherwise);
  }

  private static Detached<Sequence> whitenedOverResponses(Detached<Sequence> x) {
    return x.minus(x.mean(ALL_SEQUENCES).per(SEQUENCE))
        .dividedBy(x.std(ALL_SEQUENCES, 0).shiftedBy(1e-6).per(SEQUENCE));
  }

  private static Detached<Token> traced(Detached<Token> ahead) {
    return scanBackward(EARNED.plus(ahead.scaledBy(0.9)).minus(v()), constant(0.72, TOKEN));
  }

  private static Tuple2<String, Detached<Token>> row(String says, Detached<Sequence> a) {
    return Tuple.of(says, a.per(TOKEN));
  }

  private static Tuple2<String, Detached<Token>> tokens(String says, Detached<Token> a) {
    return Tuple.of(says, a);
  }

  private static Seq<Tuple2<String, Detached<Token>>> right() {
    Detached<Sequence> centred = R.minus(mean());
    Detached<Sequence> variance = centred.square().mean(SEQUENCES).per(SEQUENCE);
    Detached<Sequence> shaped = R.minus(length().scaledBy(0.1));
    return List.of(
        row("the reward itself", R),
        row("mean-centred", centred),
        row("group-normalised, std with ddof 0", whereDiffers(centred.dividedBy(std(0)), 0)),
        row(
            "group-normalised, std with ddof 1, 1.0E-6 added to the std",
            centred.dividedBy(std(1).shiftedBy(1e-6))),
        row(
            "group-normalised, std with ddof 0, 1.0E-4 added inside of the root",
            centred.dividedBy(variance.shiftedBy(1e-4).sqrt())),
        row(
            "group-normalised, std with ddof 1",
            centred.dividedBy(max(std(1), constant(1e-3, SEQUENCE)))),
        row(
            "group-normalised, std with ddof 1, 1.0E-6 added to the std, a response that is alone"
                + " keeps its reward",
            whereCompared(centred.dividedBy(std(1).shiftedBy(1e-6)), R)),
        row(
            "batch-scaled (mean of the group, std of the batch), std with ddof 1, 1.0E-6 added to"
                + " the std",
            centred.dividedBy(batchStd())),
        row(
            "batch-normalised (mean and std of the batch), std with ddof 1, 1.0E-6 added to the"
                + " std",
            R.minus(batchMean()).dividedBy(batchStd())),
        row("the reward less the mean of the batch", R.minus(batchMean())),
        row(
            "leave-one-out",
            whereCompared(R.minus(sum().minus(R).dividedBy(others(1))), constant(0, SEQUENCE))),
        row("leave-one-out", LeaveOneOut.of(R)),
        row(
            "leave-one-out, a response that is alone keeps its reward",
            LeaveOneOut.keepingSingle(R)),
        row(
            "the reward less a quantile of the group, quantile 0.4",
            R.minus(R.quantile(constant(0.4, GROUP), SEQUENCES).per(SEQUENCE))),
        row(
            "the reward less the median of the group",
            R.minus(R.quantile(constant(0.5, GROUP), SEQUENCES).per(SEQUENCE))),
        row("the reward less the largest of the group", R.minus(R.max(SEQUENCES).per(SEQUENCE))),
        row("mean-centred, of ", shaped.minus(shaped.mean(SEQUENCES).per(SEQUENCE))),
        tokens(
            "mean-centred, whitened over all tokens, std with ddof 1, 1.0E-8 added inside of the"
                + " root",
            Whitening.unbiased(centred.per(TOKEN))),
        row(
            "group-normalised, whitened over all responses, std with ddof 0, 1.0E-6 added to the"
                + " std",
            whitenedOverResponses(centred.dividedBy(std(0).shiftedBy(1e-6)))),
        tokens("GAE, γ = 0.9, λ = 0.8", Gae.of(EARNED, v(), 0.9, 0.8)),
        tokens("GAE, γ = 1.0, λ = 0.0", EARNED.plus(next(v(), 0)).minus(v())),
        tokens(
            "the discounted return less the value (GAE with λ = 1), γ = 0.9",
            Returns.of(EARNED, 0.9).minus(v())),
        tokens("the discounted return from a token on, γ = 0.9", Returns.of(EARNED, 0.9)),
        tokens("the token's own reward", EARNED));
  }

  private static Seq<Tuple2<String, Detached<Token>>> wrong() {
    Detached<Sequence> centred = R.minus(mean());
    Detached<Sequence> guarded = std(1).shiftedBy(1e-6);
    Detached<Token> values = v();
    return List.of(
        row("as group-normalised, but nothing is subtracted", R.dividedBy(guarded)),
        row(
            "as group-normalised, but the mean is taken over the batch",
            R.minus(batchMean()).dividedBy(guarded)),
        row(
            "as group-normalised, but is divided by the variance of the group, not its root",
            centred.dividedBy(std(1).square().shiftedBy(1e-6))),
        row(
            "as group-normalised, but the mean alone is divided by the std, before it is"
                + " subtracted",
            R.minus(mean().dividedBy(guarded))),
        row(
            "as group-normalised, but it is multiplied by the std, not divided",
            centred.times(guarded)),
        row(
            "as group-normalised, but the mean is added, not subtracted",
            R.plus(mean()).dividedBy(guarded)),
        row("as mean-centred, but the mean is added, not subtracted", R.plus(mean())),
        row(
            "as mean-centred, but the reward is subtracted from its mean: the sign is turned",
            mean().minus(R)),
        row(
            "as mean-centred, but the sum of the group is subtracted, not its mean",
            R.minus(sum())),
        row(
            "as mean-centred, but the smallest of the group is subtracted",
            R.minus(R.min(SEQUENCES).per(SEQUENCE))),
        row(
            "as leave-one-out, but the sum of the other responses is divided by n, not n-1",
            R.minus(sum().minus(R).dividedBy(n()))),
        row(
            "as leave-one-out, but the sum of the other responses is subtracted, not their mean",
            R.minus(sum().minus(R))),
        row(
            "as mean-centred, but the sum of all responses is divided by n-1: the response itself"
                + " is among them",
            R.minus(sum().dividedBy(others(1)))),
        row(
            "as the reward less the mean of the batch, but the mean is that of the means of all"
                + " prompts",
            R.minus(R.mean(SEQUENCES).mean(GROUPS).per(SEQUENCE))),
        row(
            "as group-normalised, but is divided by the std over the root of n, the error of the"
                + " mean",
            centred.dividedBy(std(1).dividedBy(n().sqrt()))),
        row(
            "as group-normalised, but is divided by the root of the mean square, of which no mean"
                + " is subtracted",
            centred.dividedBy(R.square().mean(SEQUENCES).per(SEQUENCE).sqrt())),
        row(
            "as batch-scaled (mean of the group, std of the batch), but is divided by the variance"
                + " of the batch, not its root",
            centred.dividedBy(R.std(ALL_SEQUENCES, 1).square().per(SEQUENCE))),
        row(
            "as mean-centred, but not where all rewards to a prompt are equal",
            whereDiffers(centred, 1)),
        row(
            "as leave-one-out, but not where a response is alone",
            whereCompared(R.minus(sum().minus(R).dividedBy(others(1))), constant(-1, SEQUENCE))),
        row("as mean-centred, but moved by 0.5", centred.shiftedBy(0.5)),
        tokens(
            "as GAE, γ = 0.9, λ = 0.8, but the next value is that of the same token",
            traced(values)),
        tokens(
            "as GAE, γ = 0.9, λ = 0.8, but the next value is not stopped at the last token, which"
                + " is followed by its own",
            traced(
                select(
                    scanBackward(constant(1, TOKEN), constant(1, TOKEN)).above(constant(1, TOKEN)),
                    next(values, 0),
                    values))),
        tokens(
            "as GAE, γ = 0.9, λ = 0.8, but the own value is added, not subtracted",
            scanBackward(
                EARNED.plus(next(values, 0).scaledBy(0.9)).plus(values), constant(0.72, TOKEN))),
        tokens(
            "as GAE, γ = 0.9, λ = 0.8, but the own value is not subtracted",
            scanBackward(EARNED.plus(next(values, 0).scaledBy(0.9)), constant(0.72, TOKEN))),
        tokens(
            "as GAE, γ = 0.9, λ = 0.8, but it runs from the first token on, not from the last one"
                + " back",
            scanForward(
                EARNED.plus(next(values, 0).scaledBy(0.9)).minus(values), constant(0.72, TOKEN))),
        tokens(
            "as the discounted return from a token on, γ = 0.9, but γ is applied before the first"
                + " step",
            scanBackward(EARNED.scaledBy(0.9), constant(0.9, TOKEN))),
        tokens(
            "as the discounted return from a token on, γ = 0.9, but the reward is that of the next"
                + " token",
            next(Returns.of(EARNED, 0.9), 0)));
  }

  private static Seq<Node> estimates(Loss loss) {
    return Presumption.of(loss)
        .filter(role -> role.role().policyGradient())
        .flatMap(PresumedRole::estimates);
  }

  private static Seq<EstimateReading> readings(Loss loss) {
    return estimates(loss).flatMap(EstimateReader::of);
  }

  private static Seq<Tuple2<String, Loss>> catalogue(Conventions c) {
    return Parts.all()
        .filter(part -> part.kind() == Part.Kind.ADVANTAGE)
        .map(part -> Tuple.of(part.name(), Composition.of(part.name()).loss(c)))
        .appendAll(Recipes.all().map(recipe -> Tuple.of(recipe.name(), recipe.loss(c))));
  }

  private static EstimateReading reading(Detached<Token> a) {
    return readings(maximise(logProb().times(a).mean(ALL_TOKENS)))
        .getOrElse(() -> new EstimateReading(false, false, "nothing", 0));
  }

  @TestFactory
  Stream<DynamicTest> rightOnesAreRecognisedByName() {
    return right()
        .toJavaStream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row._1,
                    () -> {
                      EstimateReading found = reading(row._2);
                      boolean shaped = row._1.endsWith(", of ");
                      String words = found.words();
                      assertEquals(row._1, shaped ? words.substring(0, row._1.length()) : words);
                      assertEquals(true, found.named());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> ofWrongOnesItIsSaidWhatTheyDoOtherwise() {
    return wrong()
        .toJavaStream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row._1,
                    () -> {
                      EstimateReading found = reading(row._2);
                      assertEquals(
                          row._1,
                          found
                              .words()
                              .substring(0, Math.min(row._1.length(), found.words().length())));
                      assertEquals(false, found.named());
                    }));
  }

  @Test
  void nothingIsWrongWithAnEstimatorOfTheCatalogueUnderAnyConventions() {
    Seq<String> alarms =
        Conventions.all()
            .toList()
            .flatMap(c -> catalogue(c._2).map(one -> Tuple.of(c._1 + " " + one._1, one._2)))
            .flatMap(one -> estimates(one._2).map(node -> Tuple.of(one._1, node)))
            .distinctBy(Tuple2::_2)
            .flatMap(
                one ->
                    EstimateReader.of(one._2)
                        .reject(EstimateReading::named)
                        .map(read -> one._1 + ": " + read.words()));
    assertEquals("", alarms.mkString("\n"));
  }

  /** An invention is like nothing known, and nothing is said of it. */
  @Test
  void nothingIsSaidOfAnInvention() {
    Detached<Sequence> odd =
        R.exp().dividedBy(R.square().sum(SEQUENCES).shiftedBy(1).per(SEQUENCE));
    assertEquals(
        List.empty(), readings(maximise(logProb().times(odd.per(TOKEN)).mean(ALL_TOKENS))));
    assertEquals(
        "mean-centred", reading(Advantages.centred(R, Conventions.paper()).per(TOKEN)).words());
    Detached<Sequence> rest = given("tokens_left", BATCH).per(SEQUENCE).times(odd);
    assertEquals(
        List.empty(), readings(maximise(logProb().times(rest.per(TOKEN)).mean(ALL_TOKENS))));
  }
}

package lossmith.proofs.museum;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.proofs.stated.Plain;

/** Teachers, their supports and temperatures, and entropies: what is summed up over entries. */
final class DistillationExhibits {
  private static final double LOG_HALF = Math.log(0.5);

  private DistillationExhibits() {}

  private static Exhibit exhibit(
      String name, Exhibit.Kind kind, String source, String mistake, String harm, Caught caught) {
    return new Exhibit(name, kind, source, mistake, harm, caught);
  }

  private static Term<Token> over(Term<Vocabulary> x) {
    return x.sum(VOCABULARY);
  }

  private static Loss mean(Term<Token> x) {
    return minimise(x.mean(ALL_TOKENS));
  }

  /** KL(π_ref ‖ π). */
  private static Term<Token> forward() {
    return over(probTimes(referenceLogPi(), referenceLogPi().minus(logPi())));
  }

  private static Term<Token> reverse() {
    return over(probTimes(logPi(), logPi().minus(referenceLogPi())));
  }

  /** The two entries that the teacher finds most likely. */
  private static Term<Token> top() {
    Detached<Vocabulary> teacher = referenceLogPi();
    Condition<Vocabulary> most = teacher.top(constant(2, TOKEN), VOCABULARY);
    return teacher.minus(logPi()).times(teacher.exp()).sum(VOCABULARY.where(most));
  }

  /** The teacher at twice the temperature. */
  private static Detached<Vocabulary> softened() {
    Detached<Vocabulary> half = referenceLogPi().scaledBy(0.5);
    return half.minus(half.exp().sum(VOCABULARY).log().per(VOCABULARY_ENTRY));
  }

  static Seq<Exhibit> all() {
    Term<Vocabulary> ofLogs = logPi().plus(referenceLogPi()).scaledBy(0.5);
    Term<Vocabulary> mixed = logAddExp(logPi(), term(referenceLogPi())).shiftedBy(LOG_HALF);
    return List.of(
        exhibit(
            "teacher-cut-without-renormalising",
            Exhibit.Kind.SUPPORT,
            "Xilinx/brevitas#1388",
            "the teacher's most likely entries are gathered, and nothing makes them a distribution",
            "the student that is the teacher is still pushed: it is no divergence",
            Caught.law("at-rest", mean(top()), mean(forward()))),
        exhibit(
            "divergences-exchanged",
            Exhibit.Kind.DIVERGENCE,
            "modelscope/twinkle#112",
            "the first argument of kl_div is the input, not the target: forward for reverse",
            "the student covers modes where it should seek one",
            Caught.stated(DistillationExhibits::forward, mean(reverse()), mean(forward()))),
        exhibit(
            "mixture-of-logarithms",
            Exhibit.Kind.DIVERGENCE,
            "huggingface/trl#2202",
            "the mean of log-probabilities for the log of the mean probability",
            "where one of both is sure the mixture is next to 0, and so is the gradient",
            Caught.law("probabilities-sum", mean(halves(ofLogs)), mean(halves(mixed)))),
        exhibit(
            "divided-by-the-tokens-twice",
            Exhibit.Kind.DENOMINATOR,
            "modelscope/easydistill#16",
            "the divergence is divided by the number of tokens, and its mean is taken",
            "long batches teach next to nothing",
            Caught.stated(
                DistillationExhibits::forward,
                minimise(forward().mean(ALL_TOKENS).dividedBy(number())),
                mean(forward()))),
        exhibit(
            "teacher-at-another-temperature",
            Exhibit.Kind.TEMPERATURE,
            "yuanli2333/Teacher-free-Knowledge-Distillation#24",
            "the teacher is softened and the student is not",
            "a student that is the teacher is pushed towards a flatter one",
            Caught.law(
                "at-rest",
                mean(over(probTimes(term(softened()), term(softened()).minus(logPi())))),
                mean(forward()))),
        exhibit(
            "probabilities-for-their-logarithms",
            Exhibit.Kind.PRECISION,
            "microsoft/ProDA#20",
            "kl_div is given the student's probabilities where it takes their logarithms",
            "a bounded number is minimised that is no divergence",
            Caught.law(
                "at-rest",
                mean(over(probTimes(referenceLogPi(), referenceLogPi().minus(logPi().exp())))),
                mean(forward()))),
        exhibit(
            "entropy-that-is-minimised",
            Exhibit.Kind.ENTROPY,
            "PKU-Alignment/omnisafe#133",
            "the entropy is added to the loss where it is meant to be subtracted",
            "the policy collapses as soon as the coefficient is not 0",
            Caught.law("entropy-bonus", bonus(false), bonus(true))),
        exhibit(
            "entropy-divided-twice",
            Exhibit.Kind.ENTROPY,
            "huggingface/trl#6648",
            "a mean over tokens is divided once more by the normaliser of the policy's term",
            "the bonus vanishes with the size of the batch",
            Caught.stated(
                (live, detached) -> -live.tokenMean(live::entropy),
                maximise(entropy().mean(ALL_TOKENS).dividedBy(number())),
                maximise(entropy().mean(ALL_TOKENS)))));
  }

  private static Term<Vocabulary> term(Detached<Vocabulary> x) {
    return logPi().scaledBy(0).plus(x);
  }

  private static Detached<Batch> number() {
    return max(count(ALL_TOKENS), constant(1, BATCH));
  }

  private static Loss bonus(boolean raised) {
    var beta = parameter("entropy_coef", 0.01, 0, 10);
    Loss policy = maximise(ExhibitTerms.surrogate().mean(ALL_TOKENS)).as("policy");
    Term<Batch> h = entropy().mean(ALL_TOKENS).scaledBy(beta);
    return policy.plus((raised ? maximise(h) : minimise(h)).as("entropy"));
  }

  /** Half of the divergences of both from a mixture. */
  private static Term<Token> halves(Term<Vocabulary> mixture) {
    Term<Token> ofPolicy = over(probTimes(logPi(), logPi().minus(mixture)));
    Term<Token> ofTeacher =
        over(probTimes(term(referenceLogPi()), term(referenceLogPi()).minus(mixture)));
    return ofPolicy.plus(ofTeacher).scaledBy(0.5);
  }

  private static double forward(Plain live, Plain detached) {
    return live.tokenMean(
        t -> {
          double sum = 0;
          for (int v = 0; v < live.vocabulary(); v++) {
            double log = live.referenceLogPi(t, v);
            sum += Math.exp(log) * (log - live.logPi(t, v));
          }
          return sum;
        });
  }
}

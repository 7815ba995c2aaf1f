package lossmith.proofs.mutation;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.recipes.Claim;
import lossmith.recipes.Source;

/** A right objective as somebody writes it in a trainer, without the words of the library. */
final class WrittenObjective {
  private static final String K3 = "k3";

  private static final Source WRITTEN =
      new Source(
          "TRL", "trl/trainer/grpo_trainer.py, per_token_kl", "https://github.com/huggingface/trl");

  /** As trainers write it. */
  private static final Seq<Claim> WRITTEN_OUT =
      List.of(
          new Claim.Deviates(
              "single-precision",
              "exp(-d) + d - 1 is written out, of which float32 keeps few digits.",
              WRITTEN),
          new Claim.Deviates(
              "saturation",
              "Of exp(-d) + d - 1 the exponential ends at d = -700, and d beside it does not.",
              WRITTEN));

  private final Random random;
  private final Option<Tuple2<Integer, Integer>> other;
  private final Option<Condition<Token>> mask;
  private Seq<Integer> choices = List.empty();
  private Seq<String> words = List.empty();

  private WrittenObjective(long seed, Option<Tuple2<Integer, Integer>> other) {
    this.random = RightObjective.random(seed);
    this.other = other;
    this.mask = Option.when(pick(2) == 0, () -> given("loss_mask", TOKEN).positive());
  }

  /** A surrogate, and at random a penalty, a bonus and a critic beside it. */
  static RightObjective of(long seed) {
    return of(seed, Option.none());
  }

  /** Those that are written as the one of this seed but for one choice. */
  static Seq<RightObjective> nearby(long seed) {
    WrittenObjective writer = new WrittenObjective(seed, Option.none());
    return writer
        .loss()
        .parts()
        .keySet()
        .toList()
        .take(1) // the choices are known once the loss is written
        .flatMap(
            written ->
                writer
                    .choices
                    .zipWithIndex()
                    .flatMap(
                        choice ->
                            List.range(0, choice._1)
                                .map(i -> of(seed, Option.some(Tuple.of(choice._2, i))))));
  }

  private static RightObjective of(long seed, Option<Tuple2<Integer, Integer>> other) {
    WrittenObjective writer = new WrittenObjective(seed, other);
    Loss loss = writer.loss();
    Seq<String> words = writer.mask.isDefined() ? writer.words.append("masked") : writer.words;
    Seq<Claim> deviations = words.contains(K3) ? WRITTEN_OUT : List.empty();
    return new RightObjective("written: " + words.mkString(", "), loss, deviations);
  }

  /** One of so many, at random unless this is the choice that is made otherwise. */
  private int pick(int count) {
    int drawn = random.nextInt(count);
    int place = choices.size();
    choices = choices.append(count);
    return other.filter(choice -> choice._1 == place).map(Tuple2::_2).getOrElse(drawn);
  }

  private <T> T one(Seq<Choice<T>> choices) {
    Choice<T> chosen = choices.get(pick(choices.size()));
    words = words.append(chosen.word());
    return chosen.made();
  }

  private record Choice<T>(String word, T made) {}

  private static <T> Choice<T> choice(String word, T made) {
    return new Choice<>(word, made);
  }

  private Loss loss() {
    Term<Token> raised = one(surrogates(one(advantages())));
    if (pick(4) == 0) {
      Detached<Token> weight = oldLogProb().minus(rolloutLogProb()).exp();
      words = words.append("truncated importance weight");
      raised = raised.times(weight.clip(Clip.between(0, 2)));
    }
    int mean = pick(means(raised).size());
    words = words.append(means(raised).get(mean).word());
    Loss loss = maximise(means(raised).get(mean).made()).as("policy");
    if (pick(2) == 0) {
      Term<Token> penalty = one(penalties());
      var beta = parameter("kl_coef", 0.05, 0, 100);
      Term<Batch> reduced = means(penalty).get(mean).made().scaledBy(beta);
      loss = loss.plus(minimise(reduced).as("kl"));
    }
    if (pick(3) == 0) {
      words = words.append("entropy bonus");
      var beta = parameter("entropy_coef", 0.01, 0, 100);
      Term<Batch> reduced = means(entropy()).get(mean).made().scaledBy(beta);
      loss = loss.plus(maximise(reduced).as("entropy"));
    }
    if (pick(4) == 0) {
      Term<Token> error = one(critics());
      var beta = parameter("value_coef", 0.5, 0, 100);
      Term<Batch> reduced = error.mean(all()).scaledBy(beta);
      loss = loss.plus(minimise(reduced).training(Columns.VALUE).as("critic"));
    }
    return loss;
  }

  private Over<Token, Batch> all() {
    return mask.map(ALL_TOKENS::where).getOrElse(ALL_TOKENS);
  }

  private Over<Token, Sequence> own() {
    return mask.map(TOKENS::where).getOrElse(TOKENS);
  }

  private Condition<Sequence> counting() {
    return count(own()).positive();
  }

  private Seq<Choice<Term<Batch>>> means(Term<Token> x) {
    return List.of(
        choice("mean over tokens", x.mean(all())),
        choice(
            "mean over responses of the mean over tokens",
            x.mean(own()).mean(ALL_SEQUENCES.where(counting()))),
        choice(
            "mean over prompts",
            x.mean(own())
                .mean(SEQUENCES.where(counting()))
                .mean(GROUPS.where(counting().indicator().sum(SEQUENCES).positive()))),
        choice(
            "sum over tokens, mean over responses",
            x.sum(own()).mean(ALL_SEQUENCES.where(counting()))),
        choice(
            "sum over a given count", x.sum(all()).dividedBy(given("num_items_in_batch", BATCH))));
  }

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  /** Tokens that are left out are passed over: the value of the next one that counts is next. */
  private Detached<Token> gae() {
    Detached<Token> v = value().stopGradient();
    Detached<Token> ahead = scanBackward(counted(v, 0), counted(constant(0, TOKEN), 1));
    Detached<Token> error =
        given(Columns.TOKEN_REWARD, TOKEN).plus(next(ahead, 0).scaledBy(0.99)).minus(v);
    return scanBackward(counted(error, 0), counted(constant(0.99 * 0.95, TOKEN), 1));
  }

  /** What counts, and a number in the place of what does not. */
  private Detached<Token> counted(Detached<Token> given, double otherwise) {
    return mask.map(one -> select(one, given, constant(otherwise, TOKEN))).getOrElse(given);
  }

  private Seq<Choice<Detached<Token>>> advantages() {
    Detached<Sequence> std = reward().std(SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE);
    Detached<Sequence> n = groupSize().per(SEQUENCE);
    Detached<Sequence> others = max(n.shiftedBy(-1), constant(1, SEQUENCE));
    Detached<Sequence> sum = reward().sum(SEQUENCES).per(SEQUENCE).minus(reward());
    Detached<Sequence> left = reward().minus(sum.dividedBy(others));
    Condition<Sequence> compared = n.above(constant(1, SEQUENCE));
    return List.of(
        choice("rewards less their mean", centred().per(TOKEN)),
        choice("rewards less their mean over their std", centred().dividedBy(std).per(TOKEN)),
        choice("leave one out", select(compared, left, constant(0, SEQUENCE)).per(TOKEN)),
        choice(
            "rewards less the mean of all",
            reward().minus(reward().mean(ALL_SEQUENCES).per(SEQUENCE)).per(TOKEN)),
        choice("a given advantage", given("advantage", TOKEN)),
        choice("GAE", gae()),
        choice("the rewards themselves", reward().per(TOKEN)));
  }

  private static Term<Token> ratio() {
    return logProb().minus(oldLogProb()).exp();
  }

  private Seq<Choice<Term<Token>>> surrogates(Detached<Token> a) {
    Term<Token> r = ratio();
    Clip constant = Clip.between(0.8, 1.2);
    Clip fed = Clip.around(parameter("clip_low", 0.2, 0, 1), parameter("clip_high", 0.28, 0, 100));
    Term<Token> clipped = min(r.times(a), r.clip(fed).times(a));
    Term<Token> s = logProb().minus(oldLogProb()).mean(own()).exp().per(TOKEN);
    Clip near = Clip.between(0.99, 1.01);
    return List.of(
        choice("PPO", min(r.times(a), r.clip(constant).times(a))),
        choice("PPO with bounds that are fed", clipped),
        choice("REINFORCE", logProb().times(a)),
        choice("a held ratio", logProb().times(r.clip(constant).stopGradient()).times(a)),
        choice(
            "dual clip",
            select(
                a.negative(),
                max(min(r.times(a), r.clip(constant).times(a)), a.scaledBy(3)),
                min(r.times(a), r.clip(constant).times(a)))),
        choice("the ratio of a response", min(s.times(a), s.clip(near).times(a))),
        choice(
            "a held ratio that has no lower bound",
            logProb().times(r.clip(Clip.between(0, 1.2)).stopGradient()).times(a)));
  }

  private static Seq<Choice<Term<Token>>> penalties() {
    Term<Token> d = logProb().minus(referenceLogProb());
    return List.of(
        choice("half the squared log-ratio", d.square().scaledBy(0.5)),
        choice(K3, d.negated().exp().minus(d.negated()).shiftedBy(-1)),
        choice("KL", probTimes(logPi(), logPi().minus(referenceLogPi())).sum(VOCABULARY)));
  }

  private static Seq<Choice<Term<Token>>> critics() {
    Detached<Token> goal = given("return", TOKEN);
    Detached<Token> old = given("old_value", TOKEN);
    Clip near = Clip.between(-0.2, 0.2);
    Term<Token> held = value().minus(old).clip(near).plus(old);
    return List.of(
        choice("a squared error of the value", value().minus(goal).square().scaledBy(0.5)),
        choice(
            "a clipped value",
            max(value().minus(goal).square(), held.minus(goal).square()).scaledBy(0.5)));
  }
}

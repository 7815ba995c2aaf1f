package lossmith.dsl;

import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;

/** The words an objective is written in: {@code import static lossmith.dsl.Terms.*}. */
public final class Terms {
  private Terms() {}

  /**
   * {@return log π(v) of the policy that is trained, in nats: log softmax(z / T) (Entropy Collapse,
   * eq 1)}
   */
  public static Term<Vocabulary> logPi() {
    return Term.of(Nodes.trained(Columns.LOG_PI, Level.Name.VOCABULARY));
  }

  /** {@return log π_ref(v) of the frozen reference, in nats} */
  public static Detached<Vocabulary> referenceLogPi() {
    return Detached.of(Nodes.given(Columns.REFERENCE_LOG_PI, Level.Name.VOCABULARY));
  }

  /** {@return yes at the vocabulary entry that was sampled} */
  public static Condition<Vocabulary> sampled() {
    return new Condition<>(Nodes.sampled());
  }

  /** {@return the entry of a vocabulary-level term at the sampled token} */
  public static Term<Token> ofSampled(Term<Vocabulary> term) {
    return Term.of(Nodes.gather(term.node()));
  }

  /** {@return the entry of a detached vocabulary-level term at the sampled token} */
  public static Detached<Token> ofSampled(Detached<Vocabulary> term) {
    return Detached.of(Nodes.gather(term.node()));
  }

  /** {@return log π of the sampled token, ≤ 0, in nats} */
  public static Term<Token> logProb() {
    return ofSampled(logPi());
  }

  /**
   * {@return the entropy of the policy, −Σ_v π(v) log π(v), in [0, log V] nats (Entropy Collapse,
   * eq 2)}
   */
  public static Term<Token> entropy() {
    return expected(logPi(), logPi().negated());
  }

  /**
   * The expectation Σ_v π(v) f(v). Where π(v) = 0 the entry counts 0 in value and gradient,
   * whatever f is there.
   *
   * @param logPi the logarithm of the probabilities
   * @param f the function that is averaged
   * @return one number per token
   */
  public static Term<Token> expected(Term<Vocabulary> logPi, Term<Vocabulary> f) {
    return probTimes(logPi, f).sum(Over.VOCABULARY);
  }

  /** {@return e^x · y for a log-probability x ≤ 0; 0 where x = −∞, in value and gradient} */
  public static <L extends Level> Term<L> probTimes(Term<L> x, Term<L> y) {
    return Term.of(Nodes.binary(BinaryOp.PROB_TIMES, x.node(), y.node()));
  }

  /**
   * {@return log π_old of the sampled token; without such a column sg(log π), so that the loss is
   * on-policy}
   */
  public static Detached<Token> oldLogProb() {
    Node onPolicy = logProb().stopGradient().node();
    return Detached.of(Nodes.given(Columns.OLD_LOG_PROB, Level.Name.TOKEN, onPolicy));
  }

  /** {@return log π_ref of the sampled token} */
  public static Detached<Token> referenceLogProb() {
    return given(Columns.REFERENCE_LOG_PROB, Axis.TOKEN);
  }

  /** {@return log π of the sampled token as the inference engine recorded it} */
  public static Detached<Token> rolloutLogProb() {
    return given(Columns.ROLLOUT_LOG_PROB, Axis.TOKEN);
  }

  /**
   * {@return the importance ratio r = π / π_old of the sampled token, saturated as {@link
   * UnaryOp#EXP} is}
   */
  public static Term<Token> ratio() {
    return logProb().minus(oldLogProb()).exp().as("r");
  }

  /**
   * {@return the value head's prediction per token, trained where the loss declares it ({@link
   * Loss#training})}
   */
  public static Term<Token> value() {
    return Term.of(Nodes.trained(Columns.VALUE, Level.Name.TOKEN));
  }

  /**
   * {@return a column that is trained in addition to the policy, such as MPO's temperature of the
   * batch or FlowRL's log Z of a prompt}
   *
   * @param name its name in the samples
   * @param axis its level
   * @throws ProblemException if the name is that of the policy or of one of its statistics, whose
   *     gradient would be one with this one's
   */
  public static <L extends Level> Term<L> trainable(String name, Axis<L> axis) {
    Checks.noStatistic(name);
    return Term.of(Nodes.trained(name, axis.name()));
  }

  /** {@return the reward of each response} */
  public static Detached<Sequence> reward() {
    return given(Columns.REWARD, Axis.SEQUENCE);
  }

  /** {@return +1 for the chosen response of a pair, −1 for the rejected one} */
  public static Detached<Sequence> sign() {
    return given(Columns.SIGN, Axis.SEQUENCE);
  }

  /** {@return the position of each token in its response, from 0} */
  public static Detached<Token> position() {
    return given(Columns.POSITION, Axis.TOKEN);
  }

  /**
   * {@return a column of data}
   *
   * @param column its name in the samples; not {@code response_mask}, which is no number for a
   *     formula: it says which tokens exist, where data enters
   * @param axis its level
   */
  public static <L extends Level> Detached<L> given(String column, Axis<L> axis) {
    Checks.existenceIsNoColumn(column);
    return Detached.of(Nodes.given(column, axis.name()));
  }

  /** {@return how many tokens each response has} */
  public static Detached<Sequence> length() {
    return count(Over.TOKENS);
  }

  /** {@return how many members count} */
  public static <F extends Level, T extends Level> Detached<T> count(Over<F, T> over) {
    return Detached.of(Nodes.count(over.from(), over.to(), over.where()));
  }

  /** {@return the same number at every element of a level} */
  public static <L extends Level> Detached<L> constant(double value, Axis<L> axis) {
    return Detached.of(Nodes.constant(value, axis.name()));
  }

  /**
   * {@return a parameter, fed by name at run time}
   *
   * @param name its name
   * @param initial its value where none is fed
   * @param low its smallest legal value
   * @param high its largest legal value
   */
  public static Parameter parameter(String name, double initial, double low, double high) {
    return new Parameter(name, new Range(initial, low, high));
  }

  /** {@return the smaller; at a tie the slope goes to the first} */
  public static <L extends Level> Term<L> min(Term<L> a, Term<L> b) {
    return Term.of(Nodes.binary(BinaryOp.MIN, a.node(), b.node()));
  }

  /** {@return the smaller of two detached terms} */
  public static <L extends Level> Detached<L> min(Detached<L> a, Detached<L> b) {
    return Detached.of(Nodes.binary(BinaryOp.MIN, a.node(), b.node()));
  }

  /** {@return the larger; at a tie the slope goes to the first} */
  public static <L extends Level> Term<L> max(Term<L> a, Term<L> b) {
    return Term.of(Nodes.binary(BinaryOp.MAX, a.node(), b.node()));
  }

  /** {@return the larger of two detached terms} */
  public static <L extends Level> Detached<L> max(Detached<L> a, Detached<L> b) {
    return Detached.of(Nodes.binary(BinaryOp.MAX, a.node(), b.node()));
  }

  /** {@return log(e^a + e^b), without overflow} */
  public static <L extends Level> Term<L> logAddExp(Term<L> a, Term<L> b) {
    return Term.of(Nodes.binary(BinaryOp.LOG_ADD_EXP, a.node(), b.node()));
  }

  /**
   * {@return a where the condition holds, b elsewhere; the side that is not selected contributes
   * neither value nor gradient, even if it is NaN}
   */
  public static <L extends Level> Term<L> select(Condition<L> when, Term<L> a, Term<L> b) {
    return Term.of(Nodes.select(when.node(), a.node(), b.node()));
  }

  /** {@return a where the condition holds, b elsewhere, detached as both are} */
  public static <L extends Level> Detached<L> select(
      Condition<L> when, Detached<L> a, Detached<L> b) {
    return Detached.of(Nodes.select(when.node(), a.node(), b.node()));
  }

  /** {@return the term at the next existing token of the response, {@code atEnd} at the last} */
  public static Term<Token> next(Term<Token> term, double atEnd) {
    return Term.of(Nodes.neighbour(term.node(), Direction.BACKWARD, atEnd));
  }

  /**
   * {@return the detached term at the next existing token of the response, {@code atEnd} at the
   * last}
   */
  public static Detached<Token> next(Detached<Token> term, double atEnd) {
    return Detached.of(Nodes.neighbour(term.node(), Direction.BACKWARD, atEnd));
  }

  /**
   * {@return the term at the previous existing token of the response, {@code atStart} at the first}
   */
  public static Term<Token> previous(Term<Token> term, double atStart) {
    return Term.of(Nodes.neighbour(term.node(), Direction.FORWARD, atStart));
  }

  /**
   * {@return the detached term at the previous existing token of the response, {@code atStart} at
   * the first}
   */
  public static Detached<Token> previous(Detached<Token> term, double atStart) {
    return Detached.of(Nodes.neighbour(term.node(), Direction.FORWARD, atStart));
  }

  /**
   * {@return x_t = addend_t + coefficient_t · x_(t+1), last existing token first; x = 0 beyond it}
   */
  public static Term<Token> scanBackward(Term<Token> addend, Detached<Token> coefficient) {
    return Term.of(Nodes.scan(addend.node(), coefficient.node(), Direction.BACKWARD));
  }

  /** {@return x_t = addend_t + coefficient_t · x_(t+1) of a detached addend} */
  public static Detached<Token> scanBackward(Detached<Token> addend, Detached<Token> coefficient) {
    return Detached.of(Nodes.scan(addend.node(), coefficient.node(), Direction.BACKWARD));
  }

  /**
   * {@return x_t = addend_t + coefficient_t · x_(t−1), first existing token first; x = 0 before it}
   */
  public static Term<Token> scanForward(Term<Token> addend, Detached<Token> coefficient) {
    return Term.of(Nodes.scan(addend.node(), coefficient.node(), Direction.FORWARD));
  }

  /** {@return x_t = addend_t + coefficient_t · x_(t−1) of a detached addend} */
  public static Detached<Token> scanForward(Detached<Token> addend, Detached<Token> coefficient) {
    return Detached.of(Nodes.scan(addend.node(), coefficient.node(), Direction.FORWARD));
  }

  /**
   * {@return a number in [0, 1) per token, by keyed hash of (seed, step, sequence id, position)}
   */
  public static Detached<Token> uniform(Parameter seed, Parameter step) {
    return Detached.of(Nodes.uniform(seed.node(), step.node()));
  }

  /** {@return how many groups there are: the prompts of the batch} */
  public static Detached<Batch> groups() {
    return count(Over.GROUPS);
  }

  /** {@return how many responses each prompt has} */
  public static Detached<Group> groupSize() {
    return count(Over.SEQUENCES);
  }

  /**
   * {@return the loss whose minimum is the maximum of this objective; the only place where a sign
   * turns}
   */
  public static Loss maximise(Term<Batch> objective) {
    return Loss.of("objective", objective.negated());
  }

  /** {@return the loss with this value} */
  public static Loss minimise(Term<Batch> loss) {
    return Loss.of("loss", loss);
  }
}

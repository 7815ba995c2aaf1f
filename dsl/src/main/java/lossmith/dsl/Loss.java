package lossmith.dsl;

import io.vavr.Tuple;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.function.UnaryOperator;
import lossmith.dsl.Level.Batch;

/**
 * A loss to minimise: a sum of named parts, the metrics to log with it, and the names of the inputs
 * it trains. Immutable.
 *
 * <p>The policy is trained unless said otherwise: {@code trains} holds {@value #POLICY} for the
 * policy, {@link Columns#VALUE} for the value head, or the name of a trainable scalar.
 */
public final class Loss {
  /** The policy, as a thing to train. */
  public static final String POLICY = "policy";

  private final Map<String, Term<Batch>> parts;
  private final Map<String, Detached<Batch>> metrics;
  private final Set<String> trains;

  private Loss(
      Map<String, Term<Batch>> parts, Map<String, Detached<Batch>> metrics, Set<String> trains) {
    Problem.throwAll(NameClashes.withTwoMeanings(nodes(parts, metrics)));
    this.parts = parts;
    this.metrics = metrics;
    this.trains = trains;
  }

  static Loss of(String part, Term<Batch> value) {
    Checks.scalar("a loss", value.node());
    return new Loss(LinkedHashMap.of(part, value), LinkedHashMap.empty(), HashSet.of(POLICY));
  }

  /**
   * {@return a loss of nodes, as one that was written down is put together again}
   *
   * @param parts the summands by name, at least one, numbers of the batch
   * @param metrics what is logged by name, numbers of the batch without gradient
   * @param trains the names of the inputs that it means to train
   */
  public static Loss of(Map<String, Node> parts, Map<String, Node> metrics, Set<String> trains) {
    if (parts.isEmpty()) {
      throw Problem.of("part", "a loss without a part", "at least one", "the value to minimise")
          .exception();
    }
    for (var part : parts) {
      Checks.name("a part", part._1);
      Checks.scalar("the part " + part._1, part._2);
    }
    for (var metric : metrics) {
      Checks.name("a metric", metric._1);
      Checks.scalar("the metric " + metric._1, metric._2);
      Checks.detached("the metric " + metric._1, metric._2);
    }
    return new Loss(parts.mapValues(Term::of), metrics.mapValues(Detached::of), trains);
  }

  /** {@return the value that is minimised: the sum of the parts} */
  public Term<Batch> value() {
    return parts.values().reduce(Term::plus);
  }

  /** {@return the summands by name, in the order they were added} */
  public Map<String, Term<Batch>> parts() {
    return parts;
  }

  /** {@return the metrics to log, by name} */
  public Map<String, Detached<Batch>> metrics() {
    return metrics;
  }

  /** {@return the names of the inputs that this loss means to train} */
  public Set<String> trains() {
    return trains;
  }

  /** {@return the parameters that the parts and metrics read, in the order they are met} */
  public Seq<Parameter> parameters() {
    return Graph.parameters(nodes(parts, metrics)).map(p -> new Parameter(p.name(), p.range()));
  }

  /**
   * {@return a hash of the value and of the trained inputs, 64 hexadecimal digits: equal for losses
   * that mean the same, in whatever order their parts were added and whatever they log (see {@link
   * Fingerprint})}
   */
  public String fingerprint() {
    return Fingerprint.of(this);
  }

  /**
   * {@return the sum of two losses; parts and metrics keep their names, a name that is taken gets a
   * number, and a metric that both log is logged once}
   *
   * @param other the loss to add
   * @throws ProblemException where both have a parameter of one name with another default or range:
   *     {@link #renamed} one of them first
   */
  public Loss plus(Loss other) {
    Map<String, Term<Batch>> sum =
        other.parts.foldLeft(parts, (all, part) -> all.put(free(all, part._1), part._2));
    Map<String, Detached<Batch>> log =
        other
            .metrics
            .reject(metric -> metrics.get(metric._1).contains(metric._2))
            .foldLeft(metrics, (all, metric) -> all.put(free(all, metric._1), metric._2));
    return new Loss(sum, log, trains.addAll(other.trains));
  }

  /**
   * {@return the same loss with one of its parameters under another name, with the same default and
   * range}
   *
   * @param parameter its name
   * @param name its new name
   * @throws ProblemException if the loss has no such parameter, or one of the new name already
   */
  public Loss renamed(String parameter, String name) {
    Renaming renaming = new Renaming(nodes(parts, metrics), parameter, name);
    return new Loss(
        parts.mapValues(part -> Term.of(renaming.of(part.node()))),
        metrics.mapValues(metric -> Detached.of(renaming.of(metric.node()))),
        trains);
  }

  /**
   * {@return every part times a finite number, which must not be negative: only {@link
   * Terms#maximise} turns a sign}
   */
  public Loss scaledBy(double factor) {
    if (!(factor >= 0 && factor < Double.POSITIVE_INFINITY)) {
      throw Problem.of(
              "sign",
              "scaledBy(" + factor + ") of a loss",
              "a finite factor >= 0",
              "maximise(...) instead of minimise(...)")
          .exception();
    }
    return new Loss(parts.mapValues(part -> part.scaledBy(factor)), metrics, trains);
  }

  /**
   * {@return every part times a parameter, whose range must not reach below 0: only {@link
   * Terms#maximise} turns a sign}
   */
  public Loss scaledBy(Parameter factor) {
    if (factor.range().low() < 0) {
      throw Problem.of(
              "sign",
              "scaledBy(" + factor.name() + " = " + factor.range() + ") of a loss",
              "a parameter whose range does not reach below 0",
              "maximise(...) instead of minimise(...)")
          .exception();
    }
    return new Loss(parts.mapValues(part -> part.scaledBy(factor)), metrics, trains);
  }

  /**
   * {@return the same loss with its only part renamed}
   *
   * @param part the name, such as {@code kl} or {@code entropy_bonus}
   */
  public Loss as(String part) {
    if (parts.size() != 1) {
      throw Problem.of(
              "part",
              "as(\"" + part + "\") of the parts " + parts.keySet().mkString(", "),
              "a loss of one part",
              "as(...) on each summand before plus")
          .exception();
    }
    return new Loss(LinkedHashMap.of(part, parts.head()._2), metrics, trains);
  }

  /**
   * {@return the same loss, logging one more number}
   *
   * @param name the metric's name
   * @param metric its value
   * @throws ProblemException if the loss logs another number under this name
   */
  public Loss log(String name, Detached<Batch> metric) {
    Checks.scalar("the metric " + name, metric.node());
    for (Detached<Batch> logged : metrics.get(name).filter(other -> !other.equals(metric))) {
      throw Problem.of(
              "metric",
              "log(\""
                  + name
                  + "\", "
                  + ShortText.of(metric.node())
                  + "), where "
                  + ShortText.of(logged.node())
                  + " is logged under that name",
              "one number for a name",
              "another name")
          .exception();
    }
    return new Loss(parts, metrics.put(name, metric), trains);
  }

  /**
   * {@return the same loss with every part rewritten, its metrics as they are}
   *
   * @param rewrite makes a node of the batch from the node of a part
   */
  public Loss rewritten(UnaryOperator<Node> rewrite) {
    Map<String, Term<Batch>> other =
        parts.map(
            (name, part) -> {
              Node node = rewrite.apply(part.node());
              Checks.scalar(name, node);
              return Tuple.of(name, Term.of(node));
            });
    return new Loss(LinkedHashMap.ofEntries(other), metrics, trains);
  }

  /**
   * {@return the same loss, meant to train exactly these inputs}
   *
   * @param names {@link #POLICY}, {@link Columns#VALUE} or names of trainable scalars; none for a
   *     value to be looked at, of which nothing is refused as dead where it is compiled
   */
  public Loss training(String... names) {
    return new Loss(parts, metrics, HashSet.of(names));
  }

  private static Seq<Node> nodes(
      Map<String, Term<Batch>> parts, Map<String, Detached<Batch>> metrics) {
    return parts.values().<Node>map(Term::node).appendAll(metrics.values().map(Term::node));
  }

  private static String free(Map<String, ?> taken, String name) {
    String candidate = name;
    for (int i = 2; taken.containsKey(candidate); i++) {
      candidate = name + "_" + i;
    }
    return candidate;
  }

  /** {@return the formula of each part, what is trained, then what the symbols stand for} */
  @Override
  public String toString() {
    Seq<String> trained = trains.toList().sorted();
    return Printed.of(
        this, "Loss, trains " + (trained.isEmpty() ? "nothing" : trained.mkString(", ")));
  }
}

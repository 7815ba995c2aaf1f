package lossmith.ops;

import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Set;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;

/**
 * A loss compiled once for each set of its optional columns that samples come with. A column is
 * optional if a term replaces it when it is absent. Safe to share between threads.
 *
 * @param <C> the compiled form
 */
final class ByColumns<C extends AutoCloseable> implements AutoCloseable {
  private final Set<String> required;
  private final Set<String> optional;
  private final Function<Set<String>, C> compile;

  /** By which of the optional columns are there, in their order. */
  private final Map<BitSet, C> compiled = new HashMap<>();

  private boolean closed;

  private ByColumns(Set<String> required, Set<String> optional, Function<Set<String>, C> compile) {
    this.required = required;
    this.optional = optional;
    this.compile = compile;
  }

  /**
   * A loss without optional columns is compiled now, another when samples first come.
   *
   * @param loss the loss
   * @param compile compiles it, given the names of the columns and grids that are there
   */
  static <C extends AutoCloseable> ByColumns<C> of(Loss loss, Function<Set<String>, C> compile) {
    Inputs inputs = Inputs.withDefaults(loss);
    Set<String> optional = inputs.optional();
    Set<String> required =
        inputs
            .columns()
            .map(Node.Input::name)
            .toLinkedSet()
            .removeAll(optional)
            .add(BoundLoss.LOGITS);
    Set<String> choices =
        required.contains(Columns.REWARD) ? optional.add(Columns.REWARD_KNOWN) : optional;
    ByColumns<C> all = new ByColumns<>(required, choices, compile);
    if (optional.isEmpty()) {
      C unused = all.of(optional::contains);
    }
    return all;
  }

  /** What was compiled for certain columns already. */
  static <C extends AutoCloseable> ByColumns<C> only(C one) {
    ByColumns<C> all =
        new ByColumns<>(LinkedHashSet.empty(), LinkedHashSet.empty(), columns -> one);
    C unused = all.of(name -> false);
    return all;
  }

  /** Which of the optional columns are there. */
  Set<String> choice(Predicate<String> there) {
    return optional.filter(there);
  }

  /** The compiled form for samples of which this says whether a column or grid is there. */
  synchronized C of(Predicate<String> there) {
    if (closed) {
      throw CompiledNodes.closed();
    }
    BitSet choice = new BitSet();
    int at = 0;
    for (String name : optional) {
      choice.set(at++, there.test(name));
    }
    return compiled.computeIfAbsent(
        choice, unused -> compile.apply(required.addAll(optional.filter(there))));
  }

  /** Closes all that was compiled; a second call does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    compiled.values().forEach(ByColumns::close);
    compiled.clear();
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
